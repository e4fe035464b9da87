using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>With what a server refuses to start, and that it says all of it at once.</summary>
public sealed class IdentityFaultsTests
{
    private const string Strong = "q7Zr2mXcV9pLkT4wYbN8sJfH3dGa6eUo";

    [Fact]
    public void Outside_NothingSet_IsDevelopment() => IdentityFaults.Read(Settings(), production: false).IsDevelopment.ShouldBeTrue();

    [Fact]
    public void Production_NothingSet_SaysAllThatIsMissing()
    {
        var faults = Faults(production: true);
        faults.Count.ShouldBe(2);
        faults.ShouldContain(f => f.Contains("Identity__Secret"));
        faults.ShouldContain(f => f.Contains("Identity__PublicUrl"));
    }

    [Fact]
    public void Production_EverythingWrong_IsSaidAtOnce()
    {
        var faults = Faults(true, ("Identity:Mode", "development"), ("Identity:Secret", "changeme"), ("Identity:PublicUrl", "http://ship.example.com"), ("Identity:Admins:0", "ana"), ("Identity:AccessMinutes", "0"));
        faults.Count.ShouldBe(5);
        foreach (var said in (string[])["believes everybody", "8 characters", "https", "'ana'", "AccessMinutes"]) faults.ShouldContain(f => f.Contains(said));
    }

    [Fact]
    public void Production_WhatItNeeds_Starts()
    {
        var options = IdentityFaults.Read(Settings(("Identity:Secret", Strong), ("Identity:PublicUrl", "https://ship.example.com"), ("Identity:Admins:0", "github:583231")), production: true);
        options.Mode.ShouldBe(IdentityMode.Accounts);
        options.IsSecure.ShouldBeTrue();
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "different")]
    [InlineData("short", "characters")]
    [InlineData("my-very-own-ProdSprint-secret-for-2026", "prodsprint")]
    public void Secret_ThatCanBeGuessed_IsRefused(string secret, string said) => Faults(false, ("Identity:Secret", secret)).ShouldHaveSingleItem().ShouldContain(said);

    [Fact]
    public void Secret_FromAFile_IsRead_AndOneThatIsNotThereIsSaid()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Strong + "\n");
        IdentityFaults.Read(Settings(("Identity:SecretFile", file)), production: false).Secret.ShouldBe(Strong);
        File.Delete(file);
        Faults(false, ("Identity:SecretFile", file)).ShouldHaveSingleItem().ShouldContain("SecretFile");
    }

    [Fact]
    public void Mode_ThatIsNone_IsRefused() => Faults(false, ("Identity:Mode", "trusting")).ShouldHaveSingleItem().ShouldContain("development or accounts");

    private static IList<string> Faults(bool production, params (string, string)[] settings) =>
        [.. Should.Throw<OptionsValidationException>(() => IdentityFaults.Read(Settings(settings), production)).Failures];

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))).Build();
}
