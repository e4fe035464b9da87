using ProdSprint.Kernel;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>The end of a provider's keys at the provider itself.</summary>
public sealed class ApiKeyRemovalTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Actor Ana = Actor.User("ana");

    [Fact]
    public async Task Remove_EndsEveryKeyAtItsProvider_AndForgetsThem_DoneTwiceIsDoneOnce()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "removed");
        await OverlapAsync(bench);
        provider.Working.Count.ShouldBe(2);
        bench.Used = "release 3 of production is running, and was given it";
        bench.Do(new RemoveSecret(false, Ana, null));
        await bench.RunAsync(times: 2);
        bench.State.ShouldSatisfyAllConditions(s => s.Current.ShouldNotBeNull(), s => s.Problem!.ShouldContain("release 3 of production"));
        provider.Working.Count.ShouldBe(2, "whoever has them goes on");

        bench.Used = null;
        bench.Do(new RemoveSecret(false, Ana, "maps moved"));
        await bench.RunAsync(times: 2);
        bench.State.RemovedAt.ShouldNotBeNull();
        provider.Working.ShouldBeEmpty();
        (await ValuesAsync(bench)).ShouldBe(0);
        bench.Make(SecretKind.ApiKey, KeyProvider.Addresses(provider.Address));
        await bench.RunAsync();
        (bench.State.Current!.Number, provider.Working.Count).ShouldBe((3, 1), "its name is free, and its keys are new ones");
    }

    [Fact]
    public async Task Remove_WhileTheProviderIsAway_IsTriedAgain_UntilNoKeyWorks()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "away");
        await OverlapAsync(bench);
        provider.Broken = true;
        bench.Do(new RemoveSecret(true, Ana, "leaked"));
        await bench.RunAsync();
        bench.State.ShouldSatisfyAllConditions(s => s.Removing.ShouldBeTrue(), s => s.RemovedAt.ShouldBeNull(), s => s.Problem!.ShouldContain("answered 503"));
        (await ValuesAsync(bench)).ShouldBe(2, "what still works is not forgotten: by it the provider is told which");
        provider.Broken = false;
        provider.Working.Count.ShouldBe(2);
        bench.Until(SecretJobs.Remove);
        await bench.RunAsync();
        bench.State.RemovedAt.ShouldNotBeNull();
        provider.Working.ShouldBeEmpty();
        (await ValuesAsync(bench)).ShouldBe(0);
    }

    [Fact]
    public async Task Remove_WhileAKeyIsBeingMadeWhoseAnswerWasLost_EndsThatOneToo()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "unheard");
        await bench.RunAsync();
        bench.Rotate();
        provider.LosesAnswers = true;
        (await bench.WorkAsync(bench.Asked!)).Problem!.ShouldContain("answered 502");
        provider.LosesAnswers = false;
        provider.Working.Count.ShouldBe(2);
        bench.Do(new RemoveSecret(true, Ana, "leaked"));
        await bench.RunAsync();
        bench.State.RemovedAt.ShouldNotBeNull();
        provider.Working.ShouldBeEmpty();
    }

    [Fact]
    public async Task Remove_OfWhatMakesKeys_IsHeldByThem_AndWithoutItTheirOwnRemovalSaysWhatIsMissing()
    {
        using var provider = new KeyProvider();
        await using var bench = await provider.BenchAsync(postgres, "maker");
        await bench.RunAsync();
        await bench.SeenAsync();
        await using var maker = new SecretBench(postgres, "maker") { Name = bench.Name with { Name = "MAPS_ADMIN" } };
        maker.Do(new SetSecret(SecretKind.Value, "given", null, Ana, null));
        maker.Do(new RemoveSecret(false, Ana, null));
        await maker.RunAsync();
        maker.State.ShouldSatisfyAllConditions(s => s.Current.ShouldNotBeNull(), s => s.Problem!.ShouldContain("MAPS_KEY is made and ended with it"));

        // All the same: the key cannot be ended, and nobody is told that it was.
        maker.Do(new RemoveSecret(true, Ana, "it was in a chat"));
        await maker.RunAsync();
        await maker.SeenAsync();
        bench.Do(new RemoveSecret(true, Ana, "it was in a chat"));
        await bench.RunAsync();
        bench.State.ShouldSatisfyAllConditions(s => s.RemovedAt.ShouldBeNull(), s => s.Problem!.ShouldContain("set it: prodsprint secrets set MAPS_ADMIN"));
        provider.Working.Count.ShouldBe(1);
        await maker.Store.PutAsync(maker.Name, "anew", KeyProvider.Admin, null, maker.Stop);
        maker.Do(new SetSecret(SecretKind.Value, "anew", null, Ana, null));
        await maker.SeenAsync();
        bench.Until(SecretJobs.Remove);
        await bench.RunAsync();
        bench.State.RemovedAt.ShouldNotBeNull();
        provider.Working.ShouldBeEmpty();
    }

    private static async Task OverlapAsync(SecretBench bench)
    {
        bench.Now = DateTimeOffset.UtcNow;
        await bench.RunAsync();
        bench.Rotate();
        await bench.RunAsync();
        bench.State.Previous.ShouldNotBeNull();
    }

    private Task<long> ValuesAsync(SecretBench bench) =>
        postgres.ScalarAsync<long>($"SELECT count(*) FROM prodsprint.secret_value WHERE project = '{bench.Name.Project}' AND name = '{bench.Name.Name}'");
}
