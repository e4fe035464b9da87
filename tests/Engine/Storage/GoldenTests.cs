using System.Globalization;
using System.Text;
using System.Text.Json;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ProdSprint.Engine;

/// <summary>Rows in PostgreSQL come out as genuine Orleans writes them, so that data moves between the engines as it is.</summary>
public sealed class GoldenTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string ServiceId = "engine-contract-goldens";

    private static readonly Guid Key = new("00112233-4455-6677-8899-aabbccddeeff");

    private static Dictionary<string, string> Goldens => JsonSerializer.Deserialize<Dictionary<string, string>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "orleans-storage-rows.json")))!;

    private InProcessTestCluster Build() => Cluster.Build(
        silo => silo
            .AddAdoNetGrainStorage("pg", o =>
            {
                o.Invariant = "Npgsql";
                o.ConnectionString = postgres.ConnectionString;
            })
            .UseAdoNetReminderService(o =>
            {
                o.Invariant = "Npgsql";
                o.ConnectionString = postgres.ConnectionString;
            }),
        options => options.ServiceId = ServiceId);

    [Fact]
    public async Task Rows_AreThoseOfGenuineOrleans()
    {
        await using var cluster = Build();
        await cluster.DeployAsync();
        var client = cluster.Client;
        foreach (var (name, grain) in new (string, IGolden)[]
        {
            ("string.release-42", client.GetGrain<IGoldenString>("release-42")),
            ("string.tenant/7", client.GetGrain<IGoldenString>("tenant/7")),
            ("string.ключ", client.GetGrain<IGoldenString>("ключ")),
            ("string.hex-plus", client.GetGrain<IGoldenString>("a+b")),
            ("string.looks-like-hex.beef", client.GetGrain<IGoldenString>("beef")),
            ("string.looks-like-dashed-guid", client.GetGrain<IGoldenString>(Key.ToString("D"))),
            ("guid", client.GetGrain<IGoldenGuid>(Key)),
            ("guid-compound", client.GetGrain<IGoldenGuidCompound>(Key, "east")),
            ("int.42", client.GetGrain<IGoldenInteger>(42)),
            ("int.-1", client.GetGrain<IGoldenInteger>(-1)),
            ("int-compound", client.GetGrain<IGoldenIntegerCompound>(31, "north")),
        })
        {
            await ClearAsync();
            await grain.Write();
            (await RowsAsync()).ShouldBe([Goldens[$"row.{name}.0"], Goldens[$"row.{name}.1"]], name);
        }
    }

    [Fact]
    public async Task Row_StringThatReadsAsAGuid_IsTheGuidsRow()
    {
        await using var cluster = Build();
        await cluster.DeployAsync();
        await ClearAsync();
        await cluster.Client.GetGrain<IGoldenString>(Key.ToString("N")).Write();
        (await RowsAsync()).ShouldBe([Goldens["row.string.looks-like-guid.0"], Goldens["row.string.looks-like-guid.1"]]);
    }

    [Fact]
    public async Task Row_Cleared_KeepsItsVersionAndAnEmptyPayload()
    {
        await using var cluster = Build();
        await cluster.DeployAsync();
        await ClearAsync();
        await cluster.Client.GetGrain<IGoldenString>("cleared").WriteAndClear();
        (await RowsAsync()).ShouldBe([Goldens["row.cleared.0"]]);
    }

    [Fact]
    public async Task Row_GrainOfT_IsNamedState()
    {
        await using var cluster = Build();
        await cluster.DeployAsync();
        await ClearAsync();
        await cluster.Client.GetGrain<IGoldenOld>("old").Write();
        (await RowsAsync()).ShouldBe([Goldens["row.grain-of-tstate.0"]]);
    }

    [Fact]
    public async Task Row_ChangedByOthers_InconsistentState()
    {
        await using var cluster = Build();
        await cluster.DeployAsync();
        var grain = cluster.Client.GetGrain<IGoldenString>("contested");
        await grain.Write();
        await postgres.QueryAsync("UPDATE orleansstorage SET version = version + 1 WHERE grainidextensionstring = 'contested' RETURNING 1", r => r.GetInt32(0));
        await Should.ThrowAsync<InconsistentStateException>(() => grain.Write());
        await grain.Write();
    }

    [Fact]
    public async Task Reminder_RowAndLife()
    {
        await using var cluster = Build();
        await cluster.DeployAsync();
        var grain = cluster.Client.GetGrain<IGoldenReminder>("golden");
        await grain.Register(TimeSpan.FromHours(1), TimeSpan.FromMinutes(20));
        (await RemindersAsync()).ShouldBe([Goldens["reminder.new"]]);
        await grain.Register(TimeSpan.FromHours(1), TimeSpan.FromMinutes(30));
        (await RemindersAsync()).ShouldBe([Goldens["reminder.updated"]]);
        (await grain.Names()).ShouldBe(["nightly"]);
        await Should.ThrowAsync<ArgumentException>(() => grain.Register(TimeSpan.Zero, TimeSpan.FromSeconds(59)));
        (await grain.Remove()).ShouldBeTrue();
        (await grain.Remove()).ShouldBeFalse();
        (await RemindersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reminder_SurvivesARestart_AndTicks()
    {
        await using (var before = Build())
        {
            await before.DeployAsync();
            await before.Client.GetGrain<IGoldenReminder>("ticks").Register(TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(1));
        }

        await using var after = Build();
        await after.DeployAsync();
        await Gates.Of("ticks/nightly").WaitForArrival();
        (await after.Client.GetGrain<IGoldenReminder>("ticks").Remove()).ShouldBeTrue();
    }

    [Fact]
    public void UniformHash_OfGrainIds_IsStable()
    {
        GrainId.Create("kind", "key").GetUniformHashCode().ToString(CultureInfo.InvariantCulture).ShouldBe(Goldens["uniformhash.kind/key"]);
        GrainId.Create("release", "42").GetUniformHashCode().ToString(CultureInfo.InvariantCulture).ShouldBe(Goldens["uniformhash.release/42"]);
    }

    private Task ClearAsync() => postgres.QueryAsync("DELETE FROM orleansstorage RETURNING 1", r => r.GetInt32(0));

    private Task<List<string>> RowsAsync() => postgres.QueryAsync(
        "SELECT grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid, version, payloadbinary "
        + "FROM orleansstorage ORDER BY graintypestring",
        r => string.Join(" | ", Enumerable.Range(0, r.FieldCount).Select(i => $"{r.GetName(i)}={Text(r.GetValue(i))}")));

    private Task<List<string>> RemindersAsync() => postgres.QueryAsync(
        "SELECT serviceid, grainid, remindername, period, grainhash, version FROM orleansreminderstable WHERE grainid = 'reminder/golden'",
        r => string.Join(" | ", Enumerable.Range(0, r.FieldCount).Select(i => $"{r.GetName(i)}={Text(r.GetValue(i))}")));

    private static string Text(object value) => value switch
    {
        DBNull => "NULL",
        byte[] payload => Encoding.UTF8.GetString(payload),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
