using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>A service while it is being found out about. Detectors fill in what their ecosystem says; the auditor completes and freezes it.</summary>
public sealed class ServiceDraft(string language, string directory, string manifest)
{
    public string Language { get; } = language;
    public string Directory { get; } = directory;

    /// <summary>The file that made this a service; the folder itself when there is none.</summary>
    public string Manifest { get; } = manifest;

    public string? Name { get; set; }
    public ServiceKind? Kind { get; set; }
    public Sourced? Version { get; set; }
    public Sourced? PackageManager { get; set; }
    public string? Framework { get; set; }
    public ServiceCommand? Install { get; set; }
    public ServiceCommand? Build { get; set; }
    public ServiceCommand? Start { get; set; }
    public PortAudit? Port { get; set; }

    /// <summary>The port the framework takes when nobody says otherwise.</summary>
    public int DefaultPort { get; set; } = 3000;

    public DockerfileAudit? Dockerfile { get; set; }
    public string? Output { get; set; }
    public ServiceCommand? Test { get; set; }
    public string? TestRunner { get; set; }
    public ImmutableArray<ProcessAudit> Processes { get; set; } = [];
    public List<MigrationAudit> Migrations { get; } = [];
    public SortedSet<string> DependsOn { get; } = new(StringComparer.Ordinal);

    /// <summary>Files outside its own folder that the program is made of, as its imports say.</summary>
    public IReadOnlyList<TreeEntry> Reached { get; init; } = [];

    /// <summary>Packages of the workspace that it needs and that may hold its migrations, each as a draft of its own.</summary>
    public List<ServiceDraft> Parts { get; } = [];

    public HashSet<string> Packages { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Configuration names that a file in the repository already gives a value (appsettings.json).</summary>
    public HashSet<string> Given { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is doubtful about <see cref="Start"/>; dropped when something better (a Procfile) says how to start.</summary>
    public (string Code, string Title, string Why, string Remediation)? StartDoubt { get; set; }

    /// <summary>Why the next build may take other versions than this one; null when it takes the same.</summary>
    public LockFiles.Unlocked? Unlocked { get; set; }

    /// <summary>A library or tooling: only a service when the repository has nothing else.</summary>
    public bool IsRunnable => Start is not null || Output is not null;

    public ServiceCommand Command(string line, string source) => new(line, Directory, source);
}

/// <summary>What every detector works with.</summary>
public sealed record AuditContext(RepositoryFiles Files, Manifests Manifests, GapList Gaps);

/// <summary>Finds the services of one ecosystem. Pure: the same files give the same drafts.</summary>
public interface IServiceDetector
{
    IEnumerable<ServiceDraft> Detect(AuditContext context);
}
