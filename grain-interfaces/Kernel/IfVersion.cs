using System.Globalization;
using Orleans.Runtime;

namespace ProdSprint.Kernel;

/// <summary>
/// The state versions on which the next command may be carried out, sent along with the call to a machine grain. Taken once: what the command leads to
/// is no longer bound by it.
/// </summary>
public static class IfVersion
{
    private const string Key = "prodsprint.if-version";

    /// <param name="versions">Empty: on none, the command is refused.</param>
    public static void Set(IReadOnlyCollection<long> versions) =>
        RequestContext.Set(Key, string.Join(',', versions.Select(v => v.ToString(CultureInfo.InvariantCulture))));

    public static void Clear() => RequestContext.Remove(Key);

    /// <summary>Null: on any version.</summary>
    public static Rejection? Refusal(string key, long version)
    {
        if (RequestContext.Get(Key) is not string versions) return null;
        Clear();
        return versions.Split(',').Contains(version.ToString(CultureInfo.InvariantCulture)) ? null : new(
            "precondition.stale", "Changed since you looked", $"{key} is at version {version} by now.", "Read it again, and send its ETag as If-Match", RejectionKind.Stale);
    }
}
