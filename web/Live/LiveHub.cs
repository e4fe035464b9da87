using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
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
public sealed class LiveHub(IIdentity identity, LivePush push) : Hub<ILiveClient>
{
    /// <summary>Everything of the workspace, or of one project; what came after <paramref name="cursor"/> is sent first.</summary>
    public async Task Subscribe(string? workspace, string? project, long? cursor)
    {
        var caller = identity.Of(Context.GetHttpContext()!);
        await Groups.AddToGroupAsync(Context.ConnectionId, Group(caller.Workspace, project), Context.ConnectionAborted);
        if (cursor is { } after and > 0) await push.CatchUpAsync(Clients.Caller, caller.Workspace, project, after, Context.ConnectionAborted);
    }

    public Task Unsubscribe(string? workspace, string? project) =>
        Groups.RemoveFromGroupAsync(Context.ConnectionId, Group(identity.Of(Context.GetHttpContext()!).Workspace, project), Context.ConnectionAborted);

    internal static string Group(string workspace, string? project) => project is null ? $"w/{workspace}" : $"p/{workspace}/{project}";
}
