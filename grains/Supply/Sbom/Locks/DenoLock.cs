using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>
/// deno.lock, versions 2 to 5: packages of npm and of JSR. JSR gives each of its packages to npm as @jsr/scope__name, which is how it is named here, as cdxgen has it.
/// Modules that are imported by their address have a hash, and no version.
/// </summary>
internal sealed class DenoLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "deno.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        Json.Version(root["version"] ?? throw new LockException("it does not say its version"), 2, 5);
        var old = root["packages"] as JsonObject ?? root; // version 3 has all below "packages"
        var resolved = Resolved((old["specifiers"] ?? (root["npm"] as JsonObject)?["specifiers"]) as JsonObject ?? []);
        var npm = (root["npm"] as JsonObject)?["packages"] as JsonObject ?? old["npm"] as JsonObject ?? [];
        var jsr = old["jsr"] as JsonObject ?? [];
        var single = npm.Select(p => p.Key).GroupBy(NameOf).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => $"npm:{g.Single()}", StringComparer.Ordinal);
        string? Find(string asked) => resolved.GetValueOrDefault(asked)
            ?? (asked.StartsWith("jsr:", StringComparison.Ordinal) ? resolved.FirstOrDefault(r => r.Key.StartsWith(asked + "@", StringComparison.Ordinal)).Value : npm.ContainsKey(asked) ? $"npm:{asked}" : single.GetValueOrDefault(asked));
        var direct = Asked(root["workspace"] as JsonObject ?? []).Select(Find).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (id, node) in npm)
            if (VersionOf(id) is { } version)
                yield return new($"npm:{id}", "npm", NameOf(id), version, Needs: [.. Needs(node, "dependencies", "optionalDependencies").Select(Find).OfType<string>()], Direct: direct.Count == 0 ? null : direct.Contains($"npm:{id}"));
        foreach (var (id, node) in jsr)
            if (VersionOf(id) is { } version && NameOf(id).Split('/') is [['@', ..] scope, var name])
                yield return new($"jsr:{id}", "npm", $"@jsr/{scope[1..]}__{name}", version, Needs: [.. Needs(node, "dependencies").Select(Find).OfType<string>()], Direct: direct.Count == 0 ? null : direct.Contains($"jsr:{id}"));
    }

    /// <summary>npm:chalk@5 → npm:chalk@5.3.0: later versions leave the name out on the right.</summary>
    private static Dictionary<string, string> Resolved(JsonObject specifiers)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (asked, node) in specifiers)
        {
            if (node?.ToString() is not { } to) continue;
            var kind = asked.StartsWith("jsr:", StringComparison.Ordinal) ? "jsr:" : "npm:";
            var bare = asked.StartsWith(kind, StringComparison.Ordinal) ? asked[4..] : asked;
            found[asked] = to.StartsWith("npm:", StringComparison.Ordinal) || to.StartsWith("jsr:", StringComparison.Ordinal) ? to : to.IndexOf('@', 1) > 0 && to.StartsWith(NameOf(bare), StringComparison.Ordinal) ? kind + to : $"{kind}{NameOf(bare)}@{to}";
        }
        return found;
    }

    private static IEnumerable<string> Asked(JsonObject workspace) => Texts(workspace["dependencies"]).Concat(Texts((workspace["packageJson"] as JsonObject)?["dependencies"]))
        .Concat((workspace["members"] as JsonObject ?? []).Select(m => m.Value).OfType<JsonObject>().SelectMany(Asked));

    private static IEnumerable<string> Needs(JsonNode? package, params string[] fields) => fields.SelectMany(f => package?[f] switch
    {
        JsonObject map => map.Select(d => d.Value?.ToString() ?? ""),
        var list => Texts(list),
    });

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(n => n?.ToString() ?? "");

    private static string NameOf(string id) => id.IndexOf('@', Math.Min(1, id.Length)) is > 0 and var at ? id[..at] : id;

    /// <summary>What comes behind a line below are the peers it was resolved with.</summary>
    private static string? VersionOf(string id) => id.IndexOf('@', Math.Min(1, id.Length)) is > 0 and var at && id[(at + 1)..].Split('_')[0] is { Length: > 0 } version ? version : null;
}
