using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

public static class ImportCommand
{
    private static readonly Argument<string> Source = new("source") { Description = "A path on the server's machine, or a git URL" };
    private static readonly Option<string?> Name = new("--name") { Description = "What to call the project (default: from the source)" };

    public static Command Create() => new Command("import", "Import a repository") { Source, Name }.Runs(async (run, cancellation) =>
    {
        var source = run.Get(Source)!;
        if (Directory.Exists(source)) source = Path.GetFullPath(source);
        var project = await Import(run.Api, source, run.Get(Name), cancellation);
        run.Line($"{Screen.Good("imported")} {project["id"]}  {project["defaultBranch"]} at {project["head"]!.ToString()[..8]}");
        run.Next($"prodsprint plan --project {project["id"]}");
        return project;
    });

    /// <summary>Imports and waits until the import has ended.</summary>
    public static async Task<JsonNode> Import(ApiClient api, string source, string? name, CancellationToken cancellation)
    {
        var answer = await api.Post("/v1/projects", new { source, name }, cancellation);
        var id = GrainKeys.ProjectOf(answer["key"]!.ToString())!;
        var project = await Until.True(() => api.Find($"/v1/projects/{id}", cancellation), p => p?["state"]?.ToString() is not (null or "importing"), cancellation);
        if (project!["state"]!.ToString() == "import-failed")
            throw new CliException(ExitCode.Failed, "project.import-failed", "The import failed", project["problem"]!.ToString(), $"Mend it and import again: prodsprint import {source}");
        return project;
    }
}
