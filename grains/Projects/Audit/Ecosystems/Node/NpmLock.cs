using System.Text;
using System.Text.Json;

namespace ProdSprint.Projects;

/// <summary>Whether package-lock.json still belongs to its package.json: "npm ci" refuses when it does not. Only the beginning is read, where npm writes the root package.</summary>
public static class NpmLock
{
    private const int Beginning = 64 << 10;

    /// <summary>The first dependency that the two disagree about, or null when they agree or it cannot be told.</summary>
    public static string? Disagrees(NodePackage package, AuditContext context)
    {
        if (context.Files.Beginning(TreePaths.Join(package.Directory, "package-lock.json"), Beginning) is not { } text || Root(text) is not { } locked) return null;
        var wanted = package.Versions;
        return wanted.Where(w => locked.GetValueOrDefault(w.Key) != w.Value).Select(w => w.Key).Concat(locked.Keys.Where(k => !wanted.ContainsKey(k))).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>packages[""].dependencies and devDependencies; null for another layout, or when they do not end within what was read.</summary>
    private static Dictionary<string, string>? Root(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, state: default);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var inRoot = false;
        string? list = null, property = null;
        try
        {
            while (reader.Read())
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName: property = reader.GetString(); break;
                    case JsonTokenType.StartObject when reader.CurrentDepth == 2 && property == "": inRoot = true; break;
                    case JsonTokenType.StartObject when inRoot && reader.CurrentDepth == 3: list = property is "dependencies" or "devDependencies" or "optionalDependencies" ? property : null; break;
                    case JsonTokenType.String when inRoot && list is not null && reader.CurrentDepth == 4: found[property!] = reader.GetString()!; break;
                    case JsonTokenType.EndObject when inRoot && reader.CurrentDepth == 3: list = null; break;
                    case JsonTokenType.EndObject when inRoot && reader.CurrentDepth == 2: return found;
                }
        }
        catch (JsonException) { }
        return null;
    }
}
