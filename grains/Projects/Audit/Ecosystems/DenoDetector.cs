using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Deno: each folder with a deno.json, or where there is none, and no package.json, a main file that imports as only Deno does. Its own "start" task says with which permissions it runs; else the main file runs with all of them, as Railpack has it.</summary>
public sealed partial class DenoDetector : IServiceDetector
{
    private static readonly string[] Extensions = [".ts", ".js", ".mjs", ".mts", ".tsx", ".jsx"];

    private static readonly string[] Stems = ["main", "index", "server", "mod"];

    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        if (WithoutManifest(context) is { } bare) yield return bare;
        foreach (var folder in context.Files.Named("deno.json").Concat(context.Files.Named("deno.jsonc")).Select(f => TreePaths.DirectoryOf(f.Path)).Distinct().Order(StringComparer.Ordinal))
        {
            var manifest = TreePaths.Join(folder, context.Files.Has(folder, "deno.json") ? "deno.json" : "deno.jsonc");
            if (context.Manifests.Json(manifest, lenient: true) is not { } json) continue;
            var draft = new ServiceDraft("deno", folder, manifest)
            {
                Name = json.Text("name"), PackageManager = new("deno", manifest), DefaultPort = 8000,
                Version = ToolVersions.FromFile(folder, context, ".deno-version", ".dvmrc") ?? ToolVersions.Of(folder, "deno", "deno", context),
            };
            draft.Packages.UnionWith((json.Object("imports") ?? ImportMap(folder, json, context)) is { } imports ? imports.EnumerateObject().SelectMany(p => new[] { p.Name, Bare(p.Value.ToString()) }) : []);
            draft.Framework = new[] { ("fresh", "fresh"), ("hono", "hono"), ("oak", "oak") }.FirstOrDefault(f => draft.Packages.Any(p => p.Contains(f.Item1, StringComparison.OrdinalIgnoreCase))).Item2;
            if (draft.Framework is not null) draft.Kind = ServiceKind.Web;
            var task = Task(json, "start");
            var main = Main(folder, context.Files);
            if (main is not null) draft.Build = draft.Command($"deno cache {ShellWord.Quote(main)}", manifest);
            if (Task(json, "build") is not null) draft.Build = draft.Command("deno task build", $"{manifest} tasks.build");
            if (task is not null && !task.Contains("--watch", StringComparison.Ordinal)) draft.Start = draft.Command("deno task start", $"{manifest} tasks.start");
            else if (main is not null && context.Files.Manifest(TreePaths.Join(folder, main)) is { } text && Served().IsMatch(text) && !text.Contains("Deno.serve(", StringComparison.Ordinal) && !text.Contains(".listen(", StringComparison.Ordinal))
            {
                // a module that gives its handler away instead of listening
                draft.Start = draft.Command($"deno serve --allow-all --port ${{PORT:-8000}} {ShellWord.Quote(main)}", $"file {main} export default");
                (draft.Kind, draft.Port) = (ServiceKind.Web, new(8000, "PORT", "rule: deno serve"));
            }
            else if (main is not null) draft.Start = draft.Command($"deno run --allow-all {ShellWord.Quote(main)}", $"file {main}");
            if (Task(json, "test") is not null) (draft.Test, draft.TestRunner) = (draft.Command("deno task test", $"{manifest} tasks.test"), "deno-test");
            else if (context.Files.Below(folder).Any(f => f.Path.Contains("_test.", StringComparison.Ordinal) || f.Path.Contains(".test.", StringComparison.Ordinal))) (draft.Test, draft.TestRunner) = (draft.Command("deno test --allow-all", "test files"), "deno-test");
            var asks = json.Object("imports")?.EnumerateObject().Any(p => Remote().IsMatch(p.Value.ToString())) == true;
            if (asks && !context.Files.Has(folder, "deno.lock") && !context.Files.HasFile("deno.lock")) draft.Unlocked = LockFiles.Without(manifest, "deno.lock", "deno install");
            yield return draft;
        }
    }

    private static System.Text.Json.JsonElement? ImportMap(string folder, System.Text.Json.JsonElement manifest, AuditContext context) =>
        manifest.Text("importMap") is { } map && TreePaths.Resolve(folder, map) is { } path && context.Files.HasFile(path) ? context.Manifests.Json(path, lenient: true)?.Object("imports") : null;

    private static ServiceDraft? WithoutManifest(AuditContext context)
    {
        if (context.Files.Named("deno.json").Concat(context.Files.Named("deno.jsonc")).Concat(context.Files.Named("package.json")).Any()) return null;
        var main = new[] { ".", "src" }.SelectMany(folder => Stems.SelectMany(stem => Extensions.Select(e => TreePaths.Join(folder, stem + e))))
            .FirstOrDefault(path => context.Files.HasFile(path) && context.Files.Manifest(path) is { } text && OnlyDeno().IsMatch(text));
        if (main is null) return null;
        var draft = new ServiceDraft("deno", ".", main) { PackageManager = new("deno", main), DefaultPort = 8000, Version = ToolVersions.FromFile(".", context, ".deno-version", ".dvmrc") };
        draft.Build = draft.Command($"deno cache {ShellWord.Quote(main)}", main);
        draft.Start = draft.Command($"deno run --allow-all {ShellWord.Quote(main)}", $"file {main}");
        return draft;
    }

    private static string? Task(System.Text.Json.JsonElement json, string name) => json.Object("tasks") is { } tasks ? tasks.Text(name) ?? tasks.Object(name)?.Text("command") : null;

    private static string? Main(string folder, RepositoryFiles files)
    {
        foreach (var stem in Stems)
            if (Extensions.Select(e => stem + e).FirstOrDefault(n => files.Has(folder, n)) is { } found) return found;
        return files.In(folder).Select(f => TreePaths.NameOf(f.Path)).FirstOrDefault(n => Extensions.Contains(TreePaths.ExtensionOf(n)) && !n.Contains(".config.", StringComparison.Ordinal) && !n.Contains("test.", StringComparison.Ordinal));
    }

    /// <summary>"jsr:@hono/hono@^4" → "@hono/hono".</summary>
    private static string Bare(string specifier) => Specifier().Match(specifier) is { Success: true } match ? match.Groups[1].Value : specifier;

    [GeneratedRegex(@"^export\s+default\s+(?:\{[\s\S]{0,400}?\bfetch\b|app\b|[\s\S]{0,2000}?Deno\.ServeDefaultExport)", RegexOptions.Multiline)]
    private static partial Regex Served();

    [GeneratedRegex("""(?:from|import)\s*\(?\s*["'](?:https://deno\.land/|jsr:|npm:)|\bDeno\.(?:serve|listen|args|env)\b""")]
    private static partial Regex OnlyDeno();

    [GeneratedRegex("^(?:npm|jsr|https?):")]
    private static partial Regex Remote();

    [GeneratedRegex(@"^(?:npm|jsr):/?(@?[\w./-]+)")]
    private static partial Regex Specifier();
}
