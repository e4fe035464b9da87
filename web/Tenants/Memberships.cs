using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using ProdSprint.Data;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>
/// Who is what, at hand: asked at every request, so kept in memory and renewed by the live feed, on every server. What the feed brings counts by its version,
/// so an older answer never replaces a newer one. While the feed is away, what is known is asked again after <see cref="Trust"/>.
/// </summary>
public sealed class Memberships(IGrainFactory grains, LiveFeed feed, TimeProvider time) : BackgroundService
{
    /// <summary>How long a removed member could go on at most when the bell is lost.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(10);

    /// <summary>Names that nobody made are asked for as well, and must not fill the memory.</summary>
    private const int Most = 50_000;

    private sealed record Known(long Version, long At, FrozenDictionary<string, ImmutableArray<Role>>? Roles)
    {
        public ImmutableArray<Role>? RolesOf(string actor) => Roles is null ? null : Roles.TryGetValue(actor, out var roles) ? roles : [];
    }

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Who is what in some workspace is otherwise now than it was known here: live connections look whether they may go on.</summary>
    public event Action? Changed;

    /// <summary>Null: the workspace has no members yet. Empty: not one of them.</summary>
    public ValueTask<ImmutableArray<Role>?> RolesAsync(string workspace, string actor) =>
        _known.TryGetValue(workspace, out var known) && time.GetElapsedTime(known.At) <= Trust ? new(known.RolesOf(actor)) : AskedAsync(workspace, actor);

    private async ValueTask<ImmutableArray<Role>?> AskedAsync(string workspace, string actor) => (await AskAsync(workspace)).RolesOf(actor);

    /// <summary>After a change made here, so that the next request already sees it.</summary>
    public Task RefreshAsync(string workspace) => AskAsync(workspace);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await foreach (var change in feed.ReadAsync(await feed.NowAsync(stoppingToken), stoppingToken))
            if (change is { Kind: LiveKind.View, Resource: "workspace", Json: { } json }) Keep(change.Workspace, KernelJson.Read<WorkspaceView>(json));
    }

    private async Task<Known> AskAsync(string workspace) => Keep(workspace, await grains.GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace)).View());

    private Known Keep(string workspace, WorkspaceView? view)
    {
        var found = new Known(view?.StateVersion ?? 0, time.GetTimestamp(), view is { Members.IsEmpty: false } ? view.Members.ToFrozenDictionary(m => m.Actor, m => m.SuspendedAt is null ? m.Roles : [], StringComparer.Ordinal) : null);
        if (_known.Count >= Most) _known.Clear();
        // A name that nobody made has no version, and rings for nobody.
        var before = _known.TryGetValue(workspace, out var known) ? known.Version : 0;
        var kept = _known.AddOrUpdate(workspace, found, (_, old) => old.Version > found.Version ? old : found);
        if (kept.Version > before) Changed?.Invoke();
        return kept;
    }
}
