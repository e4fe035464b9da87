using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace ProdSprint.Identity;

/// <summary>What either side of SAML says of itself.</summary>
public static class SamlMetadata
{
    /// <summary>Ours, for the provider's set-up.</summary>
    public static string OfThisServer(Uri callback)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new() { OmitXmlDeclaration = true, Indent = true }))
        {
            xml.WriteStartElement("md", "EntityDescriptor", SamlXml.Metadata);
            xml.WriteAttributeString("entityID", SamlProtocol.EntityId(callback));
            xml.WriteStartElement("md", "SPSSODescriptor", SamlXml.Metadata);
            xml.WriteAttributeString("AuthnRequestsSigned", "false");
            xml.WriteAttributeString("WantAssertionsSigned", "true");
            xml.WriteAttributeString("protocolSupportEnumeration", SamlXml.Protocol);
            foreach (var format in (string[])["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"])
                xml.WriteElementString("md", "NameIDFormat", SamlXml.Metadata, format);
            xml.WriteStartElement("md", "AssertionConsumerService", SamlXml.Metadata);
            foreach (var (name, value) in new[] { ("Binding", SamlXml.Post), ("Location", callback.ToString()), ("index", "0"), ("isDefault", "true") }) xml.WriteAttributeString(name, value);
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return text.ToString();
    }

    /// <summary>A provider's, for setting a connection up: its name, where people are sent, and its signing certificates.</summary>
    /// <exception cref="SignInException">It cannot be read, or describes no provider that takes redirects.</exception>
    public static SamlSettings OfProvider(string document, bool privately)
    {
        XmlElement root;
        try
        {
            root = SamlXml.Load(document).DocumentElement!;
        }
        catch (XmlException e)
        {
            throw new SignInException(SignInFault.ProviderRefused, $"The metadata cannot be read: {e.Message}", e);
        }
        if (!root.Is("EntityDescriptor", SamlXml.Metadata) || root.Value("entityID") is not { Length: > 0 } entity || root.Child("IDPSSODescriptor", SamlXml.Metadata) is not { } provider)
            throw new SignInException(SignInFault.ProviderRefused, "The metadata describes no identity provider");
        var signOn = provider.Children("SingleSignOnService", SamlXml.Metadata).FirstOrDefault(s => s.Value("Binding") == SamlXml.Redirect)?.Value("Location");
        if (!Uri.TryCreate(signOn, UriKind.Absolute, out var address) || !ProviderAddress.IsSafe(address, privately))
            throw new SignInException(SignInFault.ProviderRefused, $"The provider takes no redirects at an https address (it names '{signOn}')");
        ImmutableArray<string> certificates =
        [
            .. provider.Children("KeyDescriptor", SamlXml.Metadata).Where(k => k.Value("use") is null or "" or "signing").SelectMany(k => k.GetElementsByTagName("X509Certificate", SamlXml.Signature).OfType<XmlElement>())
                .Select(c => string.Concat(c.InnerText.Where(x => !char.IsWhiteSpace(x)))).Where(c => SamlSignature.Read(c) is not null).Distinct(),
        ];
        return certificates.IsEmpty ? throw new SignInException(SignInFault.ProviderRefused, "The metadata names no signing certificate") : new(entity, address, certificates);
    }
}
