namespace ProdSprint.Kernel;

/// <summary>
/// Every grain key is <c>kind/workspace/…</c>: it starts with its kind because the ADO.NET provider reads hex-looking strings as numbers, and it
/// carries the workspace because every row belongs to one. The kind is also the grain type, so a key alone is enough to reach a grain.
/// </summary>
public static class GrainKeys
{
    public static string ForWorkspace(string workspace) => $"workspace/{workspace}";

    public static string Project(string workspace, string project) => $"project/{workspace}/{project}";

    public static string Plan(string workspace, string project, int number) => $"plan/{workspace}/{project}/{number}";

    public static string Release(string workspace, string project, int number) => $"release/{workspace}/{project}/{number}";

    public static string Infrastructure(string workspace, string project, string environment) => $"infrastructure/{workspace}/{project}/{environment}";

    public static string Secret(string workspace, string project, string environment, string name) => $"secret/{workspace}/{project}/{environment}/{name}";

    public static string Kind(string key) => key[..key.IndexOf('/')];

    public static string Workspace(string key) => key.Split('/', 3)[1];

    /// <summary>The project a key belongs to; null for keys above projects.</summary>
    public static string? ProjectOf(string key)
    {
        var parts = key.Split('/');
        return parts.Length > 2 ? parts[2] : null;
    }

    /// <summary>The last segment as the number of a plan or release within its project.</summary>
    public static int Number(string key) => int.Parse(key.AsSpan(key.LastIndexOf('/') + 1), provider: null);
}
