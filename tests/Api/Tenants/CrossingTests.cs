using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Tests.Api.Description;
using ProdSprint.Traffic;

namespace ProdSprint.Tests.Api.Tenants;

/// <summary>
/// Two workspaces, and everything the description of the API knows of, tried from one with the other's ids and with forged headers: nothing crosses. A new
/// operation is tried by itself, because the list is <c>openapi.json</c>.
/// </summary>
public sealed class CrossingTests(ServerFixture server)
{
    private const string Theirs = "cross-theirs", Mine = "cross-mine", Project = "crossed";

    /// <summary>Stands in everything of theirs, and must stand in nothing that I am answered.</summary>
    private const string Mark = "zzcrossmark";

    private static readonly (string, string)[] AsMe = [("X-ProdSprint-User", "mallory"), ("X-ProdSprint-Workspace", Mine)];
    private static readonly (string, string)[] AsThem = [("X-ProdSprint-User", Mark), ("X-ProdSprint-Workspace", Theirs)];

    /// <summary>Ways to say another workspace than the one a caller is known in.</summary>
    private static readonly (string Name, string Value)[] Forged =
    [
        ("X-Workspace", Theirs), ("X-Forwarded-Workspace", Theirs), ("X-Tenant-Id", Theirs), ("Workspace", Theirs), ("X-ProdSprint_Workspace", Theirs), ("Cookie", $"workspace={Theirs}; X-ProdSprint-Workspace={Theirs}"),
        ("X-Original-URL", $"/v1/projects/{Project}?workspace={Theirs}"), ("X-HTTP-Method-Override", "DELETE"), ("Forwarded", $"for=127.0.0.1;workspace={Theirs}"),
    ];

