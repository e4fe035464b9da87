using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace ProdSprint.Identity;

/// <summary>SAML 2.0 Web Browser SSO, begun here: the request goes by redirect, the response comes as a form.</summary>
public sealed class SamlProtocol(PendingSignIns pending, TimeProvider time) : ISignInProtocol
{
    public const string RelayState = "RelayState";
    private const string Transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    private const string EmailFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

    private static readonly string[] EmailNames =
        ["email", "mail", "emailAddress", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "urn:oid:0.9.2342.19200300.100.1.3"];
    private static readonly string[] PersonNames = ["displayName", "name", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "urn:oid:2.16.840.1.113730.3.1.241"];
    private static readonly string[] GroupNames =
        ["groups", "group", "memberOf", "http://schemas.xmlsoap.org/claims/Group", "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"];

    /// <summary>Our entity id: where our metadata is.</summary>
    public static string EntityId(Uri callback) => callback + "/metadata";

    public Task<Uri> StartAsync(IdentityProvider provider, PendingSignIn pending, Uri callback, CancellationToken cancellation) =>
        Task.FromResult(OAuthRequest.Authorize(provider.Saml!.SignOn, new Dictionary<string, string>
        {
            ["SAMLRequest"] = Deflated(Request(provider.Saml, RequestId(pending), callback, time.GetUtcNow())), [RelayState] = pending.State,
        }));

    public async Task<VouchedFor> FinishAsync(IdentityProvider provider, PendingSignIn begun, Uri callback, ProviderAnswer answer, CancellationToken cancellation)
    {
        if (answer["SAMLResponse"] is not { Length: > 0 } response) throw new SignInException(SignInFault.ProviderRefused, "The provider sent no response");
        var assertion = SamlResponse.Read(response, new(provider.Saml!, EntityId(callback), callback, RequestId(begun)), time.GetUtcNow());
        if (!await pending.UseAssertionAsync(provider.Id, assertion.Id, assertion.Until, cancellation)) throw new SignInException(SignInFault.Replayed, $"The assertion {assertion.Id} was used before");
        if (assertion.NameIdFormat == Transient) throw new SignInException(SignInFault.Incomplete, "The NameID is transient: next time it is another one");
        var email = First(assertion, EmailNames) ?? (assertion.NameIdFormat == EmailFormat || assertion.NameId.Contains('@', StringComparison.Ordinal) ? assertion.NameId : null);
        return new(assertion.NameId, email, null, First(assertion, PersonNames), Groups(assertion, provider.Connection?.GroupsClaim));
    }

    /// <summary>An id has to begin with a letter or '_'.</summary>
    private static string RequestId(PendingSignIn pending) => "_" + pending.Verifier;

    private static string Request(SamlSettings settings, string id, Uri callback, DateTimeOffset now)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new() { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("samlp", "AuthnRequest", SamlXml.Protocol);
            foreach (var (name, value) in new[]
                {
                    ("ID", id), ("Version", "2.0"), ("IssueInstant", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)),
                    ("Destination", settings.SignOn.ToString()), ("AssertionConsumerServiceURL", callback.ToString()), ("ProtocolBinding", SamlXml.Post),
                }) xml.WriteAttributeString(name, value);
            xml.WriteElementString("saml", "Issuer", SamlXml.Assertion, EntityId(callback));
            xml.WriteStartElement("samlp", "NameIDPolicy", SamlXml.Protocol);
            xml.WriteAttributeString("AllowCreate", "true");
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return text.ToString();
    }

    private static string Deflated(string xml)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(Encoding.UTF8.GetBytes(xml));
        return Convert.ToBase64String(packed.ToArray());
    }

    private static string? First(SamlAssertion assertion, string[] names) =>
        names.Select(n => assertion.Attributes.GetValueOrDefault(n)).Where(v => !v.IsDefaultOrEmpty).Select(v => v[0]).FirstOrDefault(v => v.Length > 0);

    private static ImmutableArray<string> Groups(SamlAssertion assertion, string? claim) =>
        [.. (claim is null ? GroupNames : [claim]).Select(n => assertion.Attributes.GetValueOrDefault(n)).Where(v => !v.IsDefaultOrEmpty).SelectMany(v => v).Distinct()];
}
