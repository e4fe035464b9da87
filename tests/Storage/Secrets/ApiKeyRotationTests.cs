using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>Keys of a provider that is a real HTTP server of its own.</summary>
public sealed class ApiKeyRotationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Rotation_BothKeysWorkInTheOverlap_ThenOnlyTheNewOne()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "keys");
        await bench.RunAsync(times: 2);
        var first = await bench.PasswordAsync(bench.State.Current!);
        provider.Working.ShouldBe([first], "made twice, it is one key");
        bench.Rotate();
        await bench.RunAsync(times: 2);
        var second = await bench.PasswordAsync(bench.State.Current!);
        provider.Working.ShouldBe([first, second], ignoreOrder: true);
        bench.Until(SecretJobs.Revoke);
        await bench.RunAsync(times: 2);
        provider.Working.ShouldBe([second]);
        var told = string.Join('\n', bench.Lines);
        foreach (var value in (string[])[first, second, KeyProvider.Admin]) told.ShouldNotContain(value);
    }

    [Fact]
    public async Task KeyThatIsNotLetIn_IsTakenBack_AndTheCurrentOneWorks()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "unlucky");
        await bench.RunAsync();
        var first = await bench.PasswordAsync(bench.State.Current!);
        provider.LetsNewOnesIn = false;
        bench.Rotate();
        await bench.RunAsync();
        bench.State.ShouldSatisfyAllConditions(s => s.Current!.Number.ShouldBe(1), s => s.Problem!.ShouldContain("it answered 401"), s => s.Undoing.ShouldBeNull());
        provider.Working.ShouldBe([first], "what was made for nothing is ended");
    }

    [Fact]
    public async Task KeyWhoseAnswerWasLost_IsFoundAgainAndEnded()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "lost");
        await bench.RunAsync();
        var first = await bench.PasswordAsync(bench.State.Current!);
        bench.Rotate();
        provider.LosesAnswers = true;
        (await bench.WorkAsync(bench.Asked!)).Problem!.ShouldContain("answered 502");
        provider.Working.Count.ShouldBe(2, "it was made, and nobody heard of it");
        provider.LosesAnswers = false;
        bench.Do(new SecretOutcome(bench.State.Job!, null, "It answered 502."));
        await bench.RunAsync();
        provider.Working.ShouldBe([first]);
    }

    [Fact]
    public async Task Check_OfAKeyThatSomebodyEnded_IsDrift_AndAProviderThatIsAwayIsNot()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "ended");
        await bench.RunAsync();
        provider.Broken = true;
        bench.Until(SecretJobs.Check);
        await bench.RunAsync();
        bench.State.Drift.ShouldBeNull();
        provider.Broken = false;
        provider.EndAll();
        bench.Until(SecretJobs.Check);
        await bench.RunAsync();
        bench.State.Drift!.ShouldContain("prodsprint secrets rotate");
        bench.Rotate();
        await bench.RunAsync();
        bench.State.Drift.ShouldBeNull();
        provider.Working.ShouldBe([await bench.PasswordAsync(bench.State.Current!)]);
    }

    [Fact]
    public async Task ProviderInAPrivateNetwork_IsNotAsked()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "private", new());
        await bench.RunAsync();
        bench.State.Problem!.ShouldContain("is not https");
        bench.Make(SecretKind.ApiKey, KeyProvider.Addresses(provider.Address.Replace("http://127.0.0.1", "https://localhost", StringComparison.Ordinal)));
        await bench.RunAsync();
        bench.State.Problem!.ShouldContain("'localhost' is an address of a private network");
        provider.Asked.ShouldBe(0);
    }
}
