using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>Is the server there, well, and the one that is expected? For scripts and probes: needs no sign-in, changes nothing, takes at most ten seconds.</summary>
public static class SmokeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create() => new Command("smoke", "Probe a server: its health, then what it offers").Runs(async (run, cancellation) =>
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = run.Api.Server, Timeout = Patience };
        var (ready, health) = await AskAsync(http, "/health/ready", cancellation);
        foreach (var check in health["checks"]?.AsArray() ?? []) run.Line($"{(check!["problem"] is null ? Screen.Good("✓") : Screen.Bad("✗"))} {check["name"]}{(check["problem"] is { } problem ? $": {problem}" : "")}");
        foreach (var warning in health["warnings"]?.AsArray() ?? []) run.Line($"{Screen.Bad("!")} {warning!["name"]}: {warning["problem"]}");
        if (!ready) throw new CliException(ExitCode.Failed, "smoke.not-ready", "Not ready", $"{run.Api.Server} answers, and is not ready: {Problems(health)}.", "Look at its log: prodsprint logs --server");
        var (offered, config) = await AskAsync(http, "/api/v1/config", cancellation);
        if (!offered || config["product"]?.ToString() != "ProdSprint")
            throw new CliException(ExitCode.Failed, "cli.not-prodsprint", "Not a ProdSprint server", $"What answers at {run.Api.Server} does not say that it is one.", "Check --url and PRODSPRINT_URL");
        run.Line($"{Screen.Good("✓")} {config["product"]} {config["version"]}, {config["environment"]}, engine {config["engine"]}, API {config["api"]?["version"]}");
        return new JsonObject { ["url"] = run.Api.Server.ToString(), ["health"] = health, ["config"] = config };
    });

    private static async Task<(bool Ok, JsonNode Body)> AskAsync(HttpClient http, string path, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(path, cancellation);
            return (response.IsSuccessStatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation)) ?? new JsonObject());
        }
        catch (HttpRequestException e)
        {
            throw new CliException(ExitCode.Failed, "cli.no-server", "No server", $"Nothing answers at {http.BaseAddress} ({e.HttpRequestError}).", "Start it: prodsprint up");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.StillRunning, "cli.timeout", "No answer in time", $"{http.BaseAddress} did not answer {path} within {Patience.TotalSeconds:0} s.", "Look at it: prodsprint status");
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.Failed, "cli.not-prodsprint", "Not a ProdSprint server", $"What answers at {http.BaseAddress} does not speak its API.", "Check --url and PRODSPRINT_URL");
        }
    }

    private static string Problems(JsonNode health) =>
        string.Join("; ", (health["checks"]?.AsArray() ?? []).Where(c => c!["problem"] is not null).Select(c => $"{c!["name"]}: {c["problem"]}")) is { Length: > 0 } all ? all : "it says no more";
}
