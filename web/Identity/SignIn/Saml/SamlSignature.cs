using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace ProdSprint.Identity;

/// <summary>
/// Whether an element is signed, as a whole, by one of the keys we know. What makes XML signatures dangerous is left out: a signature may only be about the element
/// it stands in, found by identity and not by a search for an id, changed by nothing but what SAML needs; SHA-1 is none; keys in the message are not looked at.
/// </summary>
public static class SamlSignature
{
    private const string Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private const string Enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    private const int SmallestRsaBits = 2048;

    private static readonly string[] Methods =
    [
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    ];

    private static readonly string[] Digests = ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2001/04/xmlenc#sha512"];

    /// <returns>False: it carries no signature. True: it carries one, and it holds.</returns>
    /// <exception cref="SignInException">It carries one that does not hold.</exception>
    public static bool Holds(XmlElement signed, ImmutableArray<string> certificates)
    {
        var found = signed.Children("Signature", SamlXml.Signature).ToList();
        if (found.Count == 0) return false;
        if (found.Count > 1) throw Bad("It carries several signatures");
        var check = new Whole(signed);
        try
        {
            check.LoadXml(found[0]);
        }
        catch (CryptographicException e)
        {
            throw Bad($"Its signature cannot be read: {e.Message}");
        }
        Refuse(check, signed, found[0]);
        foreach (var certificate in certificates)
        {
            using var known = Read(certificate);
            using var key = known?.GetRSAPublicKey();
            if (key?.KeySize >= SmallestRsaBits && check.CheckSignature(key)) return true;
        }
        throw Bad("None of the provider's known keys has signed it as it is");
    }

    /// <summary>Null: no certificate.</summary>
    public static X509Certificate2? Read(string base64)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static void Refuse(Whole check, XmlElement signed, XmlElement signature)
    {
        var info = check.SignedInfo ?? throw Bad("Its signature says nothing");
        if (!Methods.Contains(info.SignatureMethod)) throw Bad($"It is signed with {info.SignatureMethod}");
        if (info.CanonicalizationMethod != Exclusive) throw Bad($"Its signature is made over {info.CanonicalizationMethod}");
        if (info.References is not [Reference reference]) throw Bad($"Its signature is about {info.References.Count} things");
        if (signature.Children("Object", SamlXml.Signature).Any()) throw Bad("Its signature carries something of its own");
        if (signed.Value("ID") is not { Length: > 0 } id || reference.Uri != $"#{id}") throw Bad($"Its signature is about '{reference.Uri}' and not about the element it stands in");
        if (!Digests.Contains(reference.DigestMethod)) throw Bad($"It is digested with {reference.DigestMethod}");
        var transforms = Enumerable.Range(0, reference.TransformChain.Count).Select(i => reference.TransformChain[i].Algorithm).ToList();
        if (transforms.Count is 0 or > 2 || !transforms.Contains(Enveloped) || transforms.Any(t => t is not (Enveloped or Exclusive)))
            throw Bad($"Its signature is made over {string.Join(", ", transforms)}");
    }

    private static SignInException Bad(string detail) => new(SignInFault.Untrusted, detail);

    /// <summary>The element that a reference means is the one given, whatever else in the document has that id.</summary>
    private sealed class Whole : SignedXml
    {
        private readonly XmlElement _signed;

        public Whole(XmlElement signed) : base(signed) => _signed = signed;

        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) => _signed.Value("ID") == idValue ? _signed : null;
    }
}
