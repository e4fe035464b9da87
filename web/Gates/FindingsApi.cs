using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Releases;

namespace ProdSprint.Gates;

/// <summary>What a release's gate found in what it is built from, and who answers for it.</summary>
public static class FindingsApi
{
    /// <param name="Counts">It covers the finding for this release now; false: it ended, or its author may not answer for this release.</param>
    public sealed record FindingWaiver(int Number, string By, string Ticket, DateTimeOffset Expires, WaiverState State, bool Counts);

    /// <param name="Level">critical, high, medium, low or unknown; <c>denied</c> for a licence.</param>
    /// <param name="Id">The advisory's id, or the licence's SPDX expression.</param>
    /// <param name="Purl">Package URL with its version.</param>
    /// <param name="FixedIn">The next version without it; null when none is named.</param>
    /// <param name="Development">It is used in development only, and is not shipped.</param>
    /// <param name="Files">The lock files that name it, at most five.</param>
    /// <param name="Waiver">The one that holds, else the one that ended last; null: nobody waived it.</param>
    public sealed record FindingView(
        WaiverKind Kind, string Level, string Id, ImmutableArray<string> Aliases, string Ecosystem, string Name, string Version, string Purl, string? FixedIn, string? Summary, bool Development,
        ImmutableArray<string> Files, FindingStanding Standing, FindingWaiver? Waiver);

    /// <param name="Next">Goes into <c>after</c> for the next page; null: this is the last.</param>
    /// <param name="Release">Whose they are; null: no gate of this project has looked yet, and it is not known what a release is built from.</param>
    /// <param name="Components">Packages that its lock files name.</param>
    /// <param name="Advisories">That were looked at because they are about one of these packages.</param>
    /// <param name="Compared">Advisories were imported when the gate looked, so that none found says something.</param>
    /// <param name="Levels">How many there are of each level, of all.</param>
    /// <param name="Open">How many stop a release that asks now.</param>
    /// <param name="LeftOut">The least of more than 2,000, which are counted and not kept.</param>
    /// <param name="Unread">Lock files that could not be read, with the reason.</param>
    public sealed record FindingsPage(
        ImmutableArray<FindingView> Items, string? Next, int? Release, string? Commit, int Components, int Advisories, bool Compared, ImmutableSortedDictionary<string, int> Levels, int Open, int LeftOut, ImmutableArray<string> Unread);

    /// <summary>Where no release is named: this many are asked, the newest first, for one whose gate has looked.</summary>
    private const int LooksBack = 5;

    public static void MapFindingsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/projects/{project}/findings", List).WithTags("Gates").WithName("ListFindings")
            .WithSummary("Known weaknesses and licences that are not allowed in what a release is built from, worst first, with who answers for each")
            .Refuses(404, "release.not-found").Refuses(422, "page.bad-limit", "page.bad-cursor");

