using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Telemetry;

namespace ProdSprint.Live;

/// <summary>What a browser is told. Every message carries its resource's key and version and is applied in order.</summary>
public interface ILiveClient
{
    Task View(ViewMessage message);

    Task Timeline(JsonElement row);

    Task Traffic(TrafficMessage message);

    Task Operations(Operations.OperationsView message);
}

/// <param name="Seq">Where the client stands after it.</param>
/// <param name="Body">Null when the view has to be read again.</param>
public sealed record ViewMessage(long Seq, string Kind, string Key, string? Project, long Version, JsonElement? Body);

public sealed record TrafficMessage(string Project, string Environment, IReadOnlyList<TrafficPoint> Points);

/// <summary>Live status. Groups are made of the caller's workspace, never of what the client says.</summary>
public sealed class LiveHub(IIdentity identity, Authorisation authorisation, LivePush push, LiveAudience audience, LiveSessions sessions, KnownCredentials known, AuditTrail trail) : Hub<ILiveClient>
{
    internal const string OperationsGroup = "operations";

    /// <summary>
    /// Changed views of the whole workspace; or, of one project, its views and its timeline, of which what came after <paramref name="cursor"/> is sent first.
    /// </summary>
    public async Task Subscribe(string? workspace, string? project, long? cursor)
    {
        var caller = Caller();
        await Enter(Group(caller, project));
        if (project is not null && cursor is { } after and > 0) await push.CatchUpAsync(Clients.Caller, caller, project, after, Context.ConnectionAborted);
    }

    public Task Unsubscribe(string? workspace, string? project) => Leave(Group(Caller(), project));

    /// <summary>The traffic of one environment, second by second, and what the judge makes of it.</summary>
    public Task Watch(string project, string environment) => Enter(Watchers(Caller(), project, environment));

    public Task Unwatch(string project, string environment) => Leave(Watchers(Caller(), project, environment));

    /// <summary>Figures of the inside, every two seconds.</summary>
    public Task WatchOperations() => Enter(OperationsGroup, "GetGrains");

    public Task UnwatchOperations() => Leave(OperationsGroup);

    /// <summary>Only for somebody; and for no longer than they are signed in.</summary>
    public override Task OnConnectedAsync()
    {
        sessions.Connected(identity.Of(Context.GetHttpContext()!), Context);
        return base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        sessions.Disconnected(Context.ConnectionId);
        audience.Left(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }

    internal static string Group(string workspace, string? project) => project is null ? $"w/{workspace}" : $"p/{workspace}/{project}";

    internal static string Watchers(string workspace, string project, string environment) => $"t/{workspace}/{project}/{environment}";

    private string Caller() => identity.Of(Context.GetHttpContext()!).Workspace;

    /// <summary>What is pushed may be seen by whoever may ask for it.</summary>
    private async Task Enter(string group, string action = "GetTimeline")
    {
        var caller = identity.Of(Context.GetHttpContext()!);
        if (!await authorisation.MayAsync(caller, action)) throw await RefusedAsync(caller, action, "denied", Authorisation.Missing(caller, action).Message);
        if (!await known.MaySeeAsync(caller)) throw await RefusedAsync(caller, action, "denied: session.second-factor", "A second factor is asked for that this session has not shown.");
        await Groups.AddToGroupAsync(Context.ConnectionId, group, Context.ConnectionAborted);
        audience.Enter(group, Context.ConnectionId);
        sessions.Entered(Context.ConnectionId, action);
    }

    private async Task<HubException> RefusedAsync(Caller caller, string action, string outcome, string message)
    {
        await trail.LookedAsync(Context.GetHttpContext()!, caller, outcome, action);
        return new(message);
    }

    private Task Leave(string group)
    {
        audience.Leave(group, Context.ConnectionId);
        return Groups.RemoveFromGroupAsync(Context.ConnectionId, group, Context.ConnectionAborted);
    }
}
