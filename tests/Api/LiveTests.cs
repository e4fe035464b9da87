using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace ProdSprint.Tests.Api;

/// <summary>The live hub as a browser speaks it: JSON messages over a WebSocket, each ended by 0x1E.</summary>
public sealed class LiveTests(ServerFixture server)
{
    [Fact]
    public async Task Subscriber_GetsTimelineAndViewsInOrder_AndResumesFromItsCursor()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var live = await Connect("live", null, limit.Token);
        await server.Import("live", await server.Repository("live", ("index.html", "x")));
        var (rows, views) = (new List<JsonNode>(), new List<JsonNode>());
        while (!views.Any(v => v["body"]?["state"]?.ToString() is not (null or "importing")) || rows.Count < 2)
        {
            var message = await Next(live, limit.Token);
            if (message["target"]?.ToString().Equals("Timeline", StringComparison.OrdinalIgnoreCase) == true) rows.Add(message["arguments"]![0]!);
            if (message["target"]?.ToString().Equals("View", StringComparison.OrdinalIgnoreCase) == true) views.Add(message["arguments"]![0]!);
        }
        rows.Select(r => (long)r["seq"]!).ShouldBeInOrder();
        views.Where(v => v["kind"]!.ToString() == "project").Select(v => (long)v["version"]!).ShouldBeInOrder();

        using var resumed = await Connect("live", (long)rows[0]["seq"]!, limit.Token);
        JsonNode first;
        do first = await Next(resumed, limit.Token);
        while (first["target"]?.ToString().Equals("Timeline", StringComparison.OrdinalIgnoreCase) != true);
        ((long)first["arguments"]![0]!["seq"]!).ShouldBe((long)rows[1]["seq"]!);
    }

    [Fact]
    public async Task Workspace_GetsViewsOfEveryProject_AndNeitherTimelineNorTraffic()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var live = await Connect(null, null, limit.Token);
        await server.Import("everywhere", await server.Repository("everywhere", ("index.html", "x")));
        while (true)
        {
            var message = await Next(live, limit.Token);
            if (message["target"] is not { } target) continue;
            target.ToString().ShouldBe("View", StringCompareShould.IgnoreCase);
            if (message["arguments"]![0]!["body"]?["state"]?.ToString() == "imported") return;
        }
    }

    private async Task<ClientWebSocket> Connect(string? project, long? cursor, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        await socket.ConnectAsync(new UriBuilder(server.Url) { Scheme = "ws", Path = "/hubs/live" }.Uri, cancellation);
        await Write(socket, """{"protocol":"json","version":1}""", cancellation);
        await Write(socket, new JsonObject { ["type"] = 1, ["invocationId"] = "1", ["target"] = "Subscribe", ["arguments"] = new JsonArray(null, project, cursor) }.ToJsonString(), cancellation);
        // With the answer to the invocation the subscription stands; a resumed one gets what it missed before.
        if (cursor is null) while ((await Next(socket, cancellation))["type"]?.ToString() != "3") { }
        return socket;
    }

    private static Task Write(ClientWebSocket socket, string json, CancellationToken cancellation) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json + "\u001e"), WebSocketMessageType.Text, true, cancellation);

    private readonly Dictionary<ClientWebSocket, Queue<string>> _read = [];

    private async Task<JsonNode> Next(ClientWebSocket socket, CancellationToken cancellation)
    {
        if (!_read.TryGetValue(socket, out var ready)) _read[socket] = ready = new();
        while (ready.Count == 0)
        {
            using var whole = new MemoryStream();
            var buffer = new byte[16 * 1024];
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
                part.MessageType.ShouldBe(WebSocketMessageType.Text);
                whole.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            foreach (var message in Encoding.UTF8.GetString(whole.ToArray()).Split('\u001e', StringSplitOptions.RemoveEmptyEntries)) ready.Enqueue(message);
        }
        return JsonNode.Parse(ready.Dequeue())!;
    }
}
