using System.Net;
using System.Text.RegularExpressions;

namespace ProdSprint.Identity;

/// <summary>Ways to sign in that the server itself offers, and how providers are spoken to: section <c>Identity</c>.</summary>
public sealed class SignInOptions
{
    public IList<ProviderOptions> Providers { get; } = [];

    /// <summary>How long a provider may take for one answer. A person waits for it.</summary>
    public double ProviderSeconds { get; set; } = 10;

    /// <summary>Providers of workspaces may be at addresses within this network, and on this machine without TLS. Null: outside Production only, because an Admin could look around with it.</summary>
    public bool? AllowPrivateProviders { get; set; }

    /// <summary>What that comes to here.</summary>
    public bool PrivateProviders { get; private set; }

    /// <summary>A domain leads to a connection only when its DNS has said so. Null: in Production; elsewhere an Admin's word will do.</summary>
    public bool? RequireDomainProof { get; set; }

    /// <summary>Resolvers that are asked for that, <c>ADDRESS</c> or <c>ADDRESS:PORT</c>; none: the machine's own.</summary>
    public IList<string> DnsServers { get; } = [];

    /// <summary>What the first of these comes to here.</summary>
    public bool DomainProof { get; private set; }

    public static SignInOptions Read(IConfiguration configuration, bool production, ICollection<string> faults)
    {
        var options = new SignInOptions();
        try
        {
            configuration.GetSection("Identity").Bind(options);
        }
        catch (InvalidOperationException e)
        {
            faults.Add($"Identity__ {e.InnerException?.Message ?? e.Message}. Addresses begin with https://; docs/sign-in.md has an example for each provider.");
        }
        options.Allowing(options.AllowPrivateProviders ?? !production);
        options.DomainProof = options.RequireDomainProof ?? production;
        foreach (var fault in options.Faults()) faults.Add(fault);
        return options;
    }

    public SignInOptions Allowing(bool privateProviders)
    {
        PrivateProviders = privateProviders;
        return this;
    }

    private IEnumerable<string> Faults()
    {
        if (ProviderSeconds is not (> 0 and <= 60)) yield return $"Identity__ProviderSeconds is {ProviderSeconds}. Set it to more than 0 and at most 60.";
        foreach (var server in DnsServers.Where(s => !IPEndPoint.TryParse(s, out _))) yield return $"Identity__DnsServers has '{server}'. Give an address, with or without a port: 192.0.2.53 or [2001:db8::53]:5353.";
        for (var i = 0; i < Providers.Count; i++)
            foreach (var fault in Providers[i].Faults($"Identity__Providers__{i}", PrivateProviders)) yield return fault;
        foreach (var twice in Providers.GroupBy(p => p.Key).Where(g => g.Count() > 1))
            yield return $"Identity__Providers has '{twice.Key}' {twice.Count()} times. Give each an Id of its own.";
    }
}

/// <summary>One of the server's own providers.</summary>
public sealed partial class ProviderOptions
{
    /// <summary>google, apple, github or oidc.</summary>
    public string Kind { get; set; } = "";

    /// <summary>In addresses and logins, so never changed once people have signed in with it. The kind, when left out.</summary>
    public string? Id { get; set; }

    /// <summary>On the button.</summary>
    public string? Name { get; set; }

    /// <summary>Of oidc; the others know theirs. Of github an Enterprise server's address.</summary>
    public Uri? Issuer { get; set; }

    /// <summary>Of github: where its API is. https://api.github.com, or <c>/api/v3</c> of the Enterprise server.</summary>
    public Uri? Api { get; set; }

    public string ClientId { get; set; } = "";

    public string? ClientSecret { get; set; }

    /// <summary>A file that holds it, instead of the environment.</summary>
    public string? ClientSecretFile { get; set; }

    /// <summary>Of apple.</summary>
    public string? TeamId { get; set; }

    /// <summary>Of apple.</summary>
    public string? KeyId { get; set; }

    /// <summary>Of apple: the .p8 file.</summary>
    public string? PrivateKeyFile { get; set; }

    internal string Key => Id ?? Kind;

    internal ProviderKind? KindOf() => Kind switch
    {
        "google" => ProviderKind.Google,
        "apple" => ProviderKind.Apple,
        "github" => ProviderKind.GitHub,
        "oidc" => ProviderKind.Oidc,
        _ => null,
    };

    internal IEnumerable<string> Faults(string at, bool privately)
    {
        if (KindOf() is not { } kind)
        {
            yield return $"{at}__Kind is '{Kind}'. Set it to google, apple, github or oidc.";
            yield break;
        }
        if (!Plain().IsMatch(Key)) yield return $"{at}__Id is '{Id}'. Use 1 to 32 lower-case letters, digits and '-'.";
        if (ClientId.Length == 0) yield return $"{at}__ClientId is missing. Take it from the provider's page for this application.";
        if (kind == ProviderKind.Oidc && Issuer is null) yield return $"{at}__Issuer is missing. It is the address under which /.well-known/openid-configuration is found.";
        if (Issuer is { } issuer && !ProviderAddress.IsSafe(issuer, privately)) yield return $"{at}__Issuer is '{issuer}'. Use https.";
        if (Api is { } api && !ProviderAddress.IsSafe(api, privately)) yield return $"{at}__Api is '{api}'. Use https.";
        foreach (var fault in kind == ProviderKind.Apple ? AppleFaults(at) : SecretFaults(at)) yield return fault;
    }

    private IEnumerable<string> SecretFaults(string at)
    {
        if (ClientSecret is { Length: > 0 } && ClientSecretFile is not null) yield return $"{at} has both ClientSecret and ClientSecretFile. Keep one.";
        else if (ClientSecretFile is { } file && !File.Exists(file)) yield return $"{at}__ClientSecretFile is '{file}', which is not there.";
        else if (string.IsNullOrWhiteSpace(Secret())) yield return $"{at} has no secret. Set ClientSecret or ClientSecretFile.";
    }

    private IEnumerable<string> AppleFaults(string at)
    {
        if (string.IsNullOrEmpty(TeamId)) yield return $"{at}__TeamId is missing. It is the ten letters beside your name in Apple's developer account.";
        if (string.IsNullOrEmpty(KeyId)) yield return $"{at}__KeyId is missing. Apple shows it beside the key.";
        if (PrivateKeyFile is not { } file || !File.Exists(file)) yield return $"{at}__PrivateKeyFile is '{PrivateKeyFile}', which is not there. It is the .p8 file that Apple gave out.";
        else if (!AppleClientSecret.IsKey(File.ReadAllText(file))) yield return $"{at}__PrivateKeyFile holds no P-256 key in PKCS #8 PEM.";
    }

    /// <summary>Null for Apple, whose secret is made anew each time.</summary>
    internal string? Secret() => ClientSecretFile is { } file && File.Exists(file) ? File.ReadAllText(file).Trim() : ClientSecret;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,31}$")]
    private static partial Regex Plain();
}

internal static class ProviderAddress
{
    /// <summary>https; or, where that is allowed, this machine itself.</summary>
    public static bool IsSafe(Uri address, bool privately) =>
        address.IsAbsoluteUri && address.UserInfo.Length == 0 && address.Fragment.Length == 0 && (address.Scheme == Uri.UriSchemeHttps || (privately && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
