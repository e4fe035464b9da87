using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>bun.lock: JSON with comments; each package is a list whose first item is name@version.</summary>
internal sealed class BunLock : ILockReader
{
    public bool Reads(string path) => TreePaths.NameOf(path) == "bun.lock";

    public IEnumerable<LockedPackage> Read(string text)
    {
        if (Json.Object(text)["packages"] is not JsonObject packages) yield break;
        foreach (var (key, node) in packages)
        {
            if (node is not JsonArray { Count: > 0 } parts || parts[0]?.ToString() is not { } id || id.IndexOf('@', 1) is not (> 0 and var at) || !char.IsAsciiDigit(id[at + 1])) continue;
            var needs = parts.OfType<JsonObject>().SelectMany(o => o["dependencies"] is JsonObject map ? map.Select(p => p.Key) : [])
                .Select(n => packages.ContainsKey($"{key}/{n}") ? $"{key}/{n}" : packages.ContainsKey(n) ? n : null).OfType<string>();
            yield return new(key, "npm", id[..at], id[(at + 1)..], Needs: [.. needs]);
        }
    }
}
