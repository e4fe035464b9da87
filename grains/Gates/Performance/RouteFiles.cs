using System.Collections.Immutable;
using System.Text;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>Pure: the routes that a repository's own OpenAPI document names. The document nearest to the root counts; what cannot be read is named.</summary>
public static class RouteFiles
{
    private static readonly string[] Names = ["openapi", "swagger", "api-docs", "openapi.v1", "openapi-spec"];
    private static readonly string[] Endings = [".json", ".yaml", ".yml"];

    /// <summary>Documents in them describe somebody else's interface, or a made-up one.</summary>
    private static readonly HashSet<string> Foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        "node_modules", "vendor", "third_party", "test", "tests", "__tests__", "fixtures", "testdata", "examples", "example", "samples", "target", "bin", "obj", ".git",
    };

    private static readonly string[] ScriptFolders = ["k6", "perf", "performance", "load", "loadtest", "load-test"];

    /// <summary>Broken ones that are tried before the search ends.</summary>
    private const int MostTried = 5;

    private const int MostScripts = 20;

    public static RouteList Read(IRepositoryTree tree)
    {
        var files = tree.Entries.Where(e => e.Kind is TreeEntryKind.File or TreeEntryKind.Executable && !e.Path.Split('/').SkipLast(1).Any(Foreign.Contains)).ToList();
        ImmutableArray<string> scripts = [.. files.Where(f => IsScript(f.Path)).Select(f => f.Path).Order(StringComparer.Ordinal).Take(MostScripts)];
        var unread = new List<LeftOutRoute>();
        foreach (var file in files.Where(f => IsDocument(f.Path)).OrderBy(f => f.Path.Count(c => c == '/')).ThenBy(f => f.Path, StringComparer.Ordinal).Take(MostTried))
        {
            try
            {
                if (file.Size > ApiText.Longest) throw new FormatException($"it is larger than {ApiText.Longest >> 20} MiB");
                var list = OpenApiRoutes.Read(file.Path, Encoding.UTF8.GetString(tree.Read(file, ApiText.Longest).Span));
                return list with { LeftOut = [.. list.LeftOut, .. unread], Scripts = scripts };
            }
            catch (FormatException e)
            {
                unread.Add(new(file.Path, e.Message));
            }
        }
        return RouteList.Nothing with { LeftOut = [.. unread], Scripts = scripts };
    }

    private static bool IsDocument(string path)
    {
        var (name, ending) = (TreePaths.NameOf(path).ToLowerInvariant(), TreePaths.ExtensionOf(path));
        return Endings.Contains(ending) && Names.Contains(name[..^ending.Length]);
    }

    private static bool IsScript(string path) =>
        path.Split('/') is [.., var folder, var name] && ScriptFolders.Contains(folder, StringComparer.OrdinalIgnoreCase) && TreePaths.ExtensionOf(name) is ".js" or ".ts";
}
