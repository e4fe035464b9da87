using System.Text.RegularExpressions;

namespace ProdSprint.Deploy;

/// <summary>Where everything of the target lies. Names from outside become path segments only after they were checked.</summary>
internal sealed partial class DeployPaths(string root)
{
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Instances => Path.Combine(Root, "instances");

    /// <summary>The artifact of one build key: <c>tree/</c>, and <c>manifest.json</c> once it is complete. A tree without a manifest is a build that was cut off.</summary>
    public string Artifact(string key) => Path.Combine(Artifacts, Segment(key));

    /// <summary>What a build needs beside its tree, gone afterwards: home, tmp, the tests' copy.</summary>
    public string Work(string key) => Path.Combine(Root, "work", Segment(key));

    /// <summary>Package managers' caches, one for each project: a project can poison only its own.</summary>
    public string Cache(string workspace, string project) => Path.Combine(Root, "cache", Segment(workspace), Segment(project));

    public string BuildLog(string workspace, string project, string commit) =>
        Path.Combine(Root, "logs", Segment(workspace), Segment(project), $"{Segment(commit)}.log");

    /// <summary>Newest first.</summary>
    public IEnumerable<string> BuildLogs(string workspace, string project) => new DirectoryInfo(Path.Combine(Root, "logs", Segment(workspace), Segment(project))) is { Exists: true } directory
        ? directory.GetFiles("*.log").OrderByDescending(f => f.LastWriteTimeUtc).Select(f => f.FullName)
        : [];

    /// <summary>Of one process: home, tmp, log. Services beside the entry lie below it.</summary>
    public string Instance(InstanceKey k) => k.Service is null ? Release(k) : Path.Combine(Release(k), "services", Segment(k.Service));

    /// <summary>The copy that every service of a running version runs from: what one writes there, the others and the migrations before them see.</summary>
    public string RunTree(InstanceKey k) => Path.Combine(Release(k), "tree");

    private string Release(InstanceKey k) => Path.Combine(Instances, Segment(k.Workspace), Segment(k.Project), Segment(k.Environment), $"{k.Release}");

    private static string Segment(string name) =>
        Allowed().IsMatch(name)
            ? name
            : throw new DeployException($"'{name}' cannot be a name: 1 to 128 of A-Z a-z 0-9 . _ -, not starting with a dot.");

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Allowed();
}
