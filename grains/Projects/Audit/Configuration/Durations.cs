using System.Globalization;

namespace ProdSprint.Projects;

/// <summary>Times as people write them in a file: "90s", "5m", "1h30m", "250ms".</summary>
public static class Durations
{
    public static TimeSpan? Parse(string? text)
    {
        if (text is not { Length: > 0 and < 40 }) return null;
        var total = TimeSpan.Zero;
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            if (!double.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e7) return null;
            var unit = at;
            while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
            var one = text[unit..at] switch { "ms" => 1d, "s" => 1e3, "m" => 60e3, "h" => 3600e3, "d" => 86400e3, _ => 0 };
            if (one == 0) return null;
            total += TimeSpan.FromMilliseconds(number * one);
        }
        return total;
    }

    public static string Write(TimeSpan span) =>
        span.TotalSeconds < 1 && span > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0}ms")
        : span.Ticks % TimeSpan.TicksPerDay == 0 && span.Ticks > 0 ? $"{(int)span.TotalDays}d"
        : string.Concat((int)span.TotalHours is > 0 and var h ? $"{h}h" : "", span.Minutes > 0 ? $"{span.Minutes}m" : "", span.Seconds > 0 || span.TotalMinutes < 1 ? $"{span.Seconds}s" : "");
}
