using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>Looks for credentials in the files of the commit and in the lines that earlier commits added. Says where, never what.</summary>
public static class SecretScan
{
    /// <summary>Commits whose added lines are searched, newest first.</summary>
    public const int MostCommits = 1000;

    /// <summary>Of the history's text, at most this much; a fixed amount and not a time, so that the same commit gives the same report.</summary>
    public const long MostHistory = 32L << 20;

    private const int MostFound = 200;

    /// <summary>What earlier commits added. git's own reading of the history takes as long as ours of the files, so it begins before them and runs beside them.</summary>
    public static Task<HistorySecrets> BeginHistory(IRepositoryTree tree) => Task.Run(() =>
    {
        var history = tree.History(MostCommits, MostHistory, RepositoryFiles.SearchedWhole(tree));
        return new HistorySecrets(Earlier(history?.Added ?? []), history?.Figures);
    });

    public static (ImmutableArray<SecretAudit> Found, HistoryFigures? History) Run(Task<HistorySecrets> history, AuditContext context)
    {
        var found = new List<SecretAudit>();
        foreach (var file in context.Files.All)
        {
            if (found.Count >= MostFound || IsSkipped(file.Path) || context.Files.Text(file) is not { } text) continue;
            foreach (var (rule, index) in SecretRules.Find(text).Take(20)) found.Add(new(rule.Id, file.Path, text.AsSpan(0, index).Count('\n') + 1, null));
        }
        var here = found.Select(f => (f.Rule, f.Path)).ToHashSet();
        var (earlier, figures) = history.GetAwaiter().GetResult();
        found.AddRange(earlier.Where(e => !here.Contains((e.Rule, e.Path))).Take(Math.Max(0, MostFound - found.Count)));
        foreach (var secret in found) Gap(secret, context);
        return ([.. found.Distinct().OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Line).ThenBy(f => f.Rule, StringComparer.Ordinal).ThenBy(f => f.Commit, StringComparer.Ordinal)], figures);
    }

    /// <summary>The newest commit that added each kind of credential to each file.</summary>
    private static List<SecretAudit> Earlier(IEnumerable<HistoryText> added)
    {
        var found = new Dictionary<(string, string), SecretAudit>();
        foreach (var text in added)
        {
            if (found.Count >= MostFound) break;
            if (IsSkipped(text.Path) || !TreePaths.IsSafe(text.Path)) continue;
            foreach (var (rule, _) in SecretRules.Find(text.Text)) found.TryAdd((rule.Id, text.Path), new(rule.Id, text.Path, 0, text.Commit));
        }
        return [.. found.Values];
    }

    /// <summary>Tests and examples carry credentials that were made for them; seldom is one of them valid anywhere.</summary>
    public static bool IsSample(string path) => ServiceFolders.IsExample(TreePaths.DirectoryOf(path)) || SourcePatterns.IsTest(path);

    private static void Gap(SecretAudit secret, AuditContext context)
    {
        var severity = IsSample(secret.Path) ? GapSeverity.Info : GapSeverity.Warning;
        var what = SecretRules.Describe(secret.Rule);
        if (secret.Commit is null)
            context.Gaps.Add(GapCodes.SecretInTree, severity, $"{secret.Path} holds {what}", "Whoever can read the repository has it; taking it out of the file leaves it in the history.",
                $"Revoke it where it was issued, then let the code read it from an environment variable and remove it from {secret.Path}", new(secret.Path, secret.Line));
        else
            context.Gaps.Add(GapCodes.SecretInHistory, severity, $"{secret.Path} held {what} in commit {secret.Commit[..Math.Min(12, secret.Commit.Length)]}", "It is no longer in the files, but each clone still has it.",
                "Revoke it where it was issued; rewriting the history does not help those who already cloned", new(secret.Path));
    }

    /// <summary>Lock files and what was generated have digests by the thousand and nobody's credentials.</summary>
    private static bool IsSkipped(string path)
    {
        var name = TreePaths.NameOf(path);
        return name.EndsWith(".lock", StringComparison.Ordinal) || name is "package-lock.json" or "pnpm-lock.yaml" or "go.sum" or "npm-shrinkwrap.json" or "bun.lockb" || name.EndsWith(".min.js", StringComparison.Ordinal) || name.EndsWith(".map", StringComparison.Ordinal)
            || TreePaths.ExtensionOf(path) is ".svg" or ".png" or ".jpg" or ".jpeg" or ".gif" or ".ico" or ".woff" or ".woff2" or ".ttf" or ".eot" or ".pdf" or ".zip" or ".gz" or ".jar" or ".dll" or ".exe" or ".so" or ".mp4" or ".webp" or ".snap";
    }
}

/// <param name="Found">The newest commit that added each kind of credential to each file.</param>
public sealed record HistorySecrets(IReadOnlyList<SecretAudit> Found, HistoryFigures? Figures);
