using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Which SAML responses are believed: those signed, whole, meant for us and for what was asked; and no others, however they are wrapped.</summary>
public sealed class SamlResponseTests : IDisposable
{
    private const string Saml = "urn:oasis:names:tc:SAML:2.0:assertion";
    private readonly SamlForge _forge = new();

    private SamlAssertion Read(XmlDocument document, SamlSigned wanted = SamlSigned.Either, DateTimeOffset? now = null) => SamlResponse.Read(SamlForge.Post(document), _forge.Expected(wanted), now ?? SamlForge.Now);

    private SignInFault Refused(XmlDocument document, SamlSigned wanted = SamlSigned.Either, DateTimeOffset? now = null) => Should.Throw<SignInException>(() => Read(document, wanted, now)).Fault;

    [Theory, InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    public void Honest_IsBelieved_WhicheverOfBothIsSigned(bool assertion, bool response)
    {
        var read = Read(_forge.Signed(SamlForge.Response(), assertion, response));
        read.NameId.ShouldBe("ana");
        read.Id.ShouldBe("_a1");
        read.Attributes["groups"].ShouldBe(["staff", "release-managers"]);
    }

    [Theory]
    [InlineData(SamlSigned.Assertion, false, true), InlineData(SamlSigned.Response, true, false), InlineData(SamlSigned.Both, true, false), InlineData(SamlSigned.Both, false, true), InlineData(SamlSigned.Either, false, false)]
    public void Signature_ThatIsWanted_MustBeThere(SamlSigned wanted, bool assertion, bool response) =>
        Refused(_forge.Signed(SamlForge.Response(), assertion, response), wanted).ShouldBe(SignInFault.Untrusted);

    [Fact]
    public void Signatures_ThatAreWanted_AreEnough()
    {
        Read(_forge.Signed(SamlForge.Response(), true, true), SamlSigned.Both).NameId.ShouldBe("ana");
        Read(_forge.Signed(SamlForge.Response(), false, true), SamlSigned.Response).NameId.ShouldBe("ana");
    }

    public static TheoryData<string, string> Others => new()
    {
        { "<saml:Audience>", "<saml:Audience>x" }, { "Recipient=\"", "Recipient=\"https://evil.example/" }, { "<saml:SubjectConfirmationData ", "<saml:SubjectConfirmationData NotBefore=\"2026-11-21T08:00:00Z\" " },
        { "cm:bearer", "cm:sender-vouches" }, { "<saml:Conditions", "<saml:Advice/><saml:Other" }, { $"<saml:Issuer>{SamlForge.Entity}", "<saml:Issuer>https://evil.example" },
        { "Destination=\"", "Destination=\"https://evil.example/" }, { "InResponseTo=\"_request\"", "InResponseTo=\"_other\"" }, { "Version=\"2.0\"", "Version=\"1.1\"" },
    };

    [Theory, MemberData(nameof(Others))]
    public void Response_ThatIsForSomebodyElse_IsRefused(string was, string becomes) => Refused(_forge.Signed(SamlForge.Response(change: x =>
    {
        x.ShouldContain(was);
        x = x.Replace(was, becomes);
        return x.Replace("</saml:Conditions>", becomes.Contains("Other") ? "</saml:Other>" : "</saml:Conditions>");
    }))).ShouldBe(SignInFault.Untrusted);

    [Fact]
    public void Response_ThatNobodyAskedFor_IsRefused() => Refused(_forge.Signed(SamlForge.Response(change: x => x.Replace(" InResponseTo=\"_request\"", "")))).ShouldBe(SignInFault.NotAsked);

    [Theory, InlineData(0, true), InlineData(9, true), InlineData(10, false), InlineData(60, false), InlineData(-5, true), InlineData(-6, false)]
    public void Clocks_MayDifferByFiveMinutes(int minutesLater, bool believed)
    {
        var response = _forge.Signed(SamlForge.Response());
        if (believed) Read(response, now: SamlForge.Now.AddMinutes(minutesLater)).NameId.ShouldBe("ana");
        else Refused(response, now: SamlForge.Now.AddMinutes(minutesLater)).ShouldBe(SignInFault.Clock);
    }

    [Fact]
    public void Byte_ThatWasChanged_BreaksTheSignature()
    {
        foreach (var (assertion, response) in new[] { (true, false), (false, true), (true, true) })
        {
            var document = _forge.Signed(SamlForge.Response(), assertion, response);
            document.GetElementsByTagName("NameID", Saml)[0]!.InnerText = "root";
            Refused(document).ShouldBe(SignInFault.Untrusted);
        }
    }

    [Fact]
    public void Sha1_IsNoSignature()
    {
        Refused(_forge.Signed(SamlForge.Response(), how: s => s.SignedInfo!.SignatureMethod = SignedXml.XmlDsigRSASHA1Url)).ShouldBe(SignInFault.Untrusted);
        Refused(_forge.Signed(SamlForge.Response(), how: s => ((Reference)s.SignedInfo!.References[0]!).DigestMethod = SignedXml.XmlDsigSHA1Url)).ShouldBe(SignInFault.Untrusted);
    }

    [Fact]
    public void Key_InTheMessage_IsNotLookedAt()
    {
        using var stranger = RSA.Create(2048);
        var document = SamlForge.Response();
        _forge.Sign((XmlElement)document.GetElementsByTagName("Assertion", Saml)[0]!, s => { s.KeyInfo = new(); s.KeyInfo.AddClause(new RSAKeyValue(stranger)); }, stranger);
        Refused(document).ShouldBe(SignInFault.Untrusted);
    }

    /// <summary>Somlyovszky et al., "On Breaking SAML": the signed assertion moves aside, and an evil one takes its place.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Wrapping_IsRefused(int kind)
    {
        var document = _forge.Signed(SamlForge.Response());
        var response = document.DocumentElement!;
        var signed = (XmlElement)document.GetElementsByTagName("Assertion", Saml)[0]!;
        var evil = (XmlElement)signed.CloneNode(deep: true);
        evil.GetElementsByTagName("NameID", Saml)[0]!.InnerText = "root";
        var signature = (XmlElement)evil.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!;
        switch (kind)
        {
            case 1: // beside, unsigned, first
                evil.RemoveChild(signature);
                evil.SetAttribute("ID", "_evil");
                response.InsertBefore(evil, signed);
                break;
            case 2: // the signed one within the evil one, same id
                evil.RemoveChild(signature);
                response.ReplaceChild(evil, signed);
                evil.AppendChild(signed);
                break;
            case 3: // the signed one within the evil one's signature
                evil.SetAttribute("ID", "_evil");
                response.ReplaceChild(evil, signed);
                var carrier = document.CreateElement("Object", SignedXml.XmlDsigNamespaceUrl);
                carrier.AppendChild(signed);
                signature.AppendChild(carrier);
                break;
            case 4: // the signed one in an extension of the response
                evil.SetAttribute("ID", "_evil");
                evil.RemoveChild(signature);
                response.ReplaceChild(evil, signed);
                var extensions = document.CreateElement("samlp", "Extensions", "urn:oasis:names:tc:SAML:2.0:protocol");
                extensions.AppendChild(signed);
                response.InsertAfter(extensions, response.FirstChild);
                break;
            case 5: // same id, signature taken along
                response.ReplaceChild(evil, signed);
                var wrapped = document.CreateElement("x", "urn:x");
                wrapped.AppendChild(signed);
                evil.AppendChild(wrapped);
                break;
            default: // another name for the id
                evil.RemoveChild(signature);
                evil.RemoveAttribute("ID");
                evil.SetAttribute("Id", "_a1");
                response.InsertBefore(evil, signed);
                break;
        }
        Refused(document).ShouldBe(SignInFault.Untrusted);
    }

    [Fact]
    public void Signature_AboutSomethingElse_IsRefused()
    {
        // A signature that holds, about another element than the one it stands in.
        var document = SamlForge.Response();
        var assertion = (XmlElement)document.GetElementsByTagName("Assertion", Saml)[0]!;
        var subject = (XmlElement)document.GetElementsByTagName("Subject", Saml)[0]!;
        subject.SetAttribute("ID", "_s1");
        _forge.Sign(subject);
        assertion.InsertAfter(subject.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!, assertion.FirstChild);
        Refused(document).ShouldBe(SignInFault.Untrusted);
    }

    [Fact]
    public void Transform_ThatCutsSomethingOut_IsRefused() => Refused(_forge.Signed(SamlForge.Response(), how: s =>
    {
        var path = new XmlDsigXPathTransform();
        var xml = new XmlDocument();
        xml.LoadXml("<XPath xmlns:s=\"urn:oasis:names:tc:SAML:2.0:assertion\">not(ancestor-or-self::s:NameID)</XPath>");
        path.LoadInnerXml(xml.ChildNodes);
        ((Reference)s.SignedInfo!.References[0]!).AddTransform(path);
    })).ShouldBe(SignInFault.Untrusted);

    /// <summary>Canonical XML has no comments, so one can be put into a signed text: whoever reads up to it reads another name.</summary>
    [Fact]
    public void Comment_WithinAName_DoesNotShortenIt()
    {
        var document = _forge.Signed(SamlForge.Response("root@corp.example.evil.example"));
        var name = (XmlElement)document.GetElementsByTagName("NameID", Saml)[0]!;
        name.InnerXml = "root@corp.example<!---->.evil.example";
        Read(document).NameId.ShouldBe("root@corp.example.evil.example");
    }

    [Fact]
    public void Dtd_IsRefused()
    {
        var xml = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + _forge.Signed(SamlForge.Response()).OuterXml;
        Should.Throw<SignInException>(() => SamlResponse.Read(Convert.ToBase64String(Encoding.UTF8.GetBytes(xml)), _forge.Expected(), SamlForge.Now)).Fault.ShouldBe(SignInFault.Untrusted);
    }

    [Theory, InlineData("urn:oasis:names:tc:SAML:2.0:status:Responder", "signin.provider-refused"), InlineData("", "signin.provider-refused")]
    public void Status_OtherThanSuccess_IsTold(string status, string code) =>
        Refused(_forge.Signed(SamlForge.Response(change: x => x.Replace("urn:oasis:names:tc:SAML:2.0:status:Success", status)))).Code.ShouldBe(code);

    [Theory, InlineData(""), InlineData("@@@"), InlineData("PHg+"), InlineData("PHgvPg=="), InlineData("//8=")]
    public void Response_ThatIsNone_IsRefused(string posted) => Should.Throw<SignInException>(() => SamlResponse.Read(posted, _forge.Expected(), SamlForge.Now)).Fault.ShouldBe(SignInFault.Untrusted);

    public void Dispose() => _forge.Dispose();
}
