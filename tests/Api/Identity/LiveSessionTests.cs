using System.Net.WebSockets;
using System.Text;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>A live connection lasts as long as the session it was opened with.</summary>
[Collection(AccountsCollection.Name)]
public sealed class LiveSessionTests(AccountsFixture servers)
{
    [Fact]
    public async Task Connection_IsCutOnEveryServer_WhenItsSessionEnds()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (session, other) = (await servers.SignIn("listener"), await servers.SignIn("keeper"));
        using var here = await Connect(servers.One, limit.Token, ("Authorization", $"Bearer {session.AccessToken}"));
        using var there = await Connect(servers.Other, limit.Token, ("Cookie", $"prodsprint={session.AccessToken}"));
        using var kept = await Connect(servers.One, limit.Token, ("Authorization", $"Bearer {other.AccessToken}"));
        await servers.Get<Sessions>().EndAllAsync("listener", "revoked", cancellation: limit.Token);
        await Cut(here, limit.Token);
        await Cut(there, limit.Token);
        kept.State.ShouldBe(WebSocketState.Open);
    }

    [Fact]
    public async Task Connection_OfARemovedMember_IsCutOnEveryServer_AndComesNoMore()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (string, string) there = ("X-ProdSprint-Workspace", "live-members");
        var (root, leaver, keeper) = (await servers.SignIn("root"), await servers.SignIn("removed-watcher"), await servers.SignIn("stayer"));
        foreach (var (member, role) in ((string, string)[])[("root", "admin"), ("removed-watcher", "viewer"), ("stayer", "viewer")])
            (await AccountsFixture.Send(servers.One, HttpMethod.Put, $"/v1/members/{member}", new { roles = new[] { role } }, root.AccessToken, there)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        using var one = await Looking(servers.One, leaver);
        using var other = await Looking(servers.Other, leaver);
        using var kept = await Looking(servers.Other, keeper);
        (await AccountsFixture.Send(servers.One, HttpMethod.Delete, "/v1/members/removed-watcher", null, root.AccessToken, there)).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await Cut(one, limit.Token);
        await Cut(other, limit.Token);
        kept.State.ShouldBe(WebSocketState.Open);
        using var again = await Connect(servers.Other, limit.Token, ("Authorization", $"Bearer {leaver.AccessToken}"), there);
        (await Answer(again, limit.Token)).ShouldContain("GetTimeline needs the permission");
        (await servers.Get<ProdSprint.Audit.AuditLog>().ListAsync("live-members", new(Actor: "user:removed-watcher"), null, 1)).Rows.ShouldHaveSingleItem().Event.ShouldSatisfyAllConditions(
            e => $"{e.Action} {e.Resource} {e.Outcome}".ShouldBe("GetTimeline /hubs/live denied"), e => e.Credential.ShouldStartWith("session:"));

        async Task<ClientWebSocket> Looking(HttpClient server, SessionStarted session)
        {
            ClientWebSocket? socket = null;
            // What one server was told, the other knows a moment later.
            await AccountsFixture.Until(async () =>
            {
                socket?.Dispose();
                socket = await Connect(server, limit.Token, ("Authorization", $"Bearer {session.AccessToken}"), there);
                return !(await Answer(socket, limit.Token)).Contains("error", StringComparison.Ordinal);
            });
            return socket!;
        }
    }

    [Fact]
    public async Task Connection_OfNobody_OrOfAnotherSitesPage_IsRefused()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var session = await servers.SignIn("listener-2");
        using var nobody = await Connect(servers.One, limit.Token);
        await Cut(nobody, limit.Token);
        await Should.ThrowAsync<WebSocketException>(() => Connect(servers.One, limit.Token, ("Cookie", $"prodsprint={session.AccessToken}"), ("Origin", "https://evil.example")));
    }

    internal static async Task<ClientWebSocket> Connect(HttpClient server, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        foreach (var (name, value) in headers) socket.Options.SetRequestHeader(name, value);
        await socket.ConnectAsync(new UriBuilder(server.BaseAddress!) { Scheme = "ws", Path = "/hubs/live" }.Uri, cancellation);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, cancellation);
        return socket;
    }

    /// <summary>Answered by the hub: from now on it is pushed what changes in its workspace.</summary>
    internal static async Task Subscribe(ClientWebSocket socket, CancellationToken cancellation) => (await Answer(socket, cancellation)).ShouldNotContain("error");

    /// <summary>What the hub says to whoever wants to be pushed what changes.</summary>
    internal static async Task<string> Answer(ClientWebSocket socket, CancellationToken cancellation)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Subscribe\",\"arguments\":[null,null,null]}\u001e"), WebSocketMessageType.Text, true, cancellation);
        var (said, buffer) = (new StringBuilder(), new byte[4096]);
        while (!said.ToString().Contains("\"invocationId\":\"1\"", StringComparison.Ordinal))
            said.Append(Encoding.UTF8.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, cancellation)).Count));
        return said.ToString();
    }

    internal static async Task Cut(ClientWebSocket socket, CancellationToken cancellation)
    {
        try
        {
            while ((await socket.ReceiveAsync(new byte[4096], cancellation)).MessageType != WebSocketMessageType.Close) { }
        }
        catch (WebSocketException)
        {
            // Cut without a word is cut as well.
        }
    }
}
