using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>
/// Windows that come again every week. A window always shows its running or next occurrence; the first one is kept as the anchor, so that a night whose hour is missing or comes
/// twice does not move the weeks after it.
/// </summary>
internal static class FreezeCalendar
{
    public const string Staging = "staging", Production = "production";

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>The next time at which it matters: its end while people were told that it is open, else its beginning.</summary>
    public static DateTimeOffset Edge(FreezeWindow w, bool closed, bool frozen) => w.Environment switch
    {
        Staging => closed ? w.Until : w.From,
        Production => frozen ? w.Until : w.From,
        _ => closed && frozen ? w.Until : w.From,
    };

    /// <summary>Null: it is in order.</summary>
    public static string? Problem(FreezeWindow w) => w.WeeklyIn is not { } zone ? null
        : !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) || !found.HasIanaId ? $"'{zone}' is no time zone."
        : w.Until - w.From >= Week ? "It lasts a week or longer, and comes every week."
        : null;

    /// <summary>Those that are not over, each as it comes next.</summary>
    public static ImmutableArray<FreezeWindow> From(ImmutableArray<FreezeWindow> windows, DateTimeOffset now) =>
        [.. windows.Select(w => From(w, now)).OfType<FreezeWindow>().OrderBy(w => w.From)];

    /// <summary>As it is from <paramref name="now"/> on; null when it is over for good.</summary>
    public static FreezeWindow? From(FreezeWindow w, DateTimeOffset now)
    {
        if (w.WeeklyIn is not { } name) return w.Until > now ? w : null;
        var (zone, anchor) = (TimeZoneInfo.FindSystemTimeZoneById(name), w.First ?? new(w.From, w.Until));
        var (from, until) = (TimeZoneInfo.ConvertTime(anchor.From, zone).DateTime, TimeZoneInfo.ConvertTime(anchor.Until, zone).DateTime);
        // one week early, because an hour that is put back may bring the end of a window past the even number of weeks
        for (var week = Math.Max(0, (long)((now - anchor.Until) / Week) - 1); ; week++)
        {
            var ends = Instant(until + week * Week, zone, late: true);
            if (ends > now) return w with { From = Instant(from + week * Week, zone, late: false), Until = ends, First = anchor };
        }
    }

    /// <summary>Of a time that the clocks skip: the moment they jump to, plus as much as it lay behind it. Of one that comes twice: the first for a beginning, the second for an end.</summary>
    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone, bool late)
    {
        if (zone.IsInvalidTime(local)) return new DateTimeOffset(local, zone.GetUtcOffset(local.AddDays(-1))).ToUniversalTime();
        if (!zone.IsAmbiguousTime(local)) return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return new DateTimeOffset(local, late ? offsets.Min() : offsets.Max()).ToUniversalTime();
    }
}
