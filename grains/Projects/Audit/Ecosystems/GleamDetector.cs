namespace ProdSprint.Projects;

/// <summary>Gleam: exported as an Erlang shipment, which is what its documentation deploys.</summary>
public sealed class GleamDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var file in context.Files.Named("gleam.toml"))
        {
            if (context.Manifests.Toml(file.Path) is not { } toml) continue;
            var folder = TreePaths.DirectoryOf(file.Path);
            var draft = new ServiceDraft("gleam", folder, file.Path)
            {
                Name = toml.Text("name"), PackageManager = new("gleam", file.Path), DefaultPort = 8000,
                Version = ToolVersions.Of(folder, "gleam", "gleam", context) ?? (toml.Text("gleam") is { } asked ? new(asked, file.Path) : null),
            };
            draft.Packages.UnionWith(toml.Table("dependencies")?.Values.Keys ?? Enumerable.Empty<string>());
            draft.Framework = draft.Packages.Contains("wisp") ? "wisp" : draft.Packages.Contains("mist") ? "mist" : null;
            (draft.Test, draft.TestRunner) = (draft.Command("gleam test", file.Path), "gleeunit");
            // without a module of its own name there is no main to run: a library
            if (context.Files.HasFile(TreePaths.Join(folder, $"src/{draft.Name}.gleam")))
            {
                draft.Build = draft.Command("gleam export erlang-shipment", file.Path);
                draft.Start = draft.Command("./build/erlang-shipment/entrypoint.sh run", file.Path);
            }
            if (draft.Packages.Count > 0 && !context.Files.Has(folder, "manifest.toml")) draft.Unlocked = LockFiles.Without(file.Path, "manifest.toml", "gleam deps download");
            yield return draft;
        }
    }
}