    [Fact]
    public async Task EveryOperation_WithTheOthersIds_AnswersNothingOfTheirs_AndChangesNothing()
    {
        var ids = await Prepare();
        var before = await Snapshot();
        var tried = 0;
        foreach (var operation in ApiDocument.Committed.Operations)
        {
            foreach (var query in (string[])["", $"?workspace={Theirs}", Filters(operation)])
            {
                var path = operation.Path;
                foreach (var parameter in operation.Parameters.Where(p => p["in"]!.ToString() == "path"))
                    path = path.Replace($"{{{parameter["name"]}}}", Uri.EscapeDataString(Value(operation, parameter, ids)));
                using var request = new HttpRequestMessage(new(operation.Method), path + query);
                foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[.. AsMe, .. Forged, ("If-Match", "*")]) request.Headers.TryAddWithoutValidation(name, value);
                if (operation.Body is { } body) request.Content = new StringContent(body["example"]!.ToJsonString(), Encoding.UTF8, "application/json");
                using var response = await server.Http.SendAsync(request);
                var answer = await response.Content.ReadAsStringAsync();
                // What I send along comes back in problems and in my own audit log; what is theirs does not.
                answer.Replace($"user={Mark}", "").ShouldNotContain(Mark, Case.Insensitive, $"{operation} {path}{query} → {(int)response.StatusCode} {answer}");
                ((int)response.StatusCode).ShouldBeLessThan(500, $"{operation} {path}{query}");
                tried++;
            }
        }
        tried.ShouldBeGreaterThan(120);
        (await Snapshot()).ShouldBe(before, "something of theirs was changed");
    }

    /// <summary>Those of the operation's own: any other is refused before anything is looked for.</summary>
    private static string Filters(Operation operation) => "?" + string.Join('&', new[] { ("project", Project), ("resource", $"projects/{Project}"), ("user", Mark) }
        .Where(f => operation.Parameters.Any(p => p["in"]!.ToString() == "query" && p["name"]!.ToString() == f.Item1)).Select(f => $"{f.Item1}={f.Item2}"));

    [Theory]
    [InlineData("cross-mine,cross-theirs")]
    [InlineData("cross-mine, cross-theirs")]
    [InlineData("cross-theirs\0")]
    [InlineData("../cross-theirs")]
    [InlineData("cross-mine/cross-theirs")]
    [InlineData("%63ross-theirs")]
    public async Task HeaderThatIsNoName_IsRefused_NotGuessed(string value)
    {
        await Prepare();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/projects/{Project}");
        request.Headers.TryAddWithoutValidation("X-ProdSprint-Workspace", value);
        HttpResponseMessage response;
        try
        {
            response = await server.Http.SendAsync(request);
        }
        catch (Exception e) when (e is HttpRequestException or FormatException)
        {
            return;
        }
        ((int)response.StatusCode).ShouldBeOneOf(400, 404);
        (await response.Content.ReadAsStringAsync()).ShouldNotContain(Mark);
    }

    [Fact]
    public async Task HeaderTwice_IsNotTheOthersWorkspace()
    {
        await Prepare();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/projects/{Project}");
        request.Headers.TryAddWithoutValidation("X-ProdSprint-Workspace", (string[])[Mine, Theirs]);
        using var response = await server.Http.SendAsync(request);
        ((int)response.StatusCode).ShouldBeOneOf(400, 404);
    }

    [Fact]
    public async Task HubGroups_AreMadeOfTheCallersWorkspace_WhateverIsSaid()
    {
        await Prepare();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        foreach (var (name, value) in AsMe) socket.Options.SetRequestHeader(name, value);
        await socket.ConnectAsync(new UriBuilder(server.Url) { Scheme = "ws", Path = "/hubs/live", Query = $"workspace={Theirs}&X-ProdSprint-Workspace={Theirs}" }.Uri, limit.Token);
        await Write(socket, """{"protocol":"json","version":1}""", limit.Token);
        // The past of their timeline, their views, their traffic; then something of mine, which ends the wait.
        await Invoke(socket, "Subscribe", Theirs, Project, 1);
        await Invoke(socket, "Subscribe", Theirs, null, 1);
        await Invoke(socket, "Subscribe", $"{Mine}/../{Theirs}", $"../{Theirs}/{Project}", 1);
        await Invoke(socket, "Watch", $"../../{Theirs}/{Project}", "production");
        var tag = (await server.Send(HttpMethod.Get, $"/v1/projects/{Project}", null, AsThem)).Response.Headers.ETag!.Tag;
        (await server.Send(HttpMethod.Put, $"/v1/projects/{Project}/variables", new { values = new { NEWS = "1" }, reason = Mark }, [.. AsThem, ("If-Match", tag)])).Response.EnsureSuccessStatusCode();
        await server.Import("own", await server.Repository("own", ("index.html", "x")), AsMe);
        var heard = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (!heard.ToString().Contains("imported", StringComparison.Ordinal))
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            heard.Append(Encoding.UTF8.GetString(buffer.AsSpan(0, part.Count)));
        }
        heard.ToString().ShouldNotContain(Mark);
        heard.ToString().ShouldNotContain($"/{Theirs}/{Project}@");

        Task Invoke(ClientWebSocket to, string target, params object?[] arguments) =>
            Write(to, new JsonObject { ["type"] = 1, ["target"] = target, ["arguments"] = new JsonArray([.. arguments.Select(a => a is int n ? (JsonNode)n : (JsonNode?)(string?)a)]) }.ToJsonString(), limit.Token);
    }

    private static Task Write(ClientWebSocket socket, string json, CancellationToken cancellation) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(json + "\u001e"), WebSocketMessageType.Text, true, cancellation);

    private static string Value(Operation operation, JsonNode parameter, IReadOnlyDictionary<string, string> ids) => parameter["name"]!.ToString() switch
    {
        "verb" => parameter["schema"]!["enum"]![0]!.ToString(),
        "id" when ids.TryGetValue(operation.Path.Split('/')[2], out var id) => id,
        var name => ids.GetValueOrDefault(name, "1"),
    };

    /// <summary>A workspace of theirs with something in everything, once. The ids by parameter, and for <c>id</c> by the first part of the path.</summary>
    private async Task<IReadOnlyDictionary<string, string>> Prepare()
    {
        if (!(await server.Send(HttpMethod.Get, $"/v1/projects/{Project}", null, AsThem)).Response.IsSuccessStatusCode)
        {
            await server.Import(Project, await server.Repository($"{Mark}-repository", ("index.html", Mark)), AsThem);
            (await server.Send(HttpMethod.Post, $"/v1/projects/{Project}/plans", new { reason = Mark }, AsThem)).Response.EnsureSuccessStatusCode();
            await server.Until($"/v1/projects/{Project}/plans/1", p => p["status"]!.ToString() != "generating", AsThem);
            (await server.Send(HttpMethod.Post, "/v1/projects", new { source = $"https://127.0.0.1:1/{Mark}.git", name = "lost" }, AsThem)).Response.EnsureSuccessStatusCode();
            await server.Until("/v1/projects/lost", p => p["state"]!.ToString() == "import-failed", AsThem);
            (await server.Send(HttpMethod.Post, "/v1/webhooks", new { url = $"https://{Mark}.example.com/", events = new[] { "webhook.test" } }, AsThem)).Response.EnsureSuccessStatusCode();
            await server.Send(HttpMethod.Post, "/v1/organisations", new { id = "crossed-org", title = Mark }, AsThem);
            // As a release of theirs would order it.
            await server.Services.GetRequiredService<ITrafficOrders>().ApplyAsync(new(Theirs, Mark, "production", 1, EnvironmentRoutes.NoPort, [$"{Mark}.example.com"], [new(Mark, "127.0.0.1:1", EnvironmentRoutes.FullWeight, true)], RoutingOptions.Default));
            (await server.Send(HttpMethod.Get, "/v1/operations/router", null, AsThem)).Body!["environments"]![0]!["project"]!.ToString().ShouldBe(Mark);
            (await server.Send(HttpMethod.Put, $"/v1/members/{Mark}", new { roles = new[] { "admin" } }, AsThem)).Response.EnsureSuccessStatusCode();
            (await server.Send(HttpMethod.Put, "/v1/members/mallory", new { roles = new[] { "admin" } }, AsMe)).Response.EnsureSuccessStatusCode();
        }
        var job = (await server.Send(HttpMethod.Get, "/v1/operations/jobs?state=dead", null, AsThem)).Body!["items"]![0]!["id"]!.ToString();
        var invitation = (await server.Send(HttpMethod.Post, "/v1/invitations", new { roles = new[] { "viewer" } }, AsThem)).Body!["id"]!.ToString();
        await server.Send(HttpMethod.Post, "/v1/support/tickets", new { title = Mark, body = Mark }, AsThem);
        return new Dictionary<string, string>
        {
            ["thread"] = (await server.Send(HttpMethod.Get, "/v1/support/tickets", null, AsThem)).Body!["items"]![0]!["id"]!.ToString(),
            ["webhook"] = (await server.Send(HttpMethod.Get, "/v1/webhooks", null, AsThem)).Body!["items"]![0]!["id"]!.ToString(),
            ["project"] = Project, ["number"] = "1", ["release"] = "1", ["operations"] = job, ["invitations"] = invitation, ["user"] = "mallory", ["organisation"] = "crossed-org", ["workspace"] = Theirs,
        };
    }

    /// <summary>Everything of theirs that is stored, as the owner of the database sees it; not what looking at it adds.</summary>
    private async Task<string> Snapshot()
    {
        await using var owner = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        var tables = new List<string>();
        await using (var reader = await owner.CreateCommand(
            """
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace'
            WHERE c.relnamespace = 'prodsprint'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('traffic_second') ORDER BY 1
            """).ExecuteReaderAsync())
            while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        var found = new StringBuilder();
        foreach (var table in tables)
            found.AppendLine($"{table} {await owner.CreateCommand($"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM prodsprint.{table} t WHERE workspace = '{Theirs}'").ExecuteScalarAsync()}");
        return found.ToString();
    }
}
