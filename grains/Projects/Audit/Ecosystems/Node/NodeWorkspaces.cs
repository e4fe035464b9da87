using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>Which package.json belongs to which workspace root, and which packages of a workspace need which others.</summary>
public sealed class NodeWorkspaces
{
    private readonly Dictionary<string, NodePackage> _rootOf = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Root, string Name), NodePackage> _byName = [];

    public NodeWorkspaces(IReadOnlyList<NodePackage> packages, AuditContext context)
    {
        foreach (var root in packages)
        {
            IEnumerable<string> patterns = root.Workspaces;
            var pnpm = TreePaths.Join(root.Directory, "pnpm-workspace.yaml");
            if (context.Files.HasFile(pnpm) && context.Manifests.Yaml(pnpm)?["packages"]?.Items is { } items)
                patterns = patterns.Concat(items.Select(i => i.Text).OfType<string>());
            var wanted = patterns.Where(p => !p.StartsWith('!')).Select(p => Glob(root.Directory, p)).ToList();
            if (wanted.Count == 0) continue;
            var unwanted = patterns.Where(p => p.StartsWith('!')).Select(p => Glob(root.Directory, p[1..])).ToList();
            Roots.Add(root);
            foreach (var member in packages)
            {
                if (IsAbove(member, root) || !wanted.Any(g => g.IsMatch(member.Directory)) || unwanted.Any(g => g.IsMatch(member.Directory))) continue;
                _rootOf.TryAdd(member.Path, root);
                if (member.Name is { } name) _byName.TryAdd((root.Path, name), member);
            }
        }
    }

    public List<NodePackage> Roots { get; } = [];

    /// <summary>Itself, what it lies in, and whose member it is already: whoever is above somebody is not below them as well, or neither would be anything by itself.</summary>
    private bool IsAbove(NodePackage member, NodePackage root)
    {
        for (var at = root; ; at = _rootOf[at.Path])
        {
            if (at == member || TreePaths.IsBelow(root.Directory, member.Directory)) return true;
            if (!_rootOf.ContainsKey(at.Path)) return false;
        }
    }

    /// <summary>The package whose folder the install runs in: the workspace's root, else the package itself.</summary>
    public NodePackage RootOf(NodePackage package) => _rootOf.GetValueOrDefault(package.Path, package);

    /// <summary>The members that <paramref name="package"/> needs, directly or not, those to be built first coming first. Cycles are cut.</summary>
    public List<NodePackage> NeededBy(NodePackage package)
    {
        var root = RootOf(package);
        var done = new List<NodePackage>();
        var seen = new HashSet<string> { package.Path };
        Visit(package);
        return done;

        void Visit(NodePackage current)
        {
            foreach (var name in current.AllDependencies.Order(StringComparer.Ordinal))
            {
                if (!_byName.TryGetValue((root.Path, name), out var next) || !seen.Add(next.Path)) continue;
                Visit(next);
                done.Add(next);
            }
        }
    }

    private static Regex Glob(string directory, string pattern)
    {
        var full = TreePaths.Resolve(directory, pattern.TrimEnd('/')) ?? "/";
        var expression = Regex.Escape(full).Replace(@"\*\*/", "(?:.*/)?").Replace(@"\*\*", ".*").Replace(@"\*", "[^/]*").Replace(@"\?", "[^/]");
        return new($"^{expression}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
