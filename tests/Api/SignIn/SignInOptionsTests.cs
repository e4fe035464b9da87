using Microsoft.Extensions.Configuration;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Providers that cannot work are found out at start, all of them at once.</summary>
public sealed class SignInOptionsTests
{
    private static (SignInOptions Options, List<string> Faults) Read(bool production, params (string Name, string Value)[] settings)
    {
        var faults = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>($"Identity:{s.Name}", s.Value))).Build();
        return (SignInOptions.Read(configuration, production, faults), faults);
    }

    [Fact]
    public void Everything_ThatIsWrong_IsSaidAtOnce()
    {
        var faults = Read(true,
            ("ProviderSeconds", "0"), ("Providers:0:Kind", "myspace"), ("Providers:1:Kind", "google"), ("Providers:2:Kind", "oidc"), ("Providers:2:ClientId", "x"), ("Providers:2:ClientSecretFile", "/not/there"),
            ("Providers:3:Kind", "apple"), ("Providers:3:ClientId", "x"), ("Providers:4:Kind", "oidc"), ("Providers:4:ClientId", "x"), ("Providers:4:ClientSecret", "x"), ("Providers:4:Issuer", "http://127.0.0.1:1")).Faults;
        foreach (var said in (string[])
            [
                "ProviderSeconds is 0", "Providers__0__Kind is 'myspace'", "Providers__1__ClientId is missing", "Providers__1 has no secret", "Providers__2__Issuer is missing", "/not/there",
                "Providers__3__TeamId is missing", "Providers__3__KeyId is missing", "Providers__3__PrivateKeyFile", "Providers__4__Issuer is 'http://127.0.0.1:1/'", "'oidc' 2 times",
            ]) faults.ShouldContain(f => f.Contains(said), said);
    }

    [Fact]
    public void Presets_KnowTheirIssuers()
    {
        var (options, faults) = Read(true, ("Providers:0:Kind", "google"), ("Providers:0:ClientId", "x"), ("Providers:0:ClientSecret", "y"), ("Providers:1:Kind", "github"), ("Providers:1:ClientId", "x"), ("Providers:1:ClientSecret", "y"));
        faults.ShouldBeEmpty();
        var all = new ServerProviders(options).All;
        all.Select(p => p.OAuth!.Issuer.ToString()).ShouldBe(["https://accounts.google.com/", "https://github.com/"]);
        all[1].OAuth!.Api!.ToString().ShouldBe("https://api.github.com/");
    }

    [Theory, InlineData(true, true), InlineData(false, false)]
    public void Domains_AreProven_InProduction(bool production, bool asked)
    {
        Read(production).Options.DomainProof.ShouldBe(asked);
        Read(production, ("RequireDomainProof", "true"), ("DnsServers:0", "192.0.2.53"), ("DnsServers:1", "[2001:db8::53]:5353")).ShouldSatisfyAllConditions(r => r.Faults.ShouldBeEmpty(), r => r.Options.DomainProof.ShouldBeTrue());
        Read(production, ("DnsServers:0", "dns.example")).Faults.ShouldHaveSingleItem().ShouldContain("DnsServers has 'dns.example'");
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void Providers_WithinThisNetwork_AreForDevelopment(bool production, bool allowed) => Read(production).Options.PrivateProviders.ShouldBe(allowed);

    /// <summary>Whoever reads of a code in an address finds it in the documentation, in the same words.</summary>
    [Fact]
    public async Task Documentation_HasEveryCode()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Description.ApiDocument.RepositoryRoot(), "docs", "sign-in.md"));
        foreach (var fault in SignInFault.All) page.ShouldContain($"| `{fault.Code}` | {fault.Title} | {fault.Next} |");
        SignInFault.All.Select(f => f.Code).ShouldBeUnique();
    }
}
