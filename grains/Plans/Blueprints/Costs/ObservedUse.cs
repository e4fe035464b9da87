using System.Collections.Immutable;
using ProdSprint.Telemetry;

namespace ProdSprint.Plans.Blueprints.Costs;

/// <summary>What was seen of a project here, which is what sizes elsewhere can be held against.</summary>
/// <param name="Until">When it was read.</param>
/// <param name="Known">When looking began: the oldest that is kept.</param>
/// <param name="LastRequest">When a request last reached production; null: never.</param>
/// <param name="StagingHours">Hours in which staging ran, of those since <paramref name="Known"/>.</param>
public sealed record ObservedUse(DateTimeOffset Until, DateTimeOffset Known, ImmutableArray<ServiceUsage> Services, DateTimeOffset? LastRequest, double StagingHours)
{
    /// <summary>Days that are known.</summary>
    public double Days => (Until - Known).TotalDays;

    /// <summary>Days for which no request has reached production, as far back as is known.</summary>
    public double QuietDays => LastRequest is { } last && last > Known ? Math.Max(0, (Until - last).TotalDays) : Days;

    /// <summary>Null when nothing was ever seen.</summary>
    public static ObservedUse? Of(DateTimeOffset until, IReadOnlyCollection<UsageHour> hours, DateTimeOffset? lastRequest) => hours.Count == 0 ? null : new(
        until, hours.Min(h => h.At), ServiceUsage.Of(hours), lastRequest, hours.Where(h => h.Environment == "staging").Select(h => h.Hour).Distinct().Count());
}
