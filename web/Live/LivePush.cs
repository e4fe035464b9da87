using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using ProdSprint.Data;
using ProdSprint.Kernel;
using ProdSprint.Operations;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Telemetry;

namespace ProdSprint.Live;

/// <summary>Carries what the live feed and the routers bring to the browsers that look at it.</summary>
public sealed partial class LivePush(
    IHubContext<LiveHub, ILiveClient> hub, LiveFeed feed, LiveAudience audience, TimelineReads timeline, GrainWatch watch, IGrainFactory grains, TimeProvider clock, ILogger<LivePush> logger)
    : BackgroundService, ITrafficListeners
{
    private static readonly TimeSpan OperationsEvery = TimeSpan.FromSeconds(2);
    private readonly Channel<TrafficBell> _bells = Channel.CreateBounded<TrafficBell>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Heard(TrafficBell bell) => _bells.Writer.TryWrite(bell);

    /// <summary>The timeline after a cursor; views are read again by the client itself after a reconnect.</summary>
    public async Task CatchUpAsync(ILiveClient client, string workspace, string project, long after, CancellationToken cancellation)
    {
        for (string? next = null; ;)
        {
            var page = await timeline.ListAsync(workspace, project, null, next is null ? after : long.Parse(next, CultureInfo.InvariantCulture), 500, cancellation);
            foreach (var row in page.Items) await client.Timeline(Element(row));
            if ((next = page.Next) is null) return;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Forever(Changes, stoppingToken), Forever(Traffic, stoppingToken), Forever(Operations, stoppingToken));

    private async Task Changes(CancellationToken cancellation)
    {
        await foreach (var change in feed.ReadAsync(await feed.NowAsync(cancellation), cancellation))
        {
            if (change.Kind == LiveKind.Timeline)
            {
                await hub.Clients.Group(LiveHub.Group(change.Workspace, change.Project)).Timeline(Element(change.Json!));
                continue;
            }
            var message = new ViewMessage(change.Seq, change.Resource, change.Key, change.Project, change.Version, change.Json is null ? null : Element(change.Json));
            foreach (var client in Clients(change.Workspace, change.Project)) await client.View(message);
        }
    }

    private async Task Traffic(CancellationToken cancellation)
    {
        await foreach (var bell in _bells.Reader.ReadAllAsync(cancellation))
        {
            foreach (var e in bell.Seconds.GroupBy(s => (s.Workspace, s.Project, s.Environment)))
            {
                var group = LiveHub.Watchers(e.Key.Workspace, e.Key.Project, e.Key.Environment);
                if (!audience.Looks(group)) continue;
                var watchers = hub.Clients.Group(group);
                await watchers.Traffic(new(e.Key.Project, e.Key.Environment, [.. TrafficReads.Points(e)]));
                await Evidence(e.Key.Workspace, e.Key.Project, watchers);
            }
        }
    }

    /// <summary>What the judge says now: it is no change of state, so the feed does not bring it.</summary>
    private async Task Evidence(string workspace, string project, ILiveClient watchers)
    {
        if (await grains.GetGrain<IProjectGrain>(GrainKeys.Project(workspace, project)).View() is not { ActiveRelease: { } number }) return;
        if (await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(workspace, project, number)).View() is not { Judgement: not null } view) return;
        await watchers.View(new(0, "release", view.Key, project, view.StateVersion, Element(KernelJson.Write(view))));
    }

    private async Task Operations(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(OperationsEvery, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
            if (audience.Looks(LiveHub.OperationsGroup)) await hub.Clients.Group(LiveHub.OperationsGroup).Operations(await watch.ReadAsync());
    }

    private ImmutableArray<ILiveClient> Clients(string workspace, string? project) => project is null
        ? [hub.Clients.Group(LiveHub.Group(workspace, null))]
        : [hub.Clients.Group(LiveHub.Group(workspace, null)), hub.Clients.Group(LiveHub.Group(workspace, project))];

    private async Task Forever(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await work(cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogBroken(logger, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static JsonElement Element(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live push broke off; it goes on from where the feed is now, and browsers read again what they show")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
