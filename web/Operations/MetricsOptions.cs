using Microsoft.Extensions.Options;
using ProdSprint.Hosting;
using ProdSprint.Identity;

namespace ProdSprint.Operations;

/// <summary>Who reads <c>/metrics</c>: section <c>Metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>
    /// What a scraper sends as <c>Authorization: Bearer</c>. The figures are of all tenants, so no tenant's token will do, and it is known on nodes where nobody can sign in. Unset: everybody
    /// may read them where nobody signs in (development), and nobody elsewhere.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>A file with it, e.g. a mounted secret; read once, at start.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Whether without a token everybody may read them.</summary>
    public bool Open { get; private set; }

    /// <exception cref="OptionsValidationException">Names every fault with what to do.</exception>
    public static MetricsOptions Read(IConfiguration configuration, bool production)
    {
        var options = new MetricsOptions();
        configuration.GetSection("Metrics").Bind(options);
        options.Open = !Tenancy.IsShared(configuration, production);
        var faults = new List<string>();
        if (options.TokenFile is { Length: > 0 } file)
        {
            try
            {
                options.Token = File.ReadAllText(file).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                faults.Add($"Metrics__TokenFile cannot be read: {e.Message}");
            }
        }
        if (string.IsNullOrEmpty(options.Token)) options.Token = null;
        if (options.Token is { } token && IdentityFaults.Weakness(token) is { } weakness) faults.Add($"Metrics__Token {weakness}. Make one: openssl rand -base64 48");
        return faults.Count == 0 ? options : throw new OptionsValidationException("Metrics", typeof(MetricsOptions), faults);
    }

    public bool Allows(HttpRequest request)
    {
        if (Token is not { } token) return Open;
        const string Bearer = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && SessionTokens.AreSame(header[Bearer.Length..].Trim(), token);
    }
}
