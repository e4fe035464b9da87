using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Data;
using ProdSprint.Gates;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tests.Api.Identity;

namespace ProdSprint.Tests.Api.Description;

/// <summary>
/// Every example request of the description is sent to the server, in order, and every answer is held against its schema: what people copy works.
/// PRODSPRINT_WRITE=1 writes the answers into the examples.
/// </summary>
public sealed class ExampleTests(ServerFixture server)
{
    private const string Workspace = "acme";
    private static readonly (string, string) There = ("X-ProdSprint-Workspace", Workspace);
    private static readonly string Examples = Path.Combine(Path.GetDirectoryName(ApiDocument.CommittedPath)!, "Server", "Description", "examples.json");

    [Fact]
    public async Task Examples_AreAnsweredAsDescribed()
    {
        var document = ApiDocument.Committed;
        var signIn = new SignInExamples(server);
        var infrastructure = new InfrastructureExamples(server, Workspace);
        var secrets = new SecretExamples(server, Workspace);
        var examples = JsonNode.Parse(await File.ReadAllTextAsync(Examples))!.AsObject();
        examples.Select(e => e.Key).Order().ShouldBe(document.Operations.Select(o => o.Id).Order(), "every operation has its example");
        foreach (var (id, node) in examples.ToArray())
        {
            var example = node!.AsObject();
            var operation = document[id];
            var request = example["request"]?.DeepClone();
            if (id == "ImportProject") request!["source"] = await Shop();
            if (id == "AcceptInvitation") request!["secret"] = (await Invite())["secret"]!.ToString();
            if (id == "WithdrawInvitation") example["parameters"]!["id"] = (await Invite())["id"]!.ToString();
            if (id == "GetTests") await Tested();
            if (id == "GetPerformance") await Loaded();
            if (id is "CreateWaiver" or "QuarantineTest") request!["expires"] = DateTimeOffset.UtcNow.AddDays(30);
            if (id == "GetBlueprint") example["parameters"]!["digest"] = examples["GenerateBlueprint"]!["response"]!["iac_ref"]!.ToString().Split('/')[^1];
            if (id == "ListAttestations") example["parameters"]!["digest"] = examples["ListArtifacts"]!["response"]!["items"]![0]!["digest"]!.ToString();
            if (id == "PruneAuditLog")
            {
                var lines = await (await server.Http.SendAsync(new(HttpMethod.Get, "/v1/admin/audit-logs/export?archive=true") { Headers = { { There.Item1, There.Item2 }, { "X-ProdSprint-User", "ana" } } })).Content.ReadAsStringAsync();
                foreach (var (field, value) in JsonNode.Parse(lines.TrimEnd().Split('\n')[^1])!["sealed"]!.AsObject()) if (field != "workspace") request![field] = value!.DeepClone();
            }
            if (id == "OverrideFreeze") await Freeze();
            if (id == "NameWorkspaceAdmin") await signIn.WithoutAdmin(Own(example["parameters"]!["workspace"]!.ToString()));
            await signIn.Prepare(id, example, request);
            await infrastructure.Prepare(id, request);
            await secrets.Prepare(id);
            if (id.Contains("Webhook", StringComparison.Ordinal) || id.EndsWith("Delivery", StringComparison.Ordinal) || id == "ListDeliveries") await Hook(example);
            if (example["parameters"]?["thread"] is not null)
            {
                // The one the example before has made.
                var all = operation.Path[..operation.Path.LastIndexOf('/')];
                example["parameters"]!["thread"] = (await server.Send(HttpMethod.Get, all, null, There, ("X-ProdSprint-User", "ana"))).Body!["items"]![0]!["id"]!.ToString();
            }
            var headers = new List<(string, string)> { There, ("X-ProdSprint-User", id.StartsWith("A", StringComparison.Ordinal) ? "ben" : "ana") };
            if (operation.Json["tags"]![0]!.ToString() == "Identity") headers.Add(await SignedIn(id, example, request));
            headers.AddRange(signIn.Headers(id));
            if (operation.Parameters.Any(p => p["name"]!.ToString() == "If-Match" && p["required"]?.GetValue<bool>() == true)) headers.Add(("If-Match", await Tag(operation, example)));
            var (response, body) = await server.Send(new(operation.Method), Own(Address(operation, example)), request is null ? null : Own(request.ToJsonString()), [.. headers]);
            ((int)response.StatusCode).ShouldBe((int)example["status"]!, $"{id}: {body?.ToJsonString()}");
            response.Headers.Contains("ETag").ShouldBe(operation.Method == "GET" && id != "ExportAuditLog", id);
            if (operation.Responses[example["status"]!.ToString()]!["content"]?["application/json"] is { } media)
            {
                document.Faults(body, media["schema"]!).ShouldBeEmpty(id);
                example["response"] = Kept(body!);
                signIn.Seen(id, body!);
            }
            await Settle(id);
        }
        if (Environment.GetEnvironmentVariable("PRODSPRINT_WRITE") != "1") return;
        await File.WriteAllTextAsync(Examples, examples.ToJsonString(new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
    }

    /// <summary>Names above workspaces are the server's, and other tests send examples as well.</summary>
    private static readonly string Suffix = "-" + Guid.NewGuid().ToString("N")[..8];

    private static string Own(string text) => text.Replace("acme-group", "acme-group" + Suffix, StringComparison.Ordinal).Replace("acme-labs", "acme-labs" + Suffix, StringComparison.Ordinal);

    /// <summary>What is about oneself is done by somebody who has signed in, in a session of its own.</summary>
    private async Task<(string, string)> SignedIn(string id, JsonObject example, JsonNode? request)
    {
        var (session, other) = (await Session(), await Session());
        if (id == "RefreshSession") request!["refreshToken"] = other.RefreshToken;
        if (id == "RevokeSession") example["parameters"]!["id"] = other.Id.ToString();
        if (id is "GetDevice" or "ApproveDevice" or "DenyDevice") example["parameters"]!["code"] = (await Device())["userCode"]!.ToString();
        if (id == "PollDevice")
        {
            var device = await Device();
            await server.Send(HttpMethod.Post, $"/v1/device/{device["userCode"]}/approve", new { }, ("Authorization", $"Bearer {session.AccessToken}"));
            request!["deviceCode"] = device["deviceCode"]!.ToString();
        }
        await Factors(id, example, request, session);
        if (id is "RevokeToken" or "RevokeServiceToken")
        {
            object body = id == "RevokeToken" ? new { name = "once", permissions = new[] { "projects.read" } } : new { name = "once", service = "ci", permissions = new[] { "projects.read" } };
            var made = await server.Send(HttpMethod.Post, id == "RevokeToken" ? "/v1/tokens" : "/v1/service-tokens", body, There, ("Authorization", $"Bearer {session.AccessToken}"));
            example["parameters"]!["id"] = made.Body!["id"]!.ToString();
        }
        return ("Authorization", $"Bearer {session.AccessToken}");
    }

    /// <summary>What a second factor answers is computed here as a telephone does.</summary>
    private async Task Factors(string id, JsonObject example, JsonNode? request, SessionStarted session)
    {
        var (factors, none) = (server.Services.GetRequiredService<SecondFactors>(), CancellationToken.None);
        if (id == "ConfirmTotp") request!["code"] = Totp.Code(await factors.StartAsync(session.Account, none), Totp.StepAt(DateTimeOffset.UtcNow));
        else if (id == "SetSecurityPolicy" || (await factors.OfAsync(session.Account, none)).On) await server.Services.GetRequiredService<Sessions>().ProvedAsync(session.Id);
        if (id == "ConfirmSession") request!["code"] = (await factors.NewRecoveryCodesAsync(session.Account, none))[0];
        if (id == "Enrol") request!["code"] = await server.Services.GetRequiredService<Enrolments>().MakeAsync("ops", administrator: true, none);
        if (id is not ("AddPasskey" or "SignInByPasskey" or "RemovePasskey")) return;
        var (key, bearer, origin) = (new SoftAuthenticator(), ("Authorization", $"Bearer {session.AccessToken}"), server.Url.GetLeftPart(UriPartial.Authority));
        var asked = (await server.Send(HttpMethod.Post, "/v1/passkeys/options", null, bearer)).Body!;
        var made = key.Create(asked["options"]!.ToString(), origin);
        if (id != "AddPasskey")
        {
            var added = await server.Send(HttpMethod.Post, "/v1/passkeys", new { challenge = asked["challenge"]!.ToString(), credential = made, name = "Laptop" }, bearer);
            if (id == "RemovePasskey") example["parameters"]!["id"] = added.Body!["id"]!.ToString();
            asked = (await server.Send(HttpMethod.Post, "/v1/sign-in/passkey/options")).Body!;
            made = key.Get(asked["options"]!.ToString(), origin);
        }
        if (id != "RemovePasskey") (request!["challenge"], request["credential"]) = (asked["challenge"]!.ToString(), made);
    }

    private async Task<JsonNode> Device() => (await server.Send(HttpMethod.Post, "/v1/device", new { client = "prodsprint on laptop" })).Body!;

    /// <summary>Of the same ana who is everywhere else only said to be there.</summary>
    private async Task<SessionStarted> Session()
    {
        var accounts = server.Services.GetRequiredService<Accounts>();
        await accounts.EnsureAsync("ana");
        return await server.Services.GetRequiredService<Sessions>().OpenAsync(new DefaultHttpContext(), (await accounts.FindAsync("ana"))!, "github");
    }

    private async Task<string> Shop()
    {
        var folder = await server.Repository("examples", ("index.html", "<h1>Shop</h1>"));
        return folder;
    }

    /// <summary>As if the tests of a build had written this.</summary>
    private async Task Tested()
    {
        var tally = new TestTally();
        tally.Case("cart.test.js", "totals are rounded", TestOutcome.Failed, 0.012, "Expected 12.34, got 12.339999");
        tally.Case("cart.test.js", "an empty cart costs nothing", TestOutcome.Passed, 0.002, null);
        tally.Lines("src/cart.js", 1, 40, true);
        tally.Lines("src/cart.js", 41, 44, false);
        var report = tally.Build(["junit junit.xml", "lcov lcov.info"], []);
        var digest = await server.Services.GetRequiredService<DocumentStore>().PutAsync(Workspace, "tests", KernelJson.Write(report));
        await server.Services.GetRequiredService<TestRunStore>().AddAsync(Workspace, "shop", new('4', 40), digest, new('5', 32), report, DateTimeOffset.UtcNow, CancellationToken.None);
    }

    /// <summary>As if a release had been put under load.</summary>
    private async Task Loaded()
    {
        var none = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty;
        var list = new RouteList("openapi.yaml", [new("GET /items", "GET", "/items", none), new("GET /items/{id}", "GET", "/items/7", none)], [new("POST /items", "it may change something")], ["k6/checkout.js"]);
        var store = server.Services.GetRequiredService<PerformanceStore>();
        await store.KeepRoutesAsync(Workspace, "shop", new('4', 40), list, DateTimeOffset.UtcNow, CancellationToken.None);
        var scenario = LoadScenario.Of(list, Plans.PerformancePolicy.Usual, RouteLimit.All([new("GET /items", 200, 1, "user:ana", DateTimeOffset.UtcNow)], []));
        var verdicts = PerformanceGate.Judge(scenario, [new("GET /items", 40, 0, 8.31, 14.92, 16.04), new("GET /items/{id}", 40, 1, 3.02, 5.77, 6.1, "1 × 503")]);
        var digest = await server.Services.GetRequiredService<DocumentStore>().PutAsync(Workspace, "load", KernelJson.Write(scenario));
        await store.AddAsync(Workspace, "shop", "example", new(0, 1, new('4', 40), "built-in", digest, DateTimeOffset.UtcNow, PerformanceGate.Result(scenario, verdicts, "built-in").Detail), verdicts, CancellationToken.None);
    }

    /// <summary>The webhook the example before has made; it is paused, so its delivery ends at once, and can be replayed.</summary>
    private async Task Hook(JsonObject example)
    {
        if (example["parameters"] is not JsonObject parameters) return;
        (string, string) ana = ("X-ProdSprint-User", "ana");
        _hook = (await server.Send(HttpMethod.Get, "/v1/webhooks", null, There, ana)).Body!["items"]![0]!["id"]!.ToString();
        parameters["webhook"] = _hook;
        if (parameters["delivery"] is not null) parameters["delivery"] = (await server.Send(HttpMethod.Get, $"/v1/webhooks/{_hook}/deliveries", null, There, ana)).Body!["items"]![0]!["id"]!.ToString();
    }

    private string? _hook;

    private async Task<JsonNode> Invite() =>
        (await server.Send(HttpMethod.Post, "/v1/invitations", new { roles = new[] { "planner" } }, There, ("X-ProdSprint-User", "ana"))).Body!;

    /// <summary>Waits until what the example started has come to where the next one is of use.</summary>
    private Task Settle(string id) => id switch
    {
        "TestWebhook" => server.Until($"/v1/webhooks/{_hook}/deliveries", d => d["items"]![0]!["state"]!.ToString() == "failed", There, ("X-ProdSprint-User", "ana")),
        "ImportProject" => server.Until("/v1/projects/shop", p => p["state"]!.ToString() == "imported", There),
        "RequestPlan" => server.Until("/v1/projects/shop/plans/1", p => p["status"]!.ToString() == "ready", There),
        "StartRelease" => Second(),
        "WritePlanBranch" => server.Until("/v1/projects/shop/plans/1/branch", b => b["branch"]!["state"]!.ToString() == "written", There, ("X-ProdSprint-User", "ana")),
        "GetJob" => Lost(),
        "RollBack" => server.Until("/v1/projects/shop/releases/2", r => r["phase"]!.ToString() == "ended", There),
        _ => Task.CompletedTask,
    };

    /// <summary>The first release goes straight through; a second one, whose canary nobody visits, is there to be steered.</summary>
    private async Task Second()
    {
        await server.Until("/v1/projects/shop/releases/1", r => r["phase"]!.ToString() == "ended", There);
        await server.Repository("examples", ("index.html", "<h1>The shop</h1>"));
        (await server.Send(HttpMethod.Post, "/v1/projects/shop/releases", new { @ref = "main" }, There)).Response.EnsureSuccessStatusCode();
        await server.Until("/v1/projects/shop/releases/2", r => r["phase"]!.ToString() == "canary", There);
    }

    /// <summary>A window is open for production, and the release in its canary knows.</summary>
    private async Task Freeze()
    {
        var now = DateTimeOffset.UtcNow;
        (string, string) tag = ("If-Match", (await server.Send(HttpMethod.Get, "/v1/projects/shop", null, There, ("X-ProdSprint-User", "ana"))).Response.Headers.ETag!.Tag);
        (await server.Send(HttpMethod.Put, "/v1/projects/shop/freeze", new { windows = new[] { new { from = now.AddMinutes(-1), until = now.AddHours(1), reason = "Sale", environment = "production" } } }, There, ("X-ProdSprint-User", "ana"), tag))
            .Response.EnsureSuccessStatusCode();
        await server.Until("/v1/projects/shop/releases/2", r => r["held"]?.ToString() == "frozen", There, ("X-ProdSprint-User", "ana"));
    }

    /// <summary>An import that cannot succeed leaves a dead letter.</summary>
    private async Task Lost()
    {
        (await server.Send(HttpMethod.Post, "/v1/projects", new { source = "https://127.0.0.1:1/none.git", name = "lost" }, There)).Response.EnsureSuccessStatusCode();
        await server.Until("/v1/projects/lost", p => p["state"]!.ToString() == "import-failed", There);
    }

    private async Task<string> Tag(Operation operation, JsonObject example)
    {
        var own = Address(operation, example).Split('?')[0];
        var of = ApiDocument.Committed.Operations.Any(o => o.Method == "GET" && o.Path == operation.Path) ? own : string.Join('/', own.Split('/').SkipLast(1));
        return (await server.Send(HttpMethod.Get, of, null, There, ("X-ProdSprint-User", "ana"))).Response.Headers.ETag!.Tag;
    }

    private static string Address(Operation operation, JsonObject example)
    {
        var path = operation.Path;
        var query = "";
        foreach (var parameter in operation.Parameters)
        {
            var name = parameter["name"]!.ToString();
            if (example["parameters"]?[name]?.ToString() is not { } value) continue;
            if (parameter["in"]!.ToString() == "path") path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value));
            else if (parameter["in"]!.ToString() == "query") query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }
        return path + query;
    }

