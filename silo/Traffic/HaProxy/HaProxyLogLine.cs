using System.Globalization;

namespace ProdSprint.Traffic;

/// <summary>
/// One ended request as HAProxy logs it. The counter is 0 for what was refused before it was numbered. Times are whole milliseconds, which is the finest HAProxy 2.6 has.
/// </summary>
internal readonly record struct HaProxyLogLine(long Worker, long Counter, string Environment, string Chosen, string Server, int Status, string End, long UnixSecond, double Ms)
{
    public static string Format(string environment) => $"PS %pid %[var(txn.seq)] {environment} %[var(txn.slot)] %s %ST %ts %Ts %Ta %TR %Tw %Tc %Tr";

    public static bool TryParse(string line, out HaProxyLogLine parsed)
    {
        parsed = default;
        var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (cells.Length != 14 || cells[0] != "PS") return false;
        var numbers = new long[7];
        int[] at = [1, 2, 8, 9, 10, 11, 12];
        for (var i = 0; i < at.Length; i++)
            if (cells[at[i]] != "-" && !long.TryParse(cells[at[i]].TrimStart('+'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i])) return false;
        if (!int.TryParse(cells[6], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var status)
            || !long.TryParse(cells[13], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var response)) return false;
        // A tunnel's total is its whole life; what is asked for is how long its beginning took.
        var ms = status == 101 ? Math.Max(0, numbers[4]) + Math.Max(0, numbers[5]) + Math.Max(0, numbers[6]) + Math.Max(0, response) : Math.Max(0, numbers[3]);
        parsed = new(numbers[0], numbers[1], cells[3], cells[4], cells[5], status, cells[7], numbers[2] + Math.Max(0, numbers[3]) / 1000, ms);
        return true;
    }

    /// <summary>The client broke off: HAProxy's "C" (gone) and "c" (its time-out).</summary>
    public bool Aborted => End[0] is 'C' or 'c';

    /// <summary>Ended by the server's side in the middle of its answer.</summary>
    public bool CutShort => End[0] is 'S' or 's' && End[1] is 'D';
}
