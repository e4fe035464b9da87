using System.Text;
using System.Xml;

namespace ProdSprint.Identity;

/// <summary>Namespaces, and reading XML that a stranger sent: no DTD, no entities, nothing fetched, not too much of it.</summary>
internal static class SamlXml
{
    public const string Protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    public const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    public const string Metadata = "urn:oasis:names:tc:SAML:2.0:metadata";
    public const string Signature = "http://www.w3.org/2000/09/xmldsig#";
    public const string Redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    public const string Post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

    /// <summary>Bytes; an assertion with a hundred groups has about 20,000.</summary>
    private const int Longest = 512 * 1024;

    /// <exception cref="XmlException">No XML, with a DTD, or too long.</exception>
    public static XmlDocument Load(string xml)
    {
        if (xml.Length > Longest) throw new XmlException($"It is longer than {Longest} characters.");
        // The signature is over the white space as well.
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        using var reader = XmlReader.Create(new StringReader(xml), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = Longest });
        document.Load(reader);
        return document;
    }

    public static bool Is(this XmlNode node, string name, string space) => node.NodeType == XmlNodeType.Element && node.LocalName == name && node.NamespaceURI == space;

    /// <summary>Direct children only: an element elsewhere in the document is another matter.</summary>
    public static IEnumerable<XmlElement> Children(this XmlElement parent, string name, string space) => parent.ChildNodes.OfType<XmlElement>().Where(e => e.Is(name, space));

    public static XmlElement? Child(this XmlElement parent, string name, string space) => parent.Children(name, space).ToList() is [var only] ? only : null;

    /// <summary>All of an element's text: one that is cut in two by a comment is whole again. Null: not there, or with elements in it.</summary>
    public static string? Text(this XmlElement? element) => element is null || element.ChildNodes.OfType<XmlElement>().Any() ? null : element.InnerText.Trim();

    public static string? Value(this XmlElement element, string attribute) => element.HasAttribute(attribute) ? element.GetAttribute(attribute) : null;

    public static DateTimeOffset? Time(this XmlElement element, string attribute) =>
        DateTimeOffset.TryParse(element.Value(attribute), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static string Decode(string base64) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(base64));
}
