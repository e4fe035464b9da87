using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>bun.lock: JSON with comments; each package is a list whose first item is name@version.</summary>
internal sealed class BunLock : ILockReader
{
    private static readonly string[] Asked = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

    public bool Reads(string path) => TreePaths.NameOf(path) == "bun.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        var root = Json.Object(text);
        Json.Version(root["lockfileVersion"], 0, 1);
        if (root["packages"] is not JsonObject packages) yield break;
        string? Find(string within, string name) => packages.ContainsKey($"{within}/{name}") ? $"{within}/{name}" : packages.ContainsKey(name) ? name : null;
        var own = (root["workspaces"] as JsonObject ?? []).Select(w => w.Value).OfType<JsonObject>().ToList();
        var direct = own.SelectMany(w => Names(w, Asked).Select(n => Find(w["name"]?.ToString() ?? "", n))).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (key, node) in packages)
        {
            if (node is not JsonArray { Count: > 0 } parts || parts[0]?.ToString() is not { Length: > 2 } id || id.IndexOf('@', 1) is not (> 0 and var at) || at == id.Length - 1 || !char.IsAsciiDigit(id[at + 1])) continue;
            var needs = parts.OfType<JsonObject>().SelectMany(o => Names(o, "dependencies", "optionalDependencies")).Select(n => Find(key, n)).OfType<string>();
            yield return new(key, "npm", id[..at], id[(at + 1)..], Needs: [.. needs], Direct: direct.Count == 0 ? null : direct.Contains(key));
        }
    }

    private static IEnumerable<string> Names(JsonObject package, params string[] fields) => fields.SelectMany(f => package[f] is JsonObject map ? map.Select(p => p.Key) : []);
}

/// <summary>bun.lockb: its layout is Bun's own, without a description, and differs from version to version. A half of it would be a wrong bill.</summary>
internal sealed class BunBinaryLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "bun.lockb";

    public IEnumerable<LockedPackage> Read(string text) => throw new LockException("it is binary; bun install --save-text-lockfile writes bun.lock, which is read");
}
