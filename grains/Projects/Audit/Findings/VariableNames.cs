namespace ProdSprint.Projects;

/// <summary>What a variable's name tells.</summary>
public static class VariableNames
{
    private static readonly HashSet<string> Platform = new(StringComparer.Ordinal)
    {
        "PORT", "HOST", "HOSTNAME", "NODE_ENV", "CI", "HOME", "PATH", "PWD", "USER", "SHELL", "LANG", "TZ", "TMPDIR", "TEMP", "TMP", "DEBUG", "LOG_LEVEL", "PYTHONPATH", "VIRTUAL_ENV", "NO_COLOR",
        "FORCE_COLOR", "TERM", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DJANGO_SETTINGS_MODULE", "FLASK_ENV", "DYNO", "VERCEL", "VERCEL_URL", "VERCEL_ENV",
        "NETLIFY", "GOOS", "GOARCH", "GOPATH", "KUBERNETES_SERVICE_HOST", "EDITOR", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "XDG_CONFIG_HOME", "DISPLAY",
        "MODE", "DEV", "PROD", "SSR", "BASE_URL", "NEXT_RUNTIME", "NEXT_PHASE", "BUILD_ID", "PUBLIC_URL",
    };

    private static readonly string[] SecretParts = ["SECRET", "TOKEN", "PASSWORD", "PASSWD", "APIKEY", "API_KEY", "PRIVATE_KEY", "ACCESS_KEY", "CREDENTIAL", "ENCRYPTION_KEY", "SIGNING_KEY", "JWT_KEY"];

    private static readonly HashSet<string> ConnectionStrings = new(StringComparer.Ordinal)
        { "DATABASE_URL", "DB_URL", "MONGO_URL", "MONGODB_URI", "MONGO_URI", "MONGODB_URL", "REDIS_URL", "POSTGRES_URL", "MYSQL_URL", "AMQP_URL", "RABBITMQ_URL", "SENTRY_DSN", "DB_PASS" };

    /// <summary>Set by the platform or by every machine: nobody needs to provide it.</summary>
    public static bool IsPlatform(string name) => Platform.Contains(name) || name.StartsWith("npm_", StringComparison.Ordinal) || name.StartsWith("GITHUB_", StringComparison.Ordinal) || name.StartsWith("RAILWAY_", StringComparison.Ordinal);

    /// <summary>What tells a service where another of the same version listens: <c>PRODSPRINT_SERVICE_API_URL</c> for "api".</summary>
    public static string ServiceUrl(string service) =>
        $"PRODSPRINT_SERVICE_{new string([.. service.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_')])}_URL";

    public static bool IsSecret(string name)
    {
        var upper = name.ToUpperInvariant();
        return ConnectionStrings.Contains(upper) || upper.StartsWith("CONNECTIONSTRINGS__", StringComparison.Ordinal)
            || SecretParts.Any(p => upper.Contains(p, StringComparison.Ordinal)) && !upper.EndsWith("_TTL", StringComparison.Ordinal) && !upper.Contains("EXPIR", StringComparison.Ordinal);
    }
}
