using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Elixir: each mix.exs that is no member of an umbrella becomes a release, as Railpack builds it.</summary>
public sealed partial class ElixirDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        var folders = context.Files.Named("mix.exs").Select(f => TreePaths.DirectoryOf(f.Path)).ToList();
        var umbrellas = folders.Where(f => context.Files.Manifest(TreePaths.Join(f, "mix.exs"))?.Contains("apps_path:", StringComparison.Ordinal) == true).ToList();
        foreach (var folder in folders.Where(f => !umbrellas.Any(u => u != f && TreePaths.IsBelow(f, TreePaths.Join(u, "apps")))))
        {
            var manifest = TreePaths.Join(folder, "mix.exs");
            if (context.Files.Manifest(manifest) is { } text) yield return Draft(folder, manifest, text, context);
        }
    }

    private static ServiceDraft Draft(string folder, string manifest, string text, AuditContext context)
    {
        var files = context.Files;
        var application = Release().Match(text) is { Success: true } release ? release.Groups[1].Value : App().Match(text) is { Success: true } app ? app.Groups[1].Value : null;
        var draft = new ServiceDraft("elixir", folder, manifest)
        {
            Name = application, PackageManager = new("mix", manifest), DefaultPort = 4000,
            Version = ToolVersions.FromFile(folder, context, ".elixir-version") ?? ToolVersions.Of(folder, "elixir", "elixir", context) ?? (Asked().Match(text) is { Success: true } asked ? new(asked.Groups[1].Value, manifest) : null),
        };
        draft.Packages.UnionWith(Dependency().Matches(text).Select(m => m.Groups[1].Value));
        foreach (var inner in files.Below(TreePaths.Join(folder, "apps")).Where(f => TreePaths.NameOf(f.Path) == "mix.exs"))
            draft.Packages.UnionWith(Dependency().Matches(files.Manifest(inner.Path) ?? "").Select(m => m.Groups[1].Value));
        draft.Framework = draft.Packages.Contains("phoenix") ? "phoenix" : draft.Packages.Contains("plug_cowboy") || draft.Packages.Contains("bandit") ? "plug" : null;
        bool Alias(string name) => text.Contains($"\"{name}\":", StringComparison.Ordinal);
        var install = "export MIX_ENV=prod && mix local.hex --force && mix local.rebar --force && mix deps.get --only prod && mix deps.compile";
        draft.Install = draft.Command(Alias("assets.setup") ? install + " && mix assets.setup" : install, "mix.exs");
        var build = "export MIX_ENV=prod && mix compile";
        if (Alias("assets.deploy")) build += " && mix assets.deploy";
        draft.Build = draft.Command(build + " && mix release --overwrite", "mix.exs");
        if (application is not null && (draft.Framework is not null || text.Contains("mod:", StringComparison.Ordinal) || text.Contains("releases:", StringComparison.Ordinal) || text.Contains("apps_path:", StringComparison.Ordinal)))
        {
            var run = $"_build/prod/rel/{application}/bin/{application}";
            draft.Start = draft.Command(draft.Framework == "phoenix" ? $"PHX_SERVER=true {run} start" : $"{run} start", "rule: mix release");
            Migrations(draft, run, files);
        }
        if (draft.Framework == "phoenix") draft.Kind = ServiceKind.Web;
        if (!files.Has(folder, "mix.lock") && draft.Packages.Count > 0) LockFiles.Missing(manifest, "mix.lock", "mix deps.get", context);
        if (files.HasDirectory(TreePaths.Join(folder, "test")) || files.HasDirectory(TreePaths.Join(folder, "apps"))) (draft.Test, draft.TestRunner) = (draft.Command("mix deps.get && MIX_ENV=test mix test", "test"), "exunit");
        return draft;
    }

    private static void Migrations(ServiceDraft draft, string run, RepositoryFiles files)
    {
        var found = files.Below(draft.Directory).Where(f => f.Path.Contains("priv/repo/migrations/", StringComparison.Ordinal) && f.Path.EndsWith(".exs", StringComparison.Ordinal) && char.IsAsciiDigit(TreePaths.NameOf(f.Path)[0])).ToList();
        if (found.Count == 0) return;
        // the module that `mix phx.gen.release` writes; without it there is no way to migrate from a release, which has no mix
        var module = files.Below(TreePaths.Join(draft.Directory, "lib")).FirstOrDefault(f => TreePaths.NameOf(f.Path) == "release.ex") is { } file && DefModule().Match(files.Manifest(file.Path) ?? "") is { Success: true } match ? match.Groups[1].Value : null;
        draft.Migrations.Add(new("ecto", TreePaths.DirectoryOf(found[0].Path), found.Count, module is null ? null : draft.Command($"{run} eval {module}.migrate", "lib/release.ex")));
    }

    [GeneratedRegex(@"\bapp:\s*:(\w+)")]
    private static partial Regex App();

    [GeneratedRegex(@"\breleases:\s*\[\s*(\w+):")]
    private static partial Regex Release();

    [GeneratedRegex(@"\belixir:\s*""([^""]{1,40})""")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\{:(\w+),")]
    private static partial Regex Dependency();

    [GeneratedRegex(@"defmodule\s+([\w.]+)\s+do")]
    private static partial Regex DefModule();
}
