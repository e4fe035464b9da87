namespace ProdSprint.Hosting;

/// <summary>What one process of a cluster does. All of them in one process is the default, and all there is on the embedded engine.</summary>
[Flags]
public enum NodeRoles
{
    None = 0,

    /// <summary>API, live pushes and dashboard.</summary>
    Web = 1,

    /// <summary>Grains, and jobs that need no disk.</summary>
    Silo = 2,

    /// <summary>The home: builds, running copies, the router, repositories, and the jobs that need them. One node of a cluster; it is a silo as well.</summary>
    Target = 4,

    All = Web | Silo | Target,
}