    private static async Task<FindingsAnswer> List(
        string project, [Description("Of this release; left out: of the newest whose gate has looked")] int? release,
        [AllowedValues("critical", "denied", "high", "medium", "low", "unknown")] string? level, [AllowedValues("open", "waived", "lesser")] string? standing,
        [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, Caller caller, IGrainFactory grains, ViewReads views, DocumentStore documents, TimeProvider time, CancellationToken cancellation)
    {
        var (most, from) = (Page.Limit(limit), Offset(after));
        var (number, found) = release is { } named ? (named, await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, named)).Findings() ?? throw NotFound(project, named))
            : await NewestAsync(project, caller, grains, views, cancellation);
        var report = found is null ? null : await ReportAsync(caller.Workspace, found, documents, cancellation);
        if (found is null || report is null) return new(new([], null, null, null, 0, 0, false, ImmutableSortedDictionary<string, int>.Empty, 0, 0, []));
        var waivers = (await grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project)).Waivers())?.Items ?? [];
        var now = time.GetUtcNow();
        var all = report.Items.Select(i => View(i, waivers, found.Authors, now)).ToList();
        var asked = all.Where(f => (level is null || f.Level == level) && (standing is null || f.Standing.ToString().Equals(standing, StringComparison.OrdinalIgnoreCase))).ToList();
        return new(new(
            [.. asked.Skip(from).Take(most)], asked.Count - from > most ? (from + most).ToString(CultureInfo.InvariantCulture) : null, number, found.Commit,
            report.Components, report.Advisories, report.Compared, report.Levels, all.Count(f => f.Standing == FindingStanding.Open), report.More, report.Unread));
    }

    /// <summary>What of the newest looked-at release nobody answers for; null: no gate has looked.</summary>
    internal static async Task<FindingFacts?> FactsAsync(string project, Caller caller, IGrainFactory grains, ViewReads views, DocumentStore documents, DateTimeOffset now, CancellationToken cancellation)
    {
        var (_, found) = await NewestAsync(project, caller, grains, views, cancellation);
        if (found is null || await ReportAsync(caller.Workspace, found, documents, cancellation) is not { } report) return null;
        var waivers = (await grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project)).Waivers())?.Items ?? [];
        var open = report.Items.Where(i => FindingStandings.Of(i, waivers, found.Authors, now).Standing == FindingStanding.Open).ToList();
        return new(found.Commit, report.Compared, open.Count(i => i.Kind != WaiverKind.Licence), open.Count(i => i.Kind == WaiverKind.Licence));
    }

    private static async Task<(int Number, ReleaseFindings? Found)> NewestAsync(string project, Caller caller, IGrainFactory grains, ViewReads views, CancellationToken cancellation)
    {
        if (await views.GetAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation) is not { } json) return default;
        var last = KernelJson.Read<ProjectView>(json).LastRelease;
        for (var number = last; number > 0 && number > last - LooksBack; number--)
            if (await grains.GetGrain<IReleaseGrain>(GrainKeys.Release(caller.Workspace, project, number)).Findings() is { Checked: true } found) return (number, found);
        return default;
    }

    /// <summary>Null: the gate has not looked, because there was nothing to hold it against.</summary>
    private static async Task<FindingsReport?> ReportAsync(string workspace, ReleaseFindings found, DocumentStore documents, CancellationToken cancellation) => found switch
    {
        { Report: { } digest } => await documents.GetAsync(workspace, digest, cancellation) is { } json ? KernelJson.Read<FindingsReport>(json) : null,
        { Checked: true } => FindingsReport.Of(found.Known),
        _ => null,
    };

    private static FindingView View(FoundItem i, IReadOnlyList<GateWaiver> waivers, ImmutableArray<string> authors, DateTimeOffset now)
    {
        var (standing, w) = FindingStandings.Of(i, waivers, authors, now);
        return new(i.Kind, i.Level, i.Id, i.Aliases, i.Ecosystem, i.Name, i.Version, i.Purl, i.FixedIn, i.Summary, i.Development, i.Files, standing,
            w is null ? null : new(w.Number, w.By, w.Ticket, w.Expires, w.HoldsAt(now) || w.State != WaiverState.Valid ? w.State : WaiverState.Expired, w.HoldsAt(now) && !authors.Contains(w.By)));
    }

    private static int Offset(string? after) => after is null ? 0
        : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from
        : throw ProblemException.Invalid("page.bad-cursor", "'after' is no cursor of this list.", "Give what the page before had in 'next', or leave it out");

    private static ProblemException NotFound(string project, int number) => ProblemException.NotFound("release", $"{project}/{number}", $"List them: prodsprint status --project {project}");
}

/// <summary>The page as it is written: its items may be asked for with some of their fields only.</summary>
internal sealed class FindingsAnswer(FindingsApi.FindingsPage page) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext context)
    {
        var beside = JsonSerializer.SerializeToNode(page with { Items = [], Next = null }, KernelJson.Options)!.AsObject();
        beside.Remove("items");
        beside.Remove("next");
        return Answers.WritePage(context, typeof(FindingsApi.FindingView), [.. page.Items.Select(KernelJson.Write)], page.Next, string.Concat(beside.Select(p => $",\"{p.Key}\":{p.Value?.ToJsonString(KernelJson.Options) ?? "null"}")));
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Answers.Describe<FindingsApi.FindingsPage>(builder);
}
