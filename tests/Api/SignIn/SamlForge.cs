using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>SAML responses as an honest provider sends them, and every way in which one can be turned against us.</summary>
public sealed class SamlForge : IDisposable
{
    public const string Entity = "https://idp.corp.example/metadata";
    public const string Request = "_request";
    public static readonly Uri Acs = new("https://releases.example.com/sign-in/saml/abcdefghijkl");
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private const string Times = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly RSA _key = RSA.Create(2048);

    public SamlForge() => Certificate = new CertificateRequest("CN=idp", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));

    public X509Certificate2 Certificate { get; }

    public SamlExpected Expected(SamlSigned signed = SamlSigned.Either) =>
        new(new(Entity, new("https://idp.corp.example/sso"), [Convert.ToBase64String(Certificate.RawData)], signed), Acs + "/metadata", Acs, Request);

    /// <summary>Nothing signed yet.</summary>
    public static XmlDocument Response(string name = "ana", DateTimeOffset? at = null, Func<string, string>? change = null)
    {
        var now = at ?? Now;
        var xml = $"""
            <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" Version="2.0" IssueInstant="{T(now)}" Destination="{Acs}" InResponseTo="{Request}">
              <saml:Issuer>{Entity}</saml:Issuer>
              <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
              <saml:Assertion ID="_a1" Version="2.0" IssueInstant="{T(now)}">
                <saml:Issuer>{Entity}</saml:Issuer>
                <saml:Subject>
                  <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{name}</saml:NameID>
                  <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="{Acs}" InResponseTo="{Request}" NotOnOrAfter="{T(now.AddMinutes(5))}"/></saml:SubjectConfirmation>
                </saml:Subject>
                <saml:Conditions NotBefore="{T(now)}" NotOnOrAfter="{T(now.AddMinutes(5))}"><saml:AudienceRestriction><saml:Audience>{Acs}/metadata</saml:Audience></saml:AudienceRestriction></saml:Conditions>
                <saml:AuthnStatement AuthnInstant="{T(now)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
                <saml:AttributeStatement><saml:Attribute Name="groups"><saml:AttributeValue>staff</saml:AttributeValue><saml:AttributeValue>release-managers</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
              </saml:Assertion>
            </samlp:Response>
            """;
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(change is null ? xml : change(xml));
        return document;
    }

    public XmlDocument Signed(XmlDocument document, bool assertion = true, bool response = false, Action<SignedXml>? how = null)
    {
        // From the inside out: the outer signature covers the inner one.
        if (assertion) Sign((XmlElement)document.GetElementsByTagName("Assertion", "urn:oasis:names:tc:SAML:2.0:assertion")[0]!, how);
        if (response) Sign(document.DocumentElement!, how);
        return document;
    }

    public void Sign(XmlElement element, Action<SignedXml>? how = null, RSA? key = null)
    {
        var signed = new SignedXml(element.OwnerDocument) { SigningKey = key ?? _key };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signed.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        var reference = new Reference($"#{element.GetAttribute("ID")}") { DigestMethod = SignedXml.XmlDsigSHA256Url };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(reference);
        signed.KeyInfo = new();
        signed.KeyInfo.AddClause(new KeyInfoX509Data(Certificate));
        how?.Invoke(signed);
        signed.ComputeSignature();
        element.InsertAfter(signed.GetXml(), element.ChildNodes.OfType<XmlElement>().First());
    }

    public static string Post(XmlDocument document) => Convert.ToBase64String(Encoding.UTF8.GetBytes(document.OuterXml));

    private static string T(DateTimeOffset time) => time.UtcDateTime.ToString(Times, System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }
}
