using Microsoft.Extensions.Configuration;

namespace ProdSprint.Hosting;

/// <summary>Whether people sign in here, so that tenants share the server: known on every node, also where nobody can sign in.</summary>
public static class Tenancy
{
    /// <param name="production">What decides where <c>Identity:Mode</c> is not set, as for whoever signs in.</param>
    public static bool IsShared(IConfiguration configuration, bool production) =>
        !string.Equals(configuration["Identity:Mode"] ?? (production ? "accounts" : "development"), "development", StringComparison.OrdinalIgnoreCase);
}
