using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>A program of Node's own modules without a package.json: a file of a usual name in the root that asks for one of them. A browser's script of the same name does not.</summary>
internal static partial class BareNode
{
    private static readonly string[] Names = ["server.js", "app.js", "main.js", "index.js", "server.mjs", "app.mjs", "main.mjs", "index.mjs"];

    public static ServiceDraft? Draft(AuditContext context)
    {
        if (Names.FirstOrDefault(n => context.Files.Manifest(n) is { } text && OwnModule().IsMatch(text)) is not { } file) return null;
        var draft = new ServiceDraft("node", ".", file);
        draft.Start = draft.Command($"node {file}", $"file {file}");
        draft.Version = ToolVersions.FromFile(".", context, ".nvmrc", ".node-version");
        return draft;
    }

    [GeneratedRegex(@"(?:require\(\s*|\bfrom\s+)['""](?:node:)?(?:http|https|http2|net)['""]")]
    private static partial Regex OwnModule();
}
