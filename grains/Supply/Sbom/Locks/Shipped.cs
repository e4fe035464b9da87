namespace ProdSprint.Supply;

/// <summary>Which packages of a lock file are for development alone, where the file says so of none by itself: what development reaches, and what is shipped does not. What nothing reaches counts as shipped.</summary>
internal static class Shipped
{
    public static HashSet<string> ForDevelopment(IEnumerable<string> shipped, IEnumerable<string> asked, Func<string, IEnumerable<string>> needs)
    {
        var found = From(asked, needs);
        found.ExceptWith(From(shipped, needs));
        return found;
    }

    private static HashSet<string> From(IEnumerable<string> asked, Func<string, IEnumerable<string>> needs)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(asked);
        while (open.TryPop(out var next))
        {
            if (!reached.Add(next)) continue;
            foreach (var need in needs(next)) open.Push(need);
        }
        return reached;
    }
}
