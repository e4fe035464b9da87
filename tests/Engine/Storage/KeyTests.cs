using System.Globalization;
using System.Text.Json;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace ProdSprint.Engine;

/// <summary>Keys of rows that people do not expect, measured on genuine Orleans: which grains share a row, and what a payload holds.</summary>
public sealed class KeyTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster = Cluster.Build(silo => silo.AddAdoNetGrainStorage("pg", o =>
    {
        o.Invariant = "Npgsql";
        o.ConnectionString = postgres.ConnectionString;
    }));

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task StringKeys_OfOneHexadecimalNumber_AreOneRow()
    {
        await _cluster.Client.GetGrain<ITally>("beef").Set(7, "first");
        (await _cluster.Client.GetGrain<ITally>("BEEF").Get()).ShouldBe(7);
        (await _cluster.Client.GetGrain<ITally>("0beef").Get()).ShouldBe(7);
        (await _cluster.Client.GetGrain<ITally>("beef-1").Get()).ShouldBe(0);
    }

    [Fact]
    public async Task StateName_OfTwoClasses_IsOneRow()
    {
        await _cluster.Client.GetGrain<ITally>("tally/shared").Set(5, null);
        (await _cluster.Client.GetGrain<ISecondTally>("tally/shared").Get()).ShouldBe(5);
    }

    [Fact]
    public async Task Payload_HoldsFields_AndLeavesNullsOut()
    {
        await _cluster.Client.GetGrain<ITally>("tally/payload").Set(5, null);
        (await Payload("tally/payload")).ShouldBe("""{"Value":5}""");
        await _cluster.Client.GetGrain<ITally>("tally/payload").Set(5, "x");
        (await Payload("tally/payload")).ShouldBe("""{"Value":5,"Note":"x"}""");
    }

    [Fact]
    public async Task FirstWrites_OfTwoOwnersAtOnce_OneIsRefused()
    {
        // Both have read that there is nothing yet: two classes on one row stand for two silos that each believe they own the grain.
        var (first, second) = (_cluster.Client.GetGrain<ITally>("tally/twice"), _cluster.Client.GetGrain<ISecondTally>("tally/twice"));
        (await first.Get()).ShouldBe(0);
        (await second.Get()).ShouldBe(0);
        await first.Set(1, null);
        await Should.ThrowAsync<Orleans.Storage.InconsistentStateException>(() => second.Set(2));
        // Refused and gone from memory: its next life reads what is there.
        (await second.Get()).ShouldBe(1);
        await second.Set(2);
        (await postgres.QueryAsync("SELECT version FROM orleansstorage WHERE grainidextensionstring = 'tally/twice'", r => r.GetInt32(0))).ShouldBe([2]);
    }

    [Theory]
    [InlineData("", "stablehash.empty"), InlineData("hello", "stablehash.hello")]
    public void StableHash_OfText_IsThatOfGenuineOrleans(string text, string golden)
    {
        var goldens = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "orleans-storage-rows.json")))!;
        StableHash.ComputeHash(text).ToString(CultureInfo.InvariantCulture).ShouldBe(goldens[golden]);
    }

    private async Task<string> Payload(string key) => (await postgres.QueryAsync(
        $"SELECT convert_from(payloadbinary, 'UTF8') FROM orleansstorage WHERE grainidextensionstring = '{key}'", r => r.GetString(0))).Single();
}

public sealed class TallyState
{
    public int Value;

    public string? Note;
}

[Alias("engine.ITally")]
public interface ITally : IGrainWithStringKey
{
    [Alias("Set")]
    Task Set(int value, string? note);

    [Alias("Get")]
    Task<int> Get();
}

[Alias("engine.ISecondTally")]
public interface ISecondTally : IGrainWithStringKey
{
    [Alias("Set")]
    Task Set(int value);

    [Alias("Get")]
    Task<int> Get();
}

[GrainType("engine-tally")]
public sealed class TallyGrain([PersistentState("engine-tally", "pg")] IPersistentState<TallyState> state) : Grain, ITally
{
    public Task Set(int value, string? note)
    {
        (state.State.Value, state.State.Note) = (value, note);
        return state.WriteStateAsync();
    }

    public Task<int> Get() => Task.FromResult(state.State.Value);
}

[GrainType("engine-second-tally")]
public sealed class SecondTallyGrain([PersistentState("engine-tally", "pg")] IPersistentState<TallyState> state) : Grain, ISecondTally
{
    public Task Set(int value)
    {
        state.State.Value = value;
        return state.WriteStateAsync();
    }

    public Task<int> Get() => Task.FromResult(state.State.Value);
}
