using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Signing in from a terminal: a code is shown, and entered in a browser that may be on another machine.</summary>
public static class LoginCommand
{
    private static readonly Option<string?> Enrol = new("--enrol") { Description = "Sign in by a code that 'prodsprint accounts enrol' printed" };

    public static Command Login() => new Command("login", "Sign in: shows a code to be entered in the dashboard") { Enrol }.Runs(LoginAsync);

    public static Command Logout() => new Command("logout", "Sign out, and forget the session").Runs(async (run, cancellation) =>
    {
        var store = new CredentialStore();
        if (store.Find(run.Server) is null) throw new CliException(ExitCode.SignIn, "cli.not-signed-in", "Not signed in", $"There is no session for {run.Server}.", "Sign in: prodsprint login");
        try
        {
            await run.Api.Delete("/v1/session", cancellation);
        }
        catch (CliException e) when (e.ExitCode is ExitCode.SignIn or ExitCode.NotFound)
        {
            // Over already.
        }
        store.Forget(run.Server);
        run.Line($"Signed out of {run.Server}");
        return new JsonObject { ["server"] = run.Server.ToString() };
    });

    public static Command WhoAmI() => new Command("whoami", "Who you are there, and what you may").Runs(async (run, cancellation) =>
    {
        var me = await run.Api.Get("/v1/me", cancellation);
        run.Line($"{me["actor"]} in {me["workspace"]}{(me["open"]?.GetValue<bool>() is true ? ", which has no members yet" : "")}");
        run.Line($"  roles        {Text(me["roles"])}");
        run.Line($"  permissions  {Text(me["permissions"])}");
        return me;
    });

    private static async Task<JsonNode?> LoginAsync(CommandRun run, CancellationToken cancellation)
    {
        var store = new CredentialStore();
        using var anonymous = new ApiClient(run.Server, user: null);
        if (run.Get(Enrol) is { } code) return Keep(run, store, await anonymous.Post("/v1/sign-in/enrol", new { code, tool = true }, cancellation));
        var started = await anonymous.Post("/v1/device", new { client = $"prodsprint on {Environment.MachineName}" }, cancellation);
        Screen.Say($"Enter {Screen.Bold(started["userCode"]!.ToString())} at {started["verificationUri"]}");
        Screen.Note($"  or open {started["verificationUriComplete"]}");
        var pause = TimeSpan.FromSeconds(started["interval"]!.GetValue<int>());
        while (true)
        {
            await Task.Delay(pause, cancellation);
            if (await LetInAsync(anonymous, started["deviceCode"]!.ToString(), cancellation) is { } answer) return Keep(run, store, answer);
        }
    }

    private static JsonObject Keep(CommandRun run, CredentialStore store, JsonNode answer)
    {
        var session = StoredSession.Of(answer);
        store.Keep(run.Server, session);
        run.Line($"Signed in to {run.Server} as {session.Account}; kept in {store.Place}");
        run.Next("prodsprint whoami");
        return new JsonObject { ["server"] = run.Server.ToString(), ["account"] = session.Account, ["endsAt"] = answer["endsAt"]?.DeepClone(), ["keptIn"] = store.Place };
    }

    /// <summary>Null: not yet.</summary>
    private static async Task<JsonNode?> LetInAsync(ApiClient anonymous, string deviceCode, CancellationToken cancellation)
    {
        try
        {
            return await anonymous.Post("/v1/device/token", new { deviceCode }, cancellation);
        }
        catch (CliException e) when (e.Type.EndsWith("device.authorization-pending", StringComparison.Ordinal) || e.Type.EndsWith("device.slow-down", StringComparison.Ordinal) || e.ExitCode == ExitCode.RateOrQuota)
        {
            return null;
        }
        catch (CliException e) when (e.Type.Contains("/device.", StringComparison.Ordinal))
        {
            throw new CliException(ExitCode.SignIn, e.Type, e.Title, e.Message, e.Next, e.RequestId);
        }
    }

    private static string Text(JsonNode? list) => string.Join(", ", list!.AsArray().Select(r => r!.ToString()));
}
