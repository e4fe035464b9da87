using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ProdSprint.Projects;

/// <summary>Which repositories are read where people sign in: section <c>Sources</c>. On a machine of one's own (development) every path and every host is.</summary>
public sealed class SourceOptions
{
    /// <summary>
    /// Folders of this machine, as absolute paths, whose repositories everybody may import who may import at all. None: what is on the server's disk belongs to whoever runs
    /// it, and to other workspaces.
    /// </summary>
    public IList<string> LocalRoots { get; } = [];

    /// <summary>
    /// Git servers within private networks, by the very name or address that people write. None: a member of one workspace could otherwise have the server ask what only the
    /// server can reach (its cloud's metadata, an unprotected admin page).
    /// </summary>
    public IList<string> PrivateHosts { get; } = [];

    /// <exception cref="OptionsValidationException">Names every folder that cannot be opened, with what to do.</exception>
    public static SourceOptions Read(IConfiguration configuration, string home)
    {
        var options = new SourceOptions();
        configuration.GetSection("Sources").Bind(options);
        List<string> faults =
        [
            .. options.LocalRoots.Where(r => !Path.IsPathFullyQualified(r)).Select(r => $"Sources__LocalRoots has '{r}'. Name folders by their absolute paths."),
            .. options.LocalRoots.Where(Path.IsPathFullyQualified).Where(r => RealPaths.IsWithin(RealPaths.Of(r), RealPaths.Of(home)))
                .Select(r => $"Sources__LocalRoots has '{r}', which is within the server's own home, and nothing of that is read as somebody's repository. Name a folder outside of it."),
        ];
        return faults.Count == 0 ? options : throw new OptionsValidationException("Sources", typeof(SourceOptions), faults);
    }
}
