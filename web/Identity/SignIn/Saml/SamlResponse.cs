using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace ProdSprint.Identity;

/// <summary>What a response has to be to be the answer to what was asked.</summary>
/// <param name="Audience">Our entity id.</param>
/// <param name="AssertionConsumer">Where it was to be sent.</param>
/// <param name="RequestId">Of the request it answers.</param>
public sealed record SamlExpected(SamlSettings Provider, string Audience, Uri AssertionConsumer, string RequestId);

/// <param name="Id">Used once.</param>
/// <param name="Until">After it nobody takes the assertion any more.</param>
public sealed record SamlAssertion(string Id, DateTimeOffset Until, string NameId, string NameIdFormat, ImmutableDictionary<string, ImmutableArray<string>> Attributes);

/// <summary>
/// Reads a SAML 2.0 response (Web Browser SSO profile 4.1.4). Signatures are checked first, and what is read afterwards is read from the very elements that were checked,
/// by going down from them child by child: never by a search through a document in which something else may stand as well.
/// </summary>
public static class SamlResponse
{
    private const string Success = "urn:oasis:names:tc:SAML:2.0:status:Success";
    private const string Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

    /// <exception cref="SignInException">It proves nothing.</exception>
    public static SamlAssertion Read(string base64, SamlExpected expected, DateTimeOffset now)
    {
        var response = Parse(base64);
        UniqueIds(response);
        if (response.Children("EncryptedAssertion", SamlXml.Assertion).Any())
            throw new SignInException(SignInFault.ProviderRefused, "The assertion is encrypted. Next: switch its encryption off at the provider; TLS covers the way");
        Answers(response, expected);
        var signedResponse = SamlSignature.Holds(response, expected.Provider.Certificates);
        Status(response);
        var assertion = response.Child("Assertion", SamlXml.Assertion) ?? throw Untrusted("It holds not exactly one assertion");
        var signedAssertion = SamlSignature.Holds(assertion, expected.Provider.Certificates);
        Signed(expected.Provider.Signed, signedResponse, signedAssertion);

        if (Issuer(assertion) != expected.Provider.EntityId) throw Untrusted($"The assertion is of '{Issuer(assertion)}'");
        Conditions(assertion, expected.Audience, now);
        var subject = assertion.Child("Subject", SamlXml.Assertion) ?? throw Untrusted("The assertion has no subject");
        var until = Confirmed(subject, expected, now);
        var name = subject.Child("NameID", SamlXml.Assertion);
        if (name.Text() is not { Length: > 0 and <= 255 } nameId) throw new SignInException(SignInFault.Incomplete, "The assertion has no NameID");
        return new(assertion.Value("ID")!, until, nameId, name!.Value("Format") ?? "", Attributes(assertion));
    }

