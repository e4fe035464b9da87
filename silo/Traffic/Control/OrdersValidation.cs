using System.Net;
using System.Text.RegularExpressions;

namespace ProdSprint.Traffic;

/// <summary>What orders must look like before a router touches anything; the same for every router.</summary>
internal static partial class OrdersValidation
{
    public static EnvironmentRoutes Normalised(EnvironmentRoutes routes) => routes with
    {
        Hosts = routes.Hosts.IsDefault ? [] : [.. routes.Hosts.Select(h => h.Trim().ToLowerInvariant())],
        Backends = routes.Backends.IsDefault ? [] : routes.Backends,
    };

    /// <summary>Null when the orders can be carried out; else every problem.</summary>
    public static string? Problems(EnvironmentRoutes routes)
    {
        var problems = new List<string>();
        foreach (var (what, value) in new[] { ("Workspace", routes.Workspace), ("Project", routes.Project), ("Environment", routes.Environment) })
            if (string.IsNullOrEmpty(value) || value.Length > 200 || value.Any(char.IsControl)) problems.Add($"{what} must be 1 to 200 printable characters.");
        if (routes.Revision < 1) problems.Add("Revision must be 1 or more.");
        if (routes.Port is < 0 or > 65535) problems.Add($"Port {routes.Port} is not a port.");
        foreach (var host in routes.Hosts)
            if (!HostName().IsMatch(host)) problems.Add($"Host \"{host}\" is not a host name (no scheme, no port; \"*.example.com\" is allowed).");
        foreach (var backend in routes.Backends)
        {
            if (!VersionName().IsMatch(backend.Version ?? "")) problems.Add($"Version \"{backend.Version}\" must be 1 to 128 of A-Z a-z 0-9 . _ + -.");
            if (!IPEndPoint.TryParse(backend.Address ?? "", out var at) || at.Port == 0 || at.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork)
                problems.Add($"Address \"{backend.Address}\" is not IPv4:PORT.");
            if (backend.Weight is < 0 or > EnvironmentRoutes.FullWeight) problems.Add($"Weight {backend.Weight} is not within 0 and {EnvironmentRoutes.FullWeight}.");
        }
        if (routes.Backends.GroupBy(b => (b.Version, b.Address)).Any(g => g.Count() > 1)) problems.Add("A backend is named twice.");
        var sum = routes.Backends.Sum(b => (long)b.Weight);
        if (sum != 0 && sum != EnvironmentRoutes.FullWeight) problems.Add($"Weights add up to {sum}; they must add up to {EnvironmentRoutes.FullWeight} (100 %), or all be 0.");
        var options = routes.Options;
        if (options.CookieName is { } cookie && (cookie.Length > 64 || !HttpSyntax.IsToken(System.Text.Encoding.UTF8.GetBytes(cookie)))) problems.Add($"CookieName \"{cookie}\" is not a token.");
        foreach (var (what, value) in new[] { ("Connect", options.Connect), ("FirstByte", options.FirstByte), ("Idle", options.Idle) })
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) problems.Add($"{what} must be more than zero and at most a day.");
        return problems.Count == 0 ? null : string.Join(" ", problems);
    }

    [GeneratedRegex(@"^[A-Za-z0-9._+\-]{1,128}\z")]
    private static partial Regex VersionName();

    [GeneratedRegex(@"^(\*\.)?[a-z0-9_]([a-z0-9_\-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_\-]*[a-z0-9_])?)*\z")]
    private static partial Regex HostName();
}
