namespace ProdSprint.Projects;

/// <summary>Crystal: the targets of each shard.yml.</summary>
public sealed class CrystalDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        foreach (var file in context.Files.Named("shard.yml"))
        {
            if (context.Manifests.Yaml(file.Path) is not { } shard) continue;
            var folder = TreePaths.DirectoryOf(file.Path);
            var draft = new ServiceDraft("crystal", folder, file.Path)
            {
                Name = shard["name"]?.Text, PackageManager = new("shards", file.Path), DefaultPort = 3000,
                Version = ToolVersions.FromFile(folder, context, ".crystal-version") ?? ToolVersions.Of(folder, "crystal", "crystal", context) ?? (shard["crystal"]?.Text is { Length: > 0 } asked ? new(asked, file.Path) : null),
            };
            draft.Packages.UnionWith(shard["dependencies"]?.Fields?.Select(f => f.Name) ?? []);
            draft.Framework = new[] { "kemal", "lucky", "amber", "athena" }.FirstOrDefault(draft.Packages.Contains);
            if (draft.Packages.Count > 0) draft.Install = draft.Command("shards install", file.Path);
            if (shard["targets"]?.Fields?.Select(f => f.Name).FirstOrDefault() is { } target)
            {
                draft.Build = draft.Command("shards build --release", file.Path);
                draft.Start = draft.Command($"./bin/{ShellWord.Quote(target)}", $"{file.Path} targets");
            }
            else if (draft.Name is { } name && context.Files.HasFile(TreePaths.Join(folder, $"src/{name}.cr")) && (draft.Framework is not null || context.Files.Manifest(TreePaths.Join(folder, $"src/{name}.cr"))?.Contains("HTTP::Server", StringComparison.Ordinal) == true))
            {
                // no target: the file that has the shard's name is the program, unless it is a library
                draft.Build = draft.Command($"crystal build --release -o {ShellWord.Quote(name)} src/{ShellWord.Quote(name)}.cr", $"src/{name}.cr");
                draft.Start = draft.Command($"./{ShellWord.Quote(name)}", $"src/{name}.cr");
            }
            if (context.Files.HasDirectory(TreePaths.Join(folder, "spec"))) (draft.Test, draft.TestRunner) = (draft.Command("crystal spec", "spec"), "crystal-spec");
            if (draft.Packages.Count > 0 && !context.Files.Has(folder, "shard.lock")) LockFiles.Missing(file.Path, "shard.lock", "shards lock", context);
            yield return draft;
        }
    }
}
