using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Streams;
using Orleans.TestingHost;
using ProdSprint.Kernel;
using ProdSprint.Releases;
using ProdSprint.Traffic;

namespace ProdSprint.Telemetry;

/// <summary>A ring that was heard is added up; one that was missed is read from the log; the release is told the sum either way.</summary>
public sealed class TrafficGrainTests : IAsyncLifetime
{
    private const string Key = "traffic/default/shop/production";
    private const string ReleaseKey = "release/default/shop/2";
    private static readonly DateTimeOffset Since = DateTimeOffset.FromUnixTimeSeconds(1_000);
    private readonly MemoryEvidenceLog _log = new();
    private readonly Channel<CanaryEvidence> _observed = Channel.CreateUnbounded<CanaryEvidence>();
    private InProcessTestCluster _cluster = null!;

    private ITrafficGrain Grain => _cluster.Client.GetGrain<ITrafficGrain>(Key);

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseSystemTextJsonGrainStorageSerializer().AddMemoryGrainStorage("machines").AddMemoryGrainStorage("PubSubStore").AddMemoryStreams(TrafficBell.Provider).UseInMemoryReminderService();
            silo.Services.AddSingleton<IEvidenceLog>(_log);
            silo.Services.AddSingleton<IMachineSink>(new SilentSink());
            // The release of this cluster has no step; what it is told is taken at its door.
            silo.AddIncomingGrainCallFilter(async context =>
            {
                await context.Invoke();
                if (context.MethodName == nameof(IReleaseGrain.Observe) && context.Request.GetArgument(0) is CanaryEvidence seen) _observed.Writer.TryWrite(seen);
            });
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Bell_Heard_ReleaseIsToldTheSum()
    {
        await Grain.Watch(Watch());
        await Ring(7, -1, Second("v2", 1_001, 10, 1));
        var first = await Told();
        await Ring(8, 7, Second("v2", 1_002, 5, 0), Second("v1", 1_002, 90, 2));
        var second = await Told();

        (first.Canary.Requests, first.Canary.Errors, first.Step, first.Attempt).ShouldBe((10, 1, 1, 3));
        (second.Canary.Requests, second.Canary.Errors, second.Stable.Requests, second.Stable.Errors).ShouldBe((15, 1, 90, 2));
        _log.AskedAfter.ShouldBe([-1L], "only the first ring needs the log");
    }

    [Fact]
    public async Task Bell_Missed_IsReadFromTheLog()
    {
        await Grain.Watch(Watch());
        await Ring(7, -1, Second("v2", 1_001, 10, 1));
        await Told();
        _log.Keep(8, Second("v2", 1_002, 4, 4));
        await Ring(9, 8, Second("v2", 1_003, 1, 0));

        var told = await Told();

        (told.Canary.Requests, told.Canary.Errors).ShouldBe((15, 5));
        _log.AskedAfter.ShouldBe([-1L, 7L]);
    }

    [Fact]
    public async Task Activation_Lost_WatchStaysAndTheLogHasTheSum()
    {
        await Grain.Watch(Watch());
        await Ring(7, -1, Second("v2", 1_001, 10, 1));
        await Told();
        await _cluster.DeactivateAsync(Grain);
        await Ring(8, 7, Second("v2", 1_002, 5, 0));

        (await Told()).Canary.Requests.ShouldBe(15);
        _log.AskedAfter.ShouldBe([-1L, -1L]);
    }

    [Fact]
    public async Task Bell_AgainOrOfBefore_CountsNothingTwice()
    {
        await Grain.Watch(Watch());
        await Ring(7, -1, Second("v2", 999, 50, 50), Second("v2", 1_001, 10, 1));
        (await Told()).Canary.Requests.ShouldBe(10);
        await Publish(7, -1, Second("v2", 1_001, 10, 1));
        await Ring(8, 7, Second("v2", 1_002, 5, 0));

        (await Told()).Canary.Requests.ShouldBe(15);
    }

    [Fact]
    public async Task Unwatch_OnlyByItsOwnRelease_EndsTheTelling()
    {
        await Grain.Watch(Watch());
        await Grain.Unwatch("release/default/shop/1");
        await Ring(7, -1, Second("v2", 1_001, 10, 1));
        await Told();

        await Grain.Unwatch(ReleaseKey);
        await Ring(8, 7, Second("v2", 1_002, 5, 0));
        await Grain.Watch(Watch() with { Step = 2 });
        await Ring(9, 8, Second("v2", 1_003, 1, 0));

        // Bells come in order: had the eighth been told, it would come before this one.
        (await Told()).Step.ShouldBe(2);
    }

    private async Task<CanaryEvidence> Told() => await _observed.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>As the ingestion does it: into the log first, then the bell.</summary>
    private Task Ring(long batch, long previous, params TrafficSecond[] seconds)
    {
        _log.Keep(batch, seconds);
        return Publish(batch, previous, seconds);
    }

    private Task Publish(long batch, long previous, params TrafficSecond[] seconds) =>
        _cluster.GetSiloServiceProvider().GetRequiredKeyedService<IStreamProvider>(TrafficBell.Provider)
            .GetStream<TrafficBell>(StreamId.Create(TrafficBell.Namespace, Key)).OnNextAsync(new(batch, previous, [.. seconds]));

    private static TrafficWatch Watch() => new(ReleaseKey, "v2", "v1", Since, 1, 3, false);

    private static TrafficSecond Second(string version, long at, int requests, int errors) => new(
        "default", "shop", "production", version, at, requests, errors, StatusClasses.None with { Success = requests - errors, ServerError = errors }, 0,
        LatencyHistogram.Of(Enumerable.Repeat(20.0, requests)));

    private sealed class SilentSink : IMachineSink
    {
        public Task<IReadOnlyCollection<string>> FlushAsync(MachineFlush flush, CancellationToken cancellation) => Task.FromResult<IReadOnlyCollection<string>>([]);
    }
}
