using System.Diagnostics;
using System.Net;
using ProdSprint.Tests.Api.Cli;
using static ProdSprint.Tests.Api.Identity.AccountsFixture;

namespace ProdSprint.Tests.Api.Identity;

/// <summary>The command line against a server that wants to know who asks: code shown, let in, kept, refreshed, signed out.</summary>
[Collection(AccountsCollection.Name)]
public sealed class CliSignInTests(AccountsFixture servers) : IDisposable
{
    private readonly string _config = Directory.CreateTempSubdirectory("ps-config-").FullName;

    private string File => Path.Combine(_config, "prodsprint", "credentials.json");

    private Task<CliRun> Cli(string[] arguments, params (string, string)[] environment) =>
        CliRun.Of([.. arguments, "--url", servers.One.BaseAddress!.ToString(), "--json"], _config, [("XDG_CONFIG_HOME", _config), ("PRODSPRINT_KEYRING", "off"), .. environment]);

    public void Dispose() => Directory.Delete(_config, recursive: true);

    [Fact]
    public async Task NotSignedIn_ExitsWithFour_AndSaysHow()
    {
        var run = await Cli(["whoami"]);
        run.Exit.ShouldBe(4, run.Out);
        run.Out.ShouldContain("prodsprint login");
    }

    [Fact]
    public async Task Login_IsLetInByCode_Kept_Refreshed_AndSignedOut()
    {
        var session = await servers.SignIn("clara");
        (await LoginAsync(async code =>
        {
            (await Send(servers.Other, HttpMethod.Get, $"/v1/device/{code}", null, session.AccessToken)).Body!["client"]!.ToString().ShouldStartWith("prodsprint on ");
            (await Send(servers.Other, HttpMethod.Post, $"/v1/device/{code.ToLowerInvariant()}/approve", new { }, session.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        })).ShouldBe(0);
        if (!OperatingSystem.IsWindows()) System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await Cli(["whoami"])).Envelope["data"]!["actor"]!.ToString().ShouldBe("user:clara");

        // An access token that is over is refreshed on the way, and the successor kept.
        var before = await System.IO.File.ReadAllTextAsync(File);
        var age = before.Replace("AccessExpires\\u0022:\\u002220", "AccessExpires\\u0022:\\u002219", StringComparison.Ordinal);
        age.ShouldNotBe(before);
        await System.IO.File.WriteAllTextAsync(File, age);
        (await Cli(["whoami"])).Exit.ShouldBe(0);
        (await System.IO.File.ReadAllTextAsync(File)).ShouldNotBe(age);

        (await Cli(["logout"])).Exit.ShouldBe(0);
        (await System.IO.File.ReadAllTextAsync(File)).ShouldNotContain("psr_");
        (await Cli(["whoami"])).Exit.ShouldBe(4);
        (await Send(servers.One, HttpMethod.Get, "/v1/sessions", null, session.AccessToken)).Body!["items"]!.AsArray().Count.ShouldBe(1, "the tool's session is over");
    }

    [Fact]
    public async Task FirstAdministrator_IsMadeAtTheMachine_AndComesInOnce()
    {
        var made = await Cli(["accounts", "enrol", "first-one", "--admin"], ("ConnectionStrings__prodsprint", servers.ConnectionString));
        made.Exit.ShouldBe(0, made.Out);
        var code = made.Envelope["data"]!["code"]!.ToString();
        (await Cli(["login", "--enrol", code])).Exit.ShouldBe(0);
        (await Cli(["workspaces", "create", "first-ones"])).Exit.ShouldBe(0);
        var token = await Cli(["tokens", "create", "more", "--may", "projects.read", "--service", "other", "--workspace", "first-ones"]);
        token.Envelope["data"]!["token"]!.ToString().ShouldStartWith("pss_");
        (await Cli(["tokens", "revoke", token.Envelope["data"]!["id"]!.ToString(), "--services", "--workspace", "first-ones"])).Exit.ShouldBe(0);
        (await Cli(["login", "--enrol", code])).Exit.ShouldBe(4);
        (await Cli(["accounts", "enrol", "Not A Name"])).Exit.ShouldBe(2);
    }

    [Fact]
    public async Task SignIns_AreReadAndVerifiedAtTheMachine_AndAChangeShows()
    {
        (string, string) machine = ("ConnectionStrings__prodsprint", servers.ConnectionString);
        await servers.SignIn("watched");
        var listed = await Cli(["audit-log", "list", "--accounts", "--action", "SignIn", "--user", "watched"], machine);
        listed.Exit.ShouldBe(0, listed.Out);
        listed.Envelope["data"]!["items"]!.AsArray().Select(r => $"{r!["actor"]} {r["outcome"]} {r["workspace"]}").ShouldContain("user:watched accepted _accounts");

        var verdict = await Cli(["audit-log", "verify", "--accounts"], machine);
        verdict.Exit.ShouldBe(0, verdict.Out);
        var head = verdict.Envelope["data"]!["head"]!.ToString();
        (await Cli(["audit-log", "verify", "--accounts", "--head", head], machine)).Exit.ShouldBe(0);
        (await Cli(["audit-log", "verify", "--accounts", "--head", $"{head.Split(':')[0]}:{new string('0', 64)}"], machine)).Exit.ShouldBe(1, "what was noted down is not what stands there");
        (await servers.Get<ProdSprint.Audit.AuditLog>().ListAsync("_accounts", new(Actor: "system:machine", Action: "ReadAccountsLog"), null, 10)).Rows.Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task SignIns_AreErasedOfWhatIsPersonal_AtTheMachine_OnTheRecord()
    {
        (string, string) machine = ("ConnectionStrings__prodsprint", servers.ConnectionString);
        await servers.SignIn("forgotten");
        var log = servers.Get<ProdSprint.Audit.AuditLog>();
        (await Cli(["audit-log", "erase", "--accounts", "--person", "forgotten", "--reason", "asked for"], machine)).Exit.ShouldBe(2, "without --yes nothing is erased");
        (await log.ListAsync("_accounts", new(Actor: "user:forgotten"), null, 10)).Rows.ShouldAllBe(r => r.Salt != null);
        var erased = await Cli(["audit-log", "erase", "--accounts", "--person", "forgotten", "--reason", "asked for", "--yes"], machine);
        erased.Exit.ShouldBe(0, erased.Out);
        erased.Envelope["data"]!["rows"]!.GetValue<long>().ShouldBe(1);
        (await log.ListAsync("_accounts", new(Actor: "user:forgotten"), null, 10)).Rows.ShouldAllBe(r => r.Salt == null && r.Event.Origin == null && r.Event.Agent == null);
        (await log.ListAsync("_accounts", new(Action: "EraseAuditPerson"), null, 10)).Rows.Select(r => $"{r.Event.Outcome} {r.Event.Before} {r.Event.After} {r.Event.Reason}").ShouldBe(
            ["accepted origin and agent of user:forgotten erased in 1 rows asked for", "requested origin and agent of user:forgotten  asked for"]);
        (await Cli(["audit-log", "verify", "--accounts"], machine)).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task Keyring_IsUsedWhereThereIsOne_AndSecretsAreNeverArguments()
    {
        // libsecret's tool speaks to a desktop that a test has not: this one keeps what it is given in a file, and notes how it was called.
        var tool = Path.Combine(_config, "secret-tool");
        await System.IO.File.WriteAllTextAsync(tool, $"#!/bin/sh\necho \"$@\" >> {_config}/calls\ncase $1 in store) cat > {_config}/ring;; lookup) cat {_config}/ring 2>/dev/null;; clear) rm -f {_config}/ring;; esac\n");
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (string, string)[] desktop = [("PATH", $"{_config}:{Environment.GetEnvironmentVariable("PATH")}"), ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/none"), ("PRODSPRINT_KEYRING", "")];
        var code = await servers.Get<ProdSprint.Identity.Enrolments>().MakeAsync("ringer", administrator: false, CancellationToken.None);
        (await Cli(["login", "--enrol", code], desktop)).Exit.ShouldBe(0);
        (await Cli(["whoami"], desktop)).Envelope["data"]!["actor"]!.ToString().ShouldBe("user:ringer");
        System.IO.File.Exists(File).ShouldBeFalse();
        (await Cli(["logout"], desktop)).Exit.ShouldBe(0);
        (await System.IO.File.ReadAllTextAsync(Path.Combine(_config, "calls"))).ShouldNotContain("psr_");
        System.IO.File.Exists(Path.Combine(_config, "ring")).ShouldBeFalse();
    }

    [Fact]
    public async Task Login_SentAway_ExitsWithFour()
    {
        var session = await servers.SignIn("denis");
        (await LoginAsync(async code => (await Send(servers.One, HttpMethod.Post, $"/v1/device/{code}/deny", new { }, session.AccessToken)).Status.ShouldBe(HttpStatusCode.OK))).ShouldBe(4);
        System.IO.File.Exists(File).ShouldBeFalse();
    }

    [Fact]
    public async Task Token_FromTheEnvironment_IsUsedInAPipeline()
    {
        var root = await servers.SignIn("root");
        (string, string) there = ("X-ProdSprint-Workspace", "cli-token");
        await Send(servers.One, HttpMethod.Put, "/v1/members/root", new { roles = new[] { "admin" } }, root.AccessToken, there);
        var made = (await Send(servers.One, HttpMethod.Post, "/v1/service-tokens", new { service = "ci", name = "x", permissions = new[] { "projects.read", "tokens.read" } }, root.AccessToken, there)).Body!;
        (string, string) token = ("PRODSPRINT_TOKEN", made["token"]!.ToString());
        (await Cli(["whoami"], token)).Envelope["data"]!["actor"]!.ToString().ShouldBe("service:ci");
        (await Cli(["tokens", "list", "--services"], token)).Envelope["data"]!["items"]!.AsArray().Count.ShouldBe(1);
        (await Cli(["tokens", "create", "more", "--may", "projects.read", "--service", "other"], token)).Envelope["error"]!["type"]!.ToString().ShouldEndWith("permission.missing", Case.Sensitive, "no token makes another");
        (await Cli(["whoami"], ("PRODSPRINT_TOKEN", "psp_mistyped"))).Exit.ShouldBe(4);
    }

    private async Task<int> LoginAsync(Func<string, Task> seen)
    {
        var start = new ProcessStartInfo(ServerFixture.Program, ["login", "--url", servers.One.BaseAddress!.ToString()]) { RedirectStandardError = true, RedirectStandardOutput = true };
        (start.Environment["XDG_CONFIG_HOME"], start.Environment["PRODSPRINT_KEYRING"], start.Environment["PRODSPRINT_HOME"]) = (_config, "off", _config);
        using var login = Process.Start(start)!;
        var line = (await login.StandardError.ReadLineAsync()).ShouldNotBeNull();
        await seen(line.Split(' ')[1]);
        await login.WaitForExitAsync();
        return login.ExitCode;
    }
}
