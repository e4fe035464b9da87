using Microsoft.Extensions.Options;

namespace ProdSprint.Identity;

/// <summary>With what the server must not start. All of it is said at once.</summary>
public static class IdentityFaults
{
    public const int ShortestSecret = 32;

    /// <summary>A phrase of one's own has fewer different characters than 32 random ones.</summary>
    private const int FewestDifferent = 12;

    private static readonly string[] KnownSecrets = ["changeme", "change-me", "password", "example", "prodsprint", "development", "0123456789", "abcdefgh"];

    /// <exception cref="OptionsValidationException">Names every fault with what to do.</exception>
    public static IdentityOptions Read(IConfiguration configuration, bool production)
    {
        var faults = new List<string>();
        var options = IdentityOptions.Read(configuration, production, faults);
        options.SignIn = SignInOptions.Read(configuration, production, faults);
        return faults.Count == 0 ? options : throw new OptionsValidationException("Identity", typeof(IdentityOptions), faults);
    }

    internal static void Find(IdentityOptions options, bool production, ICollection<string> faults)
    {
        if (production && options.IsDevelopment)
            faults.Add("Identity__Mode is development, which believes everybody, and the environment is Production. Set Identity__Mode=accounts, or start it with ./prodsprint up on a machine of your own.");
        ReadSecret(options, faults);
        if (options.Secret is { } secret && Weakness(secret) is { } weakness)
            faults.Add($"Identity__Secret {weakness}. Make one: openssl rand -base64 48");
        else if (production && options.Secret is null)
            faults.Add("Identity__Secret is not set (nor Identity__SecretFile). Make one, the same on every server: openssl rand -base64 48");
        Address(options, production, faults);
        foreach (var admin in options.Admins)
            if (admin.IndexOf(':', StringComparison.Ordinal) is < 1 || admin.EndsWith(':'))
                faults.Add($"Identity__Admins has '{admin}'. Name a provider's login: github:583231, or google:ana@example.com.");
        foreach (var (name, value, most) in new[]
            { ("AccessMinutes", options.AccessMinutes, 60), ("IdleDays", options.IdleDays, 365), ("LongestDays", options.LongestDays, 365), ("StepUpMinutes", options.StepUpMinutes, 1440), ("DevicePollSeconds", options.DevicePollSeconds, 60) })
            if (value < 1 || value > most) faults.Add($"Identity__{name} is {value}. It is 1 to {most}.");
    }

    /// <summary>Null: strong enough.</summary>
    public static string? Weakness(string secret) =>
        secret.Length < ShortestSecret ? $"has {secret.Length} characters, and {ShortestSecret} are the least"
        : secret.Distinct().Count() < FewestDifferent ? $"has only {secret.Distinct().Count()} different characters"
        : KnownSecrets.FirstOrDefault(k => secret.Contains(k, StringComparison.OrdinalIgnoreCase)) is { } known ? $"contains '{known}'" : null;

    private static void ReadSecret(IdentityOptions options, ICollection<string> faults)
    {
        if (options.SecretFile is not { } file) return;
        if (options.Secret is not null) faults.Add("Identity__Secret and Identity__SecretFile are both set. Leave one out.");
        try
        {
            options.Secret = File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"Identity__SecretFile cannot be read: {e.Message}");
        }
    }

    private static void Address(IdentityOptions options, bool production, ICollection<string> faults)
    {
        if (options.PublicUrl is not { } text)
        {
            if (production) faults.Add("Identity__PublicUrl is not set. Name the address that browsers use: https://ship.example.com");
            return;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url is not { Scheme: "https" or "http", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
        {
            faults.Add($"Identity__PublicUrl is '{text}'. It is scheme and host, and a port where needed: https://ship.example.com");
            options.PublicUrl = null;
        }
        else if (url.Scheme == "http" && (production || !url.IsLoopback))
        {
            faults.Add($"Identity__PublicUrl is '{text}', where cookies could be read on the way. Give it https: a reverse proxy does.");
        }
    }
}
