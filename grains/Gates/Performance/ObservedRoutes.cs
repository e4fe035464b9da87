using System.Collections.Immutable;

namespace ProdSprint.Gates;

/// <summary>Pure: the route of a request that was seen in production. What looks as if it varies (numbers, tokens, addresses) is left out of its name before it is told to anybody.</summary>
public static class ObservedRoutes
{
    private const int LongestPath = 200;
    private const int MostParts = 10;

    /// <summary>Longer words than these are seldom written by hand: they are tokens.</summary>
    private const int LongestWord = 24;

    /// <summary>Of a word this long, so many capitals among small letters are no camel's humps.</summary>
    private const int TokenLength = 12, TokenCapitals = 4;

    private static readonly string[] Acts =
        ["logout", "signout", "sign-out", "delete", "remove", "cron", "run", "send", "trigger", "reset", "unsubscribe", "confirm", "verify", "callback", "webhook", "hooks", "export", "download"];

    /// <summary>As <c>GET /items/{id}</c>; null: nothing that a name can be made of.</summary>
    /// <param name="target">Of the request line: a path with or without a query.</param>
    public static string? Of(ReadOnlySpan<byte> target)
    {
        if (target.IndexOf((byte)'?') is >= 0 and var query) target = target[..query];
        if (target.Length is 0 or > LongestPath || target[0] != '/') return null;
        var parts = new List<string>();
        foreach (var range in target[1..].Split((byte)'/'))
        {
            var part = target[1..][range];
            if (parts.Count == MostParts) return null;
            foreach (var c in part) if (!(char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' or (byte)'%' or (byte)'@' or (byte)':' or (byte)'+' or (byte)'=' or (byte)',')) return null;
            parts.Add(Varies(part) ? "{id}" : System.Text.Encoding.ASCII.GetString(part));
        }
        return $"GET /{string.Join('/', parts)}";
    }

    /// <summary>Those of a list that are known only from having been seen, with what is to be known before they are put under load.</summary>
    /// <param name="chosen">Routes with a budget: somebody has said by it that asking for them does no harm.</param>
    public static RouteList Merge(RouteList list, IEnumerable<string> seen, IEnumerable<string> chosen)
    {
        var known = list.Routes.Select(r => r.Name).Concat(list.LeftOut.Select(l => l.Name)).ToHashSet(StringComparer.Ordinal);
        var budgeted = chosen.Where(c => !c.Contains('{')).ToHashSet(StringComparer.Ordinal);
        var routes = budgeted.Where(b => list.Routes.All(r => r.Name != b)).Order(StringComparer.Ordinal)
            .Select(b => new KnownRoute(b, b[..b.IndexOf(' ')], b[(b.IndexOf(' ') + 1)..], ImmutableSortedDictionary<string, string>.Empty)).ToList();
        var others = seen.Where(s => !known.Contains(s) && !budgeted.Contains(s)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(s => new LeftOutRoute(s, Why(s))).ToList();
        if (routes.Count == 0 && others.Count == 0) return list;
        return list with
        {
            Source = list.Source.Length > 0 ? list.Source : routes.Count > 0 ? "budgets" : "",
            Routes = [.. list.Routes, .. routes],
            LeftOut = [.. list.LeftOut.Where(l => !budgeted.Contains(l.Name)), .. others],
        };
    }

    private static string Why(string route) =>
        route.Contains("{id}", StringComparison.Ordinal) ? "it was seen in production, and what stands for {id} is not kept: an OpenAPI document can give an example"
        : Acts.Any(a => route.Contains(a, StringComparison.OrdinalIgnoreCase)) ? "it was seen in production, and its name says that it does something: give it a budget if it does no harm"
        : "it was seen in production: give it a budget, and it is put under load";

    private static bool Varies(ReadOnlySpan<byte> part)
    {
        if (part.Length is 2 or 3 && part[0] == 'v' && part[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0) return false; // v1
        if (part.Length > LongestWord) return true;
        if (part.Length >= TokenLength && part.IndexOfAnyInRange((byte)'a', (byte)'z') >= 0)
        {
            var capitals = 0;
            foreach (var c in part) if (c is >= (byte)'A' and <= (byte)'Z') capitals++;
            if (capitals >= TokenCapitals) return true;
        }
        foreach (var c in part) if (c is >= (byte)'0' and <= (byte)'9' or (byte)'%' or (byte)'@' or (byte)':' or (byte)'=' or (byte)'+' or (byte)',') return true;
        return false;
    }
}