    private static XmlElement Parse(string base64)
    {
        try
        {
            var root = SamlXml.Load(SamlXml.Decode(base64)).DocumentElement!;
            return root.Is("Response", SamlXml.Protocol) && root.Value("Version") == "2.0" ? root : throw Untrusted($"It is no SAML 2.0 response but '{root.LocalName}'");
        }
        catch (Exception e) when (e is FormatException or XmlException or DecoderFallbackException)
        {
            throw new SignInException(SignInFault.Untrusted, $"The response cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Two elements with one id are the beginning of every wrapping attack; no honest provider sends them.</summary>
    private static void UniqueIds(XmlElement root)
    {
        var ids = root.SelectNodes("//@*[local-name()='ID' or local-name()='Id' or local-name()='id']")!.OfType<XmlAttribute>().Select(a => a.Value).ToList();
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Count) throw Untrusted("Two of its elements have the same id");
        if (root.SelectNodes("//*[local-name()='Assertion']")!.Count > 1) throw Untrusted("It holds several assertions");
    }

    private static void Answers(XmlElement response, SamlExpected expected)
    {
        if (response.Value("Destination") is { } to ? to != expected.AssertionConsumer.ToString() : expected.Provider.Signed is SamlSigned.Response or SamlSigned.Both)
            throw Untrusted($"It was sent to '{response.Value("Destination")}'");
        if (response.Value("InResponseTo") is not { } request) throw new SignInException(SignInFault.NotAsked, "The response answers no request");
        if (request != expected.RequestId) throw Untrusted("It answers another request");
        if (response.Child("Issuer", SamlXml.Assertion) is { } issuer && issuer.Text() != expected.Provider.EntityId) throw Untrusted($"It is of '{issuer.Text()}'");
    }

    private static void Status(XmlElement response)
    {
        var code = response.Child("Status", SamlXml.Protocol)?.Child("StatusCode", SamlXml.Protocol);
        if (code?.Value("Value") == Success) return;
        var inner = code?.Child("StatusCode", SamlXml.Protocol)?.Value("Value");
        var message = response.Child("Status", SamlXml.Protocol)?.Child("StatusMessage", SamlXml.Protocol).Text();
        throw new SignInException(
            inner == "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed" ? SignInFault.Cancelled : SignInFault.ProviderRefused, $"The provider answered {code?.Value("Value")} {inner}: {message}");
    }

    private static void Signed(SamlSigned wanted, bool response, bool assertion)
    {
        var enough = wanted switch
        {
            SamlSigned.Either => response || assertion,
            SamlSigned.Response => response,
            SamlSigned.Assertion => assertion,
            _ => response && assertion,
        };
        if (!enough) throw Untrusted($"Of response and assertion {(response, assertion) switch { (true, _) => "only the response", (_, true) => "only the assertion", _ => "neither" }} is signed");
    }

    private static string? Issuer(XmlElement element) => element.Child("Issuer", SamlXml.Assertion).Text();

    private static void Conditions(XmlElement assertion, string audience, DateTimeOffset now)
    {
        var conditions = assertion.Child("Conditions", SamlXml.Assertion) ?? throw Untrusted("The assertion has no conditions");
        if (conditions.Time("NotBefore") is { } from && from - IdToken.Skew > now) throw new SignInException(SignInFault.Clock, $"The assertion holds from {from:O} on");
        if (conditions.Time("NotOnOrAfter") is { } until && now - IdToken.Skew >= until) throw new SignInException(SignInFault.Clock, $"The assertion held until {until:O}");
        var restrictions = conditions.Children("AudienceRestriction", SamlXml.Assertion).ToList();
        if (restrictions.Count == 0 || !restrictions.TrueForAll(r => r.Children("Audience", SamlXml.Assertion).Any(a => a.Text() == audience)))
            throw Untrusted($"The assertion is for '{restrictions.SelectMany(r => r.Children("Audience", SamlXml.Assertion)).FirstOrDefault().Text()}'");
    }

    private static DateTimeOffset Confirmed(XmlElement subject, SamlExpected expected, DateTimeOffset now)
    {
        foreach (var confirmation in subject.Children("SubjectConfirmation", SamlXml.Assertion))
        {
            if (confirmation.Value("Method") != Bearer || confirmation.Child("SubjectConfirmationData", SamlXml.Assertion) is not { } data) continue;
            if (data.Value("Recipient") != expected.AssertionConsumer.ToString()) throw Untrusted($"The assertion is to be received at '{data.Value("Recipient")}'");
            if (data.Value("InResponseTo") != expected.RequestId) throw Untrusted("The assertion answers another request");
            if (data.HasAttribute("NotBefore") || data.Time("NotOnOrAfter") is not { } until) throw Untrusted("The assertion does not say until when it may be shown");
            if (now - IdToken.Skew >= until) throw new SignInException(SignInFault.Clock, $"The assertion was to be shown until {until:O}");
            return until + IdToken.Skew;
        }
        throw Untrusted("Nothing confirms that whoever brings the assertion is its subject");
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> Attributes(XmlElement assertion) =>
        assertion.Children("AttributeStatement", SamlXml.Assertion).SelectMany(s => s.Children("Attribute", SamlXml.Assertion))
            .Where(a => a.HasAttribute("Name"))
            .GroupBy(a => a.GetAttribute("Name"), StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, g => g.SelectMany(a => a.Children("AttributeValue", SamlXml.Assertion)).Select(v => v.Text()).OfType<string>().ToImmutableArray(), StringComparer.Ordinal);

    private static SignInException Untrusted(string detail) => new(SignInFault.Untrusted, $"The SAML response is not to be trusted: {detail}");
}
