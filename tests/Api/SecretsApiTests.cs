using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProdSprint.Data;
using ProdSprint.Deploy;
using ProdSprint.Infrastructure;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Api;

/// <summary>Secrets through the API of a whole server: what goes in, what services are given, and that nobody is shown it.</summary>
public sealed class SecretsApiTests(ServerFixture server)
{
    [Fact]
    public async Task Value_IsGivenToWhatStarts_KnownToThePlan_AndShownNowhere()
    {
        await server.Import("sealed", await server.Repository("sealed", ("index.html", "x")));
        var secret = $"never-shown-{Guid.NewGuid():n}";
        const string path = "/v1/projects/sealed/secrets/production/PAYMENT_TOKEN";
        await Refused($"{path}/versions", new { kind = "value" }, "secret.no-value");
        await Refused($"{path}/versions", new { kind = "postgresPassword", value = secret }, "secret.bad-value");
        await Refused("/v1/projects/sealed/secrets/production/PORT/versions", new { kind = "value", value = secret }, "secret.bad-name");
        await Refused("/v1/projects/sealed/secrets/moon/PAYMENT_TOKEN/versions", new { kind = "value", value = secret }, "secret.no-such-environment");
        await Refused("/v1/projects/absent/secrets/production/PAYMENT_TOKEN/versions", new { kind = "value", value = secret }, "project.not-found");
        await Accepted($"{path}/versions", new { kind = "value", value = secret, reason = "first" });
        await Refused($"{path}/versions", new { kind = "postgresPassword" }, "secret.other-kind");
        await Refused($"{path}/rotate", new { }, "secret.no-rotator");

        (await Given("sealed", "production"))["PAYMENT_TOKEN"].ShouldBe(secret);
        (await Given("sealed", "staging")).Keys.ShouldNotContain("PAYMENT_TOKEN");
        await Accepted($"{path}/versions", new { kind = "value", value = secret + "-2" });
        (await Given("sealed", "production"))["PAYMENT_TOKEN"].ShouldBe(secret + "-2");
        await Accepted($"{path}/restore", new { reason = "not known there yet" });
        (await Given("sealed", "production"))["PAYMENT_TOKEN"].ShouldBe(secret);

        foreach (var answer in (string[])[path, "/v1/projects/sealed/secrets", "/v1/projects/sealed/timeline?limit=200", "/v1/projects/sealed", "/v1/operations/jobs?limit=200", "/v1/admin/audit-logs?limit=200"])
        {
            var (response, body) = await server.Send(HttpMethod.Get, answer);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, answer);
            body!.ToJsonString().ShouldNotContain(secret, Case.Sensitive, answer);
        }
        (await Everything()).ShouldNotContain(secret);
        var audited = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?resource=projects/sealed&limit=200")).Body!["items"]!.AsArray().Select(r => $"{r!["action"]} {r["outcome"]}").ToList();
        audited.ShouldContain("SetSecret accepted");
        audited.ShouldContain("ReadSecrets read");
    }

    [Fact]
    public async Task Variable_IsGivenToWhatStarts_BelowASecretOfItsName_AndKeptSealed()
    {
        await server.Import("settled", await server.Repository("settled", ("index.html", "x")));
        var value = $"never-shown-{Guid.NewGuid():n}";
        var set = await server.Send(HttpMethod.Put, "/v1/projects/settled/variables", new { values = new Dictionary<string, string?> { ["GREETING"] = value, ["MAIL_PASSWORD"] = value } }, ("If-Match", "*"));
        set.Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Accepted("/v1/projects/settled/secrets/production/MAIL_PASSWORD/versions", new { kind = "value", value = "of-production" });
        var production = await Given("settled", "production");
        (production["GREETING"], production["MAIL_PASSWORD"]).ShouldBe((value, "of-production"));
        (await Given("settled", "staging"))["MAIL_PASSWORD"].ShouldBe(value);
        (await Everything()).ShouldNotContain(value);

        (await server.Send(HttpMethod.Put, "/v1/projects/settled/variables", new { values = new Dictionary<string, string?> { ["GREETING"] = null } }, ("If-Match", "*"))).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Given("settled", "staging")).Keys.ShouldBe(["MAIL_PASSWORD"]);
    }

    [Fact]
    public async Task Secret_ThatWasGivenWhenThePlanWasApproved_AndIsGone_StopsTheReleaseBeforeAnythingIsBuilt()
    {
        (string, string) ana = ("X-ProdSprint-User", "ana"), ben = ("X-ProdSprint-User", "ben");
        await server.Import("counted-on", await server.Repository("counted-on", ("index.html", "x")), ana);
        const string secret = "/v1/projects/counted-on/secrets/production/PAYMENT_TOKEN", plan = "/v1/projects/counted-on/plans/1";
        await Accepted($"{secret}/versions", new { kind = "value", value = "given" });
        (await server.Send(HttpMethod.Post, "/v1/projects/counted-on/plans", new { }, ana)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await server.Until(plan, p => p["status"]!.ToString() != "generating"))["status"]!.ToString().ShouldBe("ready");
        (await server.Send(HttpMethod.Post, $"{plan}/approve", new { reason = "Read it" }, ben)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await server.Until("/v1/projects/counted-on/timeline?limit=500", t => t["items"]!.AsArray().Any(r => r!["kind"]!.ToString() == "project.plan-accepted"));
        (await server.Send(HttpMethod.Delete, $"{secret}?reason=moved", null, ana)).Response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await server.Until(secret, s => s["phase"]!.ToString() == "removed");
        await server.Begin("counted-on", ana);
        var ended = await server.Ended("counted-on");
        ended["outcome"]!.ToString().ShouldNotBe("promoted");
        ended.ToJsonString().ShouldContain("PAYMENT_TOKEN of production was given when the plan was approved, and is not there any more.");
        (await server.Send(HttpMethod.Get, "/v1/projects/counted-on/artifacts")).Body!["items"]!.AsArray().ShouldBeEmpty();
    }

    /// <summary>While it is seen for the last time whether anything holds it, nothing starts with it, and nothing starts without one that stays.</summary>
    [Theory, InlineData("stays", "steady"), InlineData("goes", "removing")]
    public async Task Secret_ThatIsWithheld_IsWaitedFor_ByWhateverStarts(string name, string becomes)
    {
        await server.Import(name, await server.Repository(name, ("index.html", "x")));
        await Accepted($"/v1/projects/{name}/secrets/production/MAPS_KEY/versions", new { kind = "value", value = "of-the-maps" });
        await using var admin = NpgsqlDataSource.Create(server.ConnectionString);
        async Task Seen(string phase, string? waiting)
        {
            await using var command = admin.CreateCommand("UPDATE prodsprint.resource_view SET body = body || jsonb_build_object('phase', $2::text, 'waiting', $3::text) WHERE kind = 'secret' AND project = $1");
            foreach (var value in (object[])[name, phase, (object?)waiting ?? DBNull.Value]) command.Parameters.Add(new() { Value = value });
            (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        }
        await Seen("removing", "It is seen once more");
        var waits = new Waits(() => Seen(becomes, null));
        var given = await ActivatorUtilities.CreateInstance<ProdSprint.Secrets.SecretVariables>(server.Services, waits).GetAsync(new("default", name, "production", 1), App, TestContext.Current.CancellationToken);
        waits.Count.ShouldBe(1);
        given.ContainsKey("MAPS_KEY").ShouldBe(becomes == "steady");
    }

    /// <summary>No time passes, but for what happens in it.</summary>
    private sealed class Waits(Func<Task> meanwhile) : TimeProvider
    {
        public int Count { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Count++;
            meanwhile().GetAwaiter().GetResult();
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    [Fact]
    public async Task DatabasePassword_IsMade_Rotated_AndTheOldOneEnded_AllByTheServer()
    {
        await server.Import("turning", await server.Repository("turning", ("index.html", "x")));
        var owner = LocalConfiguration.DatabaseName("default", "turning", "production");
        await using var admin = NpgsqlDataSource.Create(server.Services.GetRequiredService<Database>().OwnerConnectionString);
        foreach (var sql in (string[])[$"CREATE ROLE \"{owner}\" LOGIN", $"CREATE DATABASE \"{owner}\" OWNER \"{owner}\" TEMPLATE template0"]) await admin.CreateCommand(sql).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        const string path = "/v1/projects/turning/secrets/production/DATABASE_URL";
        try
        {
            await Accepted($"{path}/versions", new { kind = "postgresPassword" });
            (await Idle(path))["problem"].ShouldBeNull();
            var first = (await Given("turning", "production"))["DATABASE_URL"];
            (await SignIn(first)).ShouldBe(owner);
            await Accepted($"{path}/schedule", new { everyDays = 30, overlapHours = 24 });
            await Accepted($"{path}/rotate", new { reason = "somebody has left" });
            var rotated = await Idle(path);
            rotated["phase"]!.ToString().ShouldBe("overlap");
            var second = (await Given("turning", "production"))["DATABASE_URL"];
            second.ShouldNotBe(first);
            (await SignIn(second)).ShouldBe(owner);
            (await SignIn(first)).ShouldBe(owner, "whoever was started with it goes on");
            await Refused($"{path}/rotate", new { }, "secret.overlap");
            await Accepted($"{path}/check", new { });
            (await Idle(path))["drift"].ShouldBeNull();
            await Accepted($"{path}/revoke", new { reason = "it was in a chat" });
            (await Idle(path))["phase"]!.ToString().ShouldBe("steady");
            (await Should.ThrowAsync<PostgresException>(() => SignIn(first))).SqlState.ShouldStartWith("28");
            (await SignIn(second)).ShouldBe(owner);
            foreach (var password in (string[])[new Uri(first).UserInfo.Split(':')[1], new Uri(second).UserInfo.Split(':')[1]]) (await Everything()).ShouldNotContain(password);
        }
        finally
        {
            await admin.CreateCommand($"DROP DATABASE IF EXISTS \"{owner}\" WITH (FORCE)").ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task CommandLine_SetsFromAFile_ListsShowsAndRestores_WithoutTheValue()
    {
        await server.Import("typed", await server.Repository("typed", ("index.html", "x")));
        var value = $"never-shown-{Guid.NewGuid():n}";
        var file = Path.Combine(server.Home, "typed-value");
        foreach (var text in (string[])[value + "\n", value + "-2\n"])
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            (await Typed(value, "set", "MAIL_PASSWORD", "--file", file)).Exit.ShouldBe(0);
        }
        File.Delete(file);
        (await Given("typed", "production"))["MAIL_PASSWORD"].ShouldBe(value + "-2", "without the end of its line");
        (await Typed(value, "list")).Envelope["data"]!["secrets"]![0]!["name"]!.ToString().ShouldBe("MAIL_PASSWORD");
        (await Typed(value, "restore", "MAIL_PASSWORD")).Exit.ShouldBe(0);
        var shown = await Typed(value, "versions", "MAIL_PASSWORD");
        shown.Envelope["data"]!["versions"]!.AsArray().Select(v => v!["state"]!.ToString()).ShouldBe(["previous", "current"]);
        (await Typed(value, "revoke", "MAIL_PASSWORD", "--yes")).Envelope["data"]!["phase"]!.ToString().ShouldBe("steady");
        var refused = await Typed(value, "rotate", "MAIL_PASSWORD");
        refused.Exit.ShouldBe(6);
        refused.Envelope["error"]!["type"]!.ToString().ShouldContain("secret.no-rotator");

        (await Typed(value, "remove", "MAIL_PASSWORD", "--force", "--yes")).Exit.ShouldNotBe(0, "without a reason");
        (await Typed(value, "remove", "MAIL_PASSWORD", "--yes", "--reason", "mail is sent by somebody else")).Envelope["data"]!["phase"]!.ToString().ShouldBe("removed");
        (await Given("typed", "production")).Keys.ShouldNotContain("MAIL_PASSWORD");
        (await Typed(value, "list")).Envelope["data"]!["secrets"]!.AsArray().ShouldBeEmpty();
        (await Everything()).ShouldNotContain(value);
        var audited = (await server.Send(HttpMethod.Get, "/v1/admin/audit-logs?resource=projects/typed&limit=200")).Body!["items"]!.AsArray().Select(r => $"{r!["action"]} {r["outcome"]}").ToList();
        audited.ShouldContain("RemoveSecret accepted");
    }

    private async Task<Cli.CliRun> Typed(string never, string verb, params string[] more)
    {
        var run = await Cli.CliRun.Of(["secrets", verb, .. more, "--project", "typed", "--json", "--no-input"], server.Home, ("PRODSPRINT_URL", server.Url.ToString()));
        (run.Out + run.Error).ShouldNotContain(never);
        return run;
    }

    private Task<JsonNode> Idle(string path) => server.Until(path, v => v["job"] is null);

    private Task<IReadOnlyDictionary<string, string>> Given(string project, string environment) => Given(server, project, environment);

    internal static Task<IReadOnlyDictionary<string, string>> Given(ServerFixture server, string project, string environment) => server.Services.GetRequiredService<IVariableSource>().GetAsync(
        new("default", project, environment, 1), App, TestContext.Current.CancellationToken);

    private static readonly ServicePlan App = new("app", ".", ServiceKind.Web, "node", null, null, null, null, null, null, null, null, null, null, null, new(256, 32, 256, TimeSpan.FromMinutes(5), 256, TimeSpan.FromSeconds(5)), []);

    internal static async Task<string> SignIn(string address)
    {
        var given = new Uri(address);
        var host = given.Query.StartsWith("?host=", StringComparison.Ordinal) ? Uri.UnescapeDataString(given.Query[6..]) : given.Host;
        var user = given.UserInfo.Split(':');
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = host, Port = given.Port, Username = user[0], Password = user[1], Database = given.AbsolutePath[1..], Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return (string)(await new NpgsqlCommand("SELECT current_user::text", connection).ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Every row of every table, grains' state and jobs' logs among them.</summary>
    private async Task<string> Everything()
    {
        await using var admin = NpgsqlDataSource.Create(server.ConnectionString);
        var tables = new List<string>();
        await using (var reader = await admin.CreateCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('prodsprint', 'orleans', 'identity') AND tablename NOT LIKE 'traffic%'").ExecuteReaderAsync(TestContext.Current.CancellationToken))
            while (await reader.ReadAsync(TestContext.Current.CancellationToken)) tables.Add(reader.GetString(0));
        var all = new System.Text.StringBuilder();
        foreach (var table in tables)
            all.Append(await admin.CreateCommand($"SELECT string_agg(t::text, ' ') FROM {table} t").ExecuteScalarAsync(TestContext.Current.CancellationToken));
        return all.ToString();
    }

    private async Task Accepted(string path, object body)
    {
        var (response, answer) = await server.Send(HttpMethod.Post, path, body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, answer?.ToJsonString());
    }

    private async Task Refused(string path, object body, string code)
    {
        var (_, answer) = await server.Send(HttpMethod.Post, path, body);
        answer!["code"]!.ToString().ShouldBe(code, answer.ToJsonString());
    }
}
