using System.Buffers;
using System.Text.RegularExpressions;
using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>What a project may be called. The name is part of grain keys, paths and addresses, so nothing else gets that far.</summary>
public static partial class ProjectNames
{
    public const string Pattern = "^[a-z][a-z0-9-]{0,39}$";

    private static readonly SearchValues<char> Taken = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>As <see cref="Pattern"/> says; asked of every request.</summary>
    public static bool IsOne(string name) => name.Length is > 0 and <= 40 && char.IsAsciiLetterLower(name[0]) && !name.AsSpan().ContainsAnyExcept(Taken);

    /// <summary>From the last part of a path or URL; may still be no name.</summary>
    public static string Of(string source)
    {
        var last = source.TrimEnd('/', '\\').Split('/', '\\', ':')[^1];
        if (last.EndsWith(".git", StringComparison.Ordinal)) last = last[..^4];
        return NotInId().Replace(last.ToLowerInvariant(), "-").Trim('-');
    }

    /// <summary>A path with what cannot be a project's name is one of a project that is not there.</summary>
    public static void UseProjectNames(this WebApplication app) => app.Use((context, next) =>
        context.GetRouteValue("project") is string name && !IsOne(name) ? throw Missing(name) : next(context));

    public static ProblemException Missing(string name) =>
        ProblemException.NotFound("project", name.Length > 60 ? name[..60] + "…" : name, "List them: prodsprint status; or import it: prodsprint import <path-or-git-url>");

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInId();
}
