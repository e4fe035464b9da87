using System.Security.Cryptography;

namespace ProdSprint.Identity;

/// <summary>Codes on paper for the day the telephone is gone: ten letters and digits that are not mistaken for each other, 50 random bits.</summary>
public static class RecoveryCodes
{
    public const int Count = 10;
    private const int Half = 5;
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    public static IReadOnlyList<string> New() => [.. Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Alphabet, 2 * Half).Insert(Half, "-"))];

    /// <summary>As people type it; null: it cannot be one.</summary>
    public static string? Plain(string typed)
    {
        var letters = string.Concat(typed.ToLowerInvariant().Where(c => c is not ('-' or ' ')));
        return letters.Length == 2 * Half && letters.All(Alphabet.Contains) ? letters.Insert(Half, "-") : null;
    }
}
