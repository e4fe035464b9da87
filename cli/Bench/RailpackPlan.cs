using System.Text.Json;
using ProdSprint.Projects;

namespace ProdSprint.Bench;

/// <summary>What a plan of Railpack's says about the language it is for.</summary>
public static class RailpackPlan
{
    private static readonly (string Program, string Language)[] Programs =
    [
        ("deno", "deno"), ("dotnet", "dotnet"), ("gleam", "gleam"), ("elixir", "elixir"), ("go", "go"), ("maven", "java"), ("gradle", "java"), ("java", "java"), ("rust", "rust"), ("ruby", "ruby"),
        ("cmake", "cpp"), ("meson", "cpp"), ("node", "node"), ("bun", "node"), ("python", "python"),
    ];

    /// <summary>Of a plan's installed programs the first that Railpack's own order of languages has; composer stands for PHP, whose image has it all.</summary>
    public static string LanguageOf(JsonElement plan)
    {
        var (steps, programs) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var start = plan.TryGetProperty("deploy", out var deploy) ? deploy.Text("startCommand") ?? "" : "";
        foreach (var step in plan.TryGetProperty("steps", out var list) ? list.EnumerateArray() : default)
        {
            steps.Add(step.Text("name") ?? "");
            foreach (var command in step.TryGetProperty("commands", out var commands) && commands.ValueKind == JsonValueKind.Array ? commands.EnumerateArray() : default)
                if (command.Text("customName") is { } said && said.StartsWith("install mise packages: ", StringComparison.Ordinal)) programs.UnionWith(said[23..].Split(", "));
        }
        if (steps.Contains("install:composer")) return "php";
        return Programs.FirstOrDefault(p => programs.Contains(p.Program)).Language ?? (start.StartsWith("caddy", StringComparison.Ordinal) ? "static" : "shell");
    }
}