    /// <summary>Without this machine's paths; one item shows what the others are like.</summary>
    private JsonNode Kept(JsonNode body)
    {
        var kept = JsonNode.Parse(body.ToJsonString().Replace(server.Home + "/repositories/examples", "https://git.example.com/acme/shop.git", StringComparison.Ordinal).Replace(Suffix, "", StringComparison.Ordinal))!;
        foreach (var (name, shown) in (ReadOnlySpan<(string, string)>)[("accessToken", "psa_shown-this-once"), ("refreshToken", "psr_shown-this-once"), ("token", "psp_shown-this-once"), ("deviceCode", "psd_shown-this-once")])
            if (kept[name] is not null) kept[name] = shown;
        if (kept["location"] is not null) kept["location"] = "https://idp.example.com/sso?SAMLRequest=…&RelayState=…";
        if (kept["svg"] is not null) (kept["secret"], kept["uri"], kept["svg"]) = ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "otpauth://totp/ProdSprint:ana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ProdSprint&algorithm=SHA1&digits=6&period=30", "<svg>…</svg>");
        else if (kept["secret"] is { } secret) kept["secret"] = $"{secret.ToString().Split('_')[0]}_shown-this-once";
        if (kept["files"] is JsonObject files) foreach (var path in files.Select(f => f.Key).Skip(1).ToArray()) files.Remove(path);
        foreach (var list in (string[])["codes", "items", "policies", "plan_diff", "lines", "points", "log", "grains", "environments"])
            if (kept[list] is JsonArray all) while (all.Count > 1) all.RemoveAt(all.Count - 1);
        return kept;
    }
}
