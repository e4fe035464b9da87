using ProdSprint.Plans;

namespace ProdSprint.Gates;

/// <summary>Whether an SPDX licence expression is allowed: of <c>OR</c> one choice is enough, of <c>AND</c> each part counts. Source: SPDX 2.3, annex D.</summary>
public static class LicenceRule
{
    public static bool Allows(LicencePolicy policy, string expression)
    {
        var words = expression.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // nobody writes a thousand words by hand, and what is nested without end is no licence
        if (words.Length is 0 or > 1000) return false;
        var at = 0;
        return Or(policy, words, ref at, 0) && at == words.Length;
    }

    private static bool Or(LicencePolicy policy, string[] words, ref int at, int depth)
    {
        var allowed = And(policy, words, ref at, depth);
        while (at < words.Length && Is(words[at], "OR"))
        {
            at++;
            allowed |= And(policy, words, ref at, depth);
        }
        return allowed;
    }

    private static bool And(LicencePolicy policy, string[] words, ref int at, int depth)
    {
        var allowed = One(policy, words, ref at, depth);
        while (at < words.Length && Is(words[at], "AND"))
        {
            at++;
            allowed &= One(policy, words, ref at, depth);
        }
        return allowed;
    }

    private static bool One(LicencePolicy policy, string[] words, ref int at, int depth)
    {
        if (at >= words.Length || depth > 50) return false;
        var word = words[at++];
        if (word == "(")
        {
            var inside = Or(policy, words, ref at, depth + 1);
            if (at >= words.Length || words[at++] != ")") return false;
            return inside;
        }
        // an exception only ever gives more rights
        if (at + 1 < words.Length && Is(words[at], "WITH")) at += 2;
        return !policy.Deny.Any(d => Same(d, word)) && (policy.Allow.IsEmpty || policy.Allow.Any(a => Same(a, word)));
    }

    /// <summary>AGPL-3.0, AGPL-3.0+, AGPL-3.0-only and AGPL-3.0-or-later are one licence to a policy.</summary>
    private static bool Same(string policy, string word) => string.Equals(Bare(policy), Bare(word), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string id)
    {
        foreach (var end in new[] { "-only", "-or-later", "+" })
            if (id.EndsWith(end, StringComparison.OrdinalIgnoreCase)) return id[..^end.Length];
        return id;
    }

    private static bool Is(string word, string keyword) => string.Equals(word, keyword, StringComparison.OrdinalIgnoreCase);
}
