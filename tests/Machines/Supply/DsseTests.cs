using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using ProdSprint.Supply;

namespace ProdSprint.Tests.Machines.Supply;

/// <summary>Against the examples that the specification itself gives (secure-systems-lab/dsse, protocol.md and its signing_spec.py).</summary>
public sealed class DsseTests
{
    [Theory]
    [InlineData("http://example.com/HelloWorld", "hello world", "DSSEv1 29 http://example.com/HelloWorld 11 hello world")]
    [InlineData("", "", "DSSEv1 0  0 ")]
    [InlineData("application/x ü", "ä", "DSSEv1 16 application/x ü 2 ä")]
    public void PreAuthenticationEncoding_IsTheSpecifications(string type, string body, string expected) =>
        Encoding.UTF8.GetString(DsseEnvelope.PreAuthenticationEncoding(type, Encoding.UTF8.GetBytes(body))).ShouldBe(expected);

    [Fact]
    public void Fits_SpecificationsOwnSignature_IsAccepted()
    {
        var envelope = DsseEnvelope.Read(
            """
            {"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld",
             "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}
            """);
        Encoding.UTF8.GetString(envelope.Payload.AsSpan()).ShouldBe("hello world");
        var key = Key("46950820868899156662930047687818585632848591499744589407958293238635476079160", "5640078356564379163099075877009565129882514886557779369047442380624545832820");

        key.Fits(envelope.PayloadType, envelope.Payload.AsSpan(), Der(envelope.Signatures[0].Signature.AsSpan())).ShouldBeTrue();
        key.Fits("http://example.com/HelloWorlds", envelope.Payload.AsSpan(), Der(envelope.Signatures[0].Signature.AsSpan())).ShouldBeFalse();
        key.Fits(envelope.PayloadType, "hello worle"u8, Der(envelope.Signatures[0].Signature.AsSpan())).ShouldBeFalse();
    }

    [Fact]
    public void Read_UrlSafeAlphabetAndUnknownFields_AreTaken()
    {
        var envelope = DsseEnvelope.Read("""{"payload":"-_8=","payloadType":"x","signatures":[{"sig":"_-8=","keyid":"k","cert":"later"}],"more":1}""");
        envelope.Payload.AsSpan().ToArray().ShouldBe([0xfb, 0xff]);
        envelope.Signatures[0].Signature.AsSpan().ToArray().ShouldBe([0xff, 0xef]);
        envelope.Signatures[0].KeyId.ShouldBe("k");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"payload":"aA==","payloadType":null,"signatures":[]}""")]
    [InlineData("""{"payload":"a","payloadType":"x","signatures":[]}""")]
    [InlineData("""{"payload":"aA==","payload":"aQ==","payloadType":"x","signatures":[]}""")]
    [InlineData("""{"payload":"aA==","payloadType":"x","signatures":"none"}""")]
    [InlineData("""{"payload":"aA==","payloadType":"x","signatures":[1]}""")]
    public void Read_WhatIsNoEnvelope_IsRefused(string text) => Should.Throw<AttestationException>(() => DsseEnvelope.Read(text));

    [Fact]
    public void Write_IsReadBackAsItWas()
    {
        using var signer = AttestationSigner.New();
        var envelope = signer.Sign("application/vnd.in-toto+json", "{}"u8);
        var again = DsseEnvelope.Read(envelope.Write());
        again.Write().ShouldBe(envelope.Write());
        again.Signatures[0].KeyId.ShouldBe(signer.Key.Id);
        AttestationKey.OfPem(signer.Key.Pem).Fits(again.PayloadType, again.Payload.AsSpan(), again.Signatures[0].Signature.AsSpan()).ShouldBeTrue();
    }

    [Fact]
    public void Signer_ExportedAndOpened_IsTheSameKey()
    {
        using var signer = AttestationSigner.New();
        using var opened = AttestationSigner.Open(signer.Export());
        opened.Key.Id.ShouldBe(signer.Key.Id);
        var signed = opened.Sign("t", "p"u8);
        signer.Key.Fits("t", "p"u8, signed.Signatures[0].Signature.AsSpan()).ShouldBeTrue();
    }

    [Fact]
    public void Key_OfAnotherCurveOrKind_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Should.Throw<AttestationException>(() => AttestationKey.Of(other.ExportSubjectPublicKeyInfo()));
        using var rsa = RSA.Create(2048);
        Should.Throw<AttestationException>(() => AttestationKey.Of(rsa.ExportSubjectPublicKeyInfo()));
        Should.Throw<AttestationException>(() => AttestationKey.OfPem("not a key"));
    }

    private static AttestationKey Key(string x, string y)
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Big(x), Y = Big(y) },
        });
        return AttestationKey.Of(key.ExportSubjectPublicKeyInfo());
    }

    private static byte[] Big(string number)
    {
        var bytes = BigInteger.Parse(number, System.Globalization.CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    /// <summary>The example has r and s side by side; cosign and we have them as ASN.1.</summary>
    private static byte[] Der(ReadOnlySpan<byte> raw)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(raw[..32], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(raw[32..], isUnsigned: true, isBigEndian: true));
        }
        return writer.Encode();
    }
}
