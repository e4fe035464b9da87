using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Identity;

/// <summary>What a new account is called: after what the provider calls the person, with a number when that is taken.</summary>
public static class AccountIds
{
    public const int Longest = 64;

    /// <summary>Room for a number.</summary>
    private const int LongestBase = 56;

    public static bool IsOne(string text) => text.Length is > 0 and <= Longest && text.All(IsAllowed);

    /// <param name="attempt">From 1: the second is <c>ana-2</c>.</param>
    public static string Candidate(ExternalLogin login, int attempt)
    {
        var name = Plain(login.Name ?? login.Email?.Split('@')[0] ?? "");
        if (name.Length == 0) name = $"{Plain(login.Provider)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(login.Subject)))[..8]}";
        return attempt == 1 ? name : $"{name}-{attempt}";
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant())
        {
            if (IsAllowed(c)) plain.Append(c);
            else if (plain.Length > 0 && plain[^1] != '-') plain.Append('-');
        }
        return plain.ToString().Trim('-', '.') is var trimmed && trimmed.Length > LongestBase ? trimmed[..LongestBase] : trimmed;
    }

    private static bool IsAllowed(char c) => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '_' or '@' or '-';
}
