using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Identity;

/// <summary>RFC 6238's own vectors, and that a code counts once.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Sha1 = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly byte[] Sha256 = Encoding.ASCII.GetBytes("12345678901234567890123456789012");
    private static readonly byte[] Sha512 = Encoding.ASCII.GetBytes("1234567890123456789012345678901234567890123456789012345678901234");

    /// <summary>Appendix B.</summary>
    [Theory]
    [InlineData(59, "94287082", "46119246", "90693936")]
    [InlineData(1111111109, "07081804", "68084774", "25091201")]
    [InlineData(1111111111, "14050471", "67062674", "99943326")]
    [InlineData(1234567890, "89005924", "91819424", "93441116")]
    [InlineData(2000000000, "69279037", "90698825", "38618901")]
    [InlineData(20000000000, "65353130", "77737706", "47863826")]
    public void Code_OfTheRfc_IsTheRfcs(long seconds, string sha1, string sha256, string sha512)
    {
        var step = Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds));
        Totp.Code(Sha1, step, 8).ShouldBe(sha1);
        Totp.Code(Sha256, step, 8, HashAlgorithmName.SHA256).ShouldBe(sha256);
        Totp.Code(Sha512, step, 8, HashAlgorithmName.SHA512).ShouldBe(sha512);
    }

    [Theory]
    [InlineData(-61, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(61, false)]
    public void Check_OneStepToEitherSide_IsTaken(int seconds, bool taken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        (Totp.Check(Sha1, Totp.Code(Sha1, Totp.StepAt(now.AddSeconds(seconds))), now, 0) is not null).ShouldBe(taken);
    }

    [Fact]
    public void Check_AUsedCode_OrAnEarlierOne_IsNotTakenAgain()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var code = Totp.Code(Sha1, Totp.StepAt(now));
        var used = Totp.Check(Sha1, code, now, 0).ShouldNotBeNull();
        Totp.Check(Sha1, code, now.AddSeconds(10), used).ShouldBeNull();
        Totp.Check(Sha1, Totp.Code(Sha1, Totp.StepAt(now) - 1), now, used).ShouldBeNull();
        Totp.Check(Sha1, Totp.Code(Sha1, Totp.StepAt(now) + 1), now.AddSeconds(30), used).ShouldBe(used + 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("abcdef")]
    [InlineData("١٢٣٤٥٦")]
    public void Check_WhatIsNoCode_IsNotTaken(string text) => Totp.Check(Sha1, text, DateTimeOffset.UnixEpoch, -1).ShouldBeNull();
}

/// <summary>How long wrong codes lock, and what recovery codes look like.</summary>
public sealed class FactorLockTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 30)]
    [InlineData(6, 60)]
    [InlineData(9, 480)]
    [InlineData(10, 900)]
    [InlineData(1_000_000, 900)]
    public void After_FromTheFifthOn_DoublesUpToAQuarterOfAnHour(int failures, int seconds) => FactorLock.After(failures).TotalSeconds.ShouldBe(seconds);

    [Fact]
    public void RecoveryCodes_AsTyped_AreFound_AndOthersAreNone()
    {
        foreach (var code in RecoveryCodes.New()) RecoveryCodes.Plain($" {code.ToUpperInvariant().Replace('-', ' ')} ").ShouldBe(code);
        foreach (var none in (string[])["", "12345", "aaaaa-aaaa0", new string('a', 1000)]) RecoveryCodes.Plain(none).ShouldBeNull();
    }
}
