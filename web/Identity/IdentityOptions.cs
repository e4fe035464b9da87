using ProdSprint.Server;

namespace ProdSprint.Identity;

public enum IdentityMode
{
    /// <summary>A header's word is believed. For one machine, outside Production.</summary>
    Development,

    /// <summary>Nobody does anything without having signed in.</summary>
    Accounts,
}

/// <summary>How people are known: section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>Left out: accounts in Production, development elsewhere.</summary>
    public IdentityMode? Mode { get; set; }

    /// <summary>Where browsers reach the server, e.g. <c>https://ship.example.com</c>: what providers send people back to, what passkeys are bound to. https, save on this machine itself.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>What refresh tokens, access tokens and stored secrets are protected with. The same on every server; without it, outside Production, one is derived from the database's.</summary>
    public string? Secret { get; set; }

    /// <summary>A file with it, e.g. a mounted secret; read once, at start.</summary>
    public string? SecretFile { get; set; }

    /// <summary>
    /// Logins of those who may make the first Admin of a workspace: <c>PROVIDER:SUBJECT</c>, or <c>PROVIDER:ADDRESS</c> where the provider has verified the address.
    /// Empty: those whom <c>prodsprint accounts enrol --admin</c> let in at the machine. Never simply who comes first.
    /// </summary>
    public IList<string> Admins { get; } = [];

    /// <summary>How long an access token is good. Short, because it is believed without asking where it has been; a session that ends is noticed at once all the same.</summary>
    public int AccessMinutes { get; set; } = 10;

    /// <summary>A session that nobody used for so long is over.</summary>
    public int IdleDays { get; set; } = 14;

    /// <summary>However much it is used.</summary>
    public int LongestDays { get; set; } = 90;

    /// <summary>How recent a proof of oneself has to be for what cannot be taken back.</summary>
    public int StepUpMinutes { get; set; } = 15;

    /// <summary>How often a program that waits to be let in may ask.</summary>
    public int DevicePollSeconds { get; set; } = 5;

    /// <summary>Providers, and how they are spoken to.</summary>
    internal SignInOptions SignIn { get; set; } = new();

    public bool IsDevelopment => Mode is IdentityMode.Development;

    public Uri? Public => PublicUrl is null ? null : new Uri(PublicUrl);

    /// <summary>Whether cookies may carry the prefixes that only https can.</summary>
    public bool IsSecure => Public?.Scheme == Uri.UriSchemeHttps;

    public static IdentityOptions Read(IConfiguration configuration, bool production, ICollection<string> faults)
    {
        var options = new IdentityOptions();
        try
        {
            configuration.GetSection("Identity").Bind(options);
        }
        catch (InvalidOperationException e)
        {
            faults.Add($"Identity: {e.InnerException?.Message ?? e.Message}. Identity__Mode is development or accounts; the rest are texts and whole numbers.");
        }
        options.Mode ??= production ? IdentityMode.Accounts : IdentityMode.Development;
        IdentityFaults.Find(options, production, faults);
        return options;
    }
}
