using Microsoft.Extensions.Options;

namespace ProdSprint.Deploy;

/// <summary>How the target <c>local</c> builds and runs. Checked at start, all errors at once.</summary>
public sealed class LocalDeployOptions
{
    /// <summary>Everything of this target lies below: artifacts, instances, build logs, caches. Absolute. One server per root.</summary>
    public string Root { get; set; } = "";

    /// <summary>Ports given to running copies: below the kernel's ephemeral range (32768 up), where outgoing connections would take them away.</summary>
    public int FirstPort { get; set; } = 21000;

    /// <summary>Inclusive.</summary>
    public int LastPort { get; set; } = 30999;

    /// <summary>bubblewrap: used when it works here, demanded, or not used.</summary>
    public SandboxMode Sandbox { get; set; } = SandboxMode.Auto;

    /// <summary>Directories that a sandboxed build or application must not see (the server's own data, with its secrets). Absolute.</summary>
    public List<string> HiddenPaths { get; set; } = [];

    /// <summary>PATH for builds and applications; empty: the server's own, so that the tools its operator sees are the ones used.</summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// Variables of the server that builds get as well: where packages come from and which certificates to trust. Nothing that could be a credential
    /// of ours; a private registry's token belongs into the plan's variables.
    /// </summary>
    public List<string> BuildPassThrough { get; set; } =
    [
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_DEFAULT_TIMEOUT", "npm_config_registry", "GOPROXY",
        "GOSUMDB", "NUGET_CERT_REVOCATION_MODE", "DOTNET_ROOT", "DOTNET_CLI_TELEMETRY_OPTOUT", "GIT_SSL_CAINFO",
    ];

    /// <summary>The program that serves static sites, with its first arguments; DIRECTORY and <c>--port</c> follow. Empty: this program's own <c>static</c>.</summary>
    public List<string> StaticServer { get; set; } = [];

    /// <summary>Bytes kept of a build's log; a build that writes more goes on, its log says where it was cut.</summary>
    public long BuildLogBytes { get; set; } = 8L << 20;

    /// <summary>Bytes kept of a running copy's output, in four segments of which the oldest goes first.</summary>
    public long RunLogBytes { get; set; } = 16L << 20;

    /// <summary>A build stops when less than this is left on the file system: the database may live on it.</summary>
    public int MinFreeDiskMiB { get; set; } = 256;

    /// <summary>Besides pinned and running ones, this many newest artifacts of a project are kept.</summary>
    public int KeepRecentArtifacts { get; set; } = 5;

    /// <summary>And every artifact younger than this: its release may be waiting for an approval.</summary>
    public TimeSpan KeepArtifactsFor { get; set; } = TimeSpan.FromDays(2);

    /// <summary>First pause before a dead copy is started again; doubles up to <see cref="RestartMaxDelay"/>.</summary>
    public TimeSpan RestartDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan RestartMaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A copy that lived this long starts again with the first, short pause.</summary>
    public TimeSpan RestartForgiveness { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the supervisor looks whether its copies live.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}

public enum SandboxMode
{
    /// <summary>bubblewrap where it works, a plain process elsewhere.</summary>
    Auto,

    /// <summary>Refuse to start without bubblewrap.</summary>
    Required,

    /// <summary>Plain processes: a build can then write wherever the server's user can.</summary>
    Off,
}

internal sealed class LocalDeployOptionsValidation : IValidateOptions<LocalDeployOptions>
{
    public ValidateOptionsResult Validate(string? name, LocalDeployOptions o)
    {
        var errors = new List<string>();
        if (!System.IO.Path.IsPathFullyQualified(o.Root)) errors.Add($"Deploy:Root must be an absolute path, not '{o.Root}'.");
        if (o.FirstPort < 1024 || o.LastPort > 65535 || o.FirstPort > o.LastPort)
            errors.Add($"Deploy:FirstPort..LastPort must lie within 1024..65535, not {o.FirstPort}..{o.LastPort}.");
        if (o.BuildLogBytes < 64 << 10) errors.Add("Deploy:BuildLogBytes must be at least 65536.");
        if (o.RunLogBytes < 64 << 10) errors.Add("Deploy:RunLogBytes must be at least 65536.");
        if (o.MinFreeDiskMiB < 0) errors.Add("Deploy:MinFreeDiskMiB must not be negative.");
        if (o.KeepRecentArtifacts < 1) errors.Add("Deploy:KeepRecentArtifacts must be at least 1.");
        if (o.RestartDelay <= TimeSpan.Zero || o.RestartMaxDelay < o.RestartDelay)
            errors.Add("Deploy:RestartDelay must be positive and not above RestartMaxDelay.");
        if (o.WatchInterval <= TimeSpan.Zero) errors.Add("Deploy:WatchInterval must be positive.");
        foreach (var p in o.HiddenPaths)
            if (!System.IO.Path.IsPathFullyQualified(p)) errors.Add($"Deploy:HiddenPaths holds '{p}', which is not absolute.");
        if (o.Sandbox == SandboxMode.Required && !Sandbox.Works)
            errors.Add("Deploy:Sandbox is Required and bubblewrap does not work here: apt-get install bubblewrap, and allow user namespaces.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
