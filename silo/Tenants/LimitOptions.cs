using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ProdSprint.Tenants;

/// <summary>What one workspace may use of the server. Null: as the default says.</summary>
public class WorkspaceLimits
{
    /// <summary>Projects that may have been imported.</summary>
    public int? Projects { get; set; }

    /// <summary>Builds running at once; further ones wait in the queue.</summary>
    public int? ConcurrentBuilds { get; set; }

    /// <summary>Rows of traffic (one per version, environment and second) that are taken a second.</summary>
    public int? TelemetryPerSecond { get; set; }

    /// <summary>Bytes of kept builds and documents; above it nothing new is planned, built or released.</summary>
    public long? StorageBytes { get; set; }

    public RateLimit? Read { get; set; }

    public RateLimit? Write { get; set; }

    public RateLimit? Heavy { get; set; }
}

/// <summary>
/// Limits of tenants: section <c>Limits</c>. Whoever runs the server sets them, not a workspace's own Admin; <c>Limits__Workspaces__acme__Projects=500</c> is
/// for one workspace.
/// </summary>
public sealed class LimitOptions : WorkspaceLimits
{
    public LimitOptions()
    {
        // Far above what a team has, far below what would slow its neighbours down.
        Projects = 1_000;
        ConcurrentBuilds = 2;
        TelemetryPerSecond = 1_000;
        StorageBytes = 50L << 30;
        // A dashboard asks some ten times a second at its busiest; scripts more.
        Read = new() { PerSecond = 1_000, Burst = 5_000 };
        Write = new() { PerSecond = 100, Burst = 1_000 };
        Heavy = new() { PerSecond = 2, Burst = 60 };
    }

    /// <summary>Of one address.</summary>
    public RateLimit Stranger { get; set; } = new() { PerSecond = 20, Burst = 200 };

    /// <summary>Of one address. Someone mistyping needs a few tries; a million codes need years.</summary>
    public RateLimit SignIn { get; set; } = new() { PerSecond = 0.5, Burst = 20 };

    /// <summary>By workspace.</summary>
    public Dictionary<string, WorkspaceLimits> Workspaces { get; } = new(StringComparer.Ordinal);

    /// <exception cref="OptionsValidationException">Names every limit that cannot stand.</exception>
    public static LimitOptions From(IConfiguration configuration)
    {
        var options = new LimitOptions();
        configuration.GetSection("Limits").Bind(options);
        List<string> errors = [.. options.Workspaces.SelectMany(w => Errors($"Limits:Workspaces:{w.Key}", w.Value)), .. Errors("Limits", options), .. Errors("Limits:Stranger", options.Stranger), .. Errors("Limits:SignIn", options.SignIn)];
        return errors.Count == 0 ? options : throw new OptionsValidationException("Limits", typeof(LimitOptions), errors);
    }

    public int ProjectsOf(string workspace) => Of(workspace)?.Projects ?? Projects!.Value;

    public int ConcurrentBuildsOf(string workspace) => Of(workspace)?.ConcurrentBuilds ?? ConcurrentBuilds!.Value;

    public int TelemetryOf(string workspace) => Of(workspace)?.TelemetryPerSecond ?? TelemetryPerSecond!.Value;

    public long StorageOf(string workspace) => Of(workspace)?.StorageBytes ?? StorageBytes!.Value;

    /// <param name="workspace">Null for the tiers of addresses.</param>
    public RateLimit RateOf(RateTier tier, string? workspace) => tier switch
    {
        RateTier.Read => Of(workspace)?.Read ?? Read!,
        RateTier.Write => Of(workspace)?.Write ?? Write!,
        RateTier.Heavy => Of(workspace)?.Heavy ?? Heavy!,
        RateTier.Stranger => Stranger,
        _ => SignIn,
    };

    private WorkspaceLimits? Of(string? workspace) => workspace is null ? null : Workspaces.GetValueOrDefault(workspace);

    private static IEnumerable<string> Errors(string at, WorkspaceLimits limits)
    {
        foreach (var (name, value) in new (string, long?)[] { ("Projects", limits.Projects), ("ConcurrentBuilds", limits.ConcurrentBuilds), ("TelemetryPerSecond", limits.TelemetryPerSecond), ("StorageBytes", limits.StorageBytes) })
            if (value is < 1) yield return $"{at}:{name} is {value}. Set it to 1 or more.";
        foreach (var (name, rate) in new[] { ("Read", limits.Read), ("Write", limits.Write), ("Heavy", limits.Heavy) })
            foreach (var error in rate is null ? [] : Errors($"{at}:{name}", rate)) yield return error;
    }

    private static IEnumerable<string> Errors(string at, RateLimit rate)
    {
        if (rate.PerSecond is not > 0) yield return $"{at}:PerSecond is {rate.PerSecond}. Set it to more than 0.";
        if (rate.Burst < 1) yield return $"{at}:Burst is {rate.Burst}. Set it to 1 or more.";
    }
}
