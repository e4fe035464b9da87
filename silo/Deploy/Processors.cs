using System.Globalization;

namespace ProdSprint.Deploy;

/// <summary>Which processors a copy with a limit runs on. Copies begin at different ones, so that small limits do not all meet on the first.</summary>
internal static class Processors
{
    private static readonly Lazy<int[]> Ours = new(() => Parse(
        File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? ""));

    /// <summary>As <c>taskset -c</c> takes it; empty when there is no limit, or none that would limit anything here.</summary>
    public static string For(InstanceRecord r) =>
        r.Service.Limits.Cpus is { } cpus && cpus < Ours.Value.Length
            ? string.Join(',', Enumerable.Range(0, Math.Max(1, cpus)).Select(i => Ours.Value[(r.Port + r.Key.Release + i) % Ours.Value.Length]))
            : "";

    /// <summary>A list of the kernel: "0-3,8".</summary>
    internal static int[] Parse(string list) =>
    [
        .. list.Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(part =>
        {
            var ends = part.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        }),
    ];
}
