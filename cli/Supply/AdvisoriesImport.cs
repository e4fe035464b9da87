using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Supply;

/// <summary><c>prodsprint vulnerabilities import</c>: advisories from disk into the server's database, a batch at a time. May be broken off and begun again.</summary>
public static class AdvisoriesImport
{
    private static readonly Argument<string> From = new("path") { Description = "Advisories in OSV's format: a folder, a file, or a zip as OSV exports them" };

    /// <summary>Characters of a request: the server takes a mebibyte.</summary>
    private const int Most = 600 << 10;

    public static Command Create() => new Command("import", "Give the server advisories, which the gates hold releases against") { From }.Runs(async (run, cancellation) =>
    {
        var (changed, unchanged, broken) = (0, 0, 0);
        var (batch, size) = (new JsonArray(), 0);
        try
        {
            foreach (var text in AdvisoryFiles.Texts(run.Get(From)!))
            {
                if (Slim(text) is not { Length: < Most } advisory)
                {
                    broken++;
                    continue;
                }
                if (batch.Count == 500 || size + advisory.Length > Most) await Send();
                batch.Add(JsonNode.Parse(advisory));
                size += advisory.Length;
            }
        }
        catch (IOException e)
        {
            throw new CliException(ExitCode.Usage, "vulnerabilities.bad-database", "No advisories", e.Message, "Give a folder of OSV advisories, a file, or a zip of them");
        }
        if (batch.Count > 0) await Send();
        run.Line($"{changed} new or newer, {unchanged} known already{(broken > 0 ? $", {broken} were no advisories" : "")}");
        run.Next("prodsprint readiness");
        return new JsonObject { ["changed"] = changed, ["unchanged"] = unchanged, ["broken"] = broken };

        async Task Send()
        {
            var answer = await run.Api.Post("/v1/admin/advisories", new { advisories = batch }, cancellation);
            changed += (int)answer["changed"]!;
            unchanged += (int)answer["unchanged"]!;
            broken += (int)answer["broken"]!;
            (batch, size) = (new(), 0);
        }
    });

    /// <summary>Null: no advisory.</summary>
    private static string? Slim(string? text)
    {
        try
        {
            return text is null ? null : Advisory.Read(text).Write();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
