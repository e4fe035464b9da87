using System.Text.Json;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Supply;
using ProdSprint.Tenants;

namespace ProdSprint.Gates;

/// <summary>The workspace's advisories, in OSV's format: what the gate holds bills of materials against.</summary>
public static class AdvisoriesApi
{
    public sealed record AdvisoriesBody(IReadOnlyList<JsonElement> Advisories, string? Reason = null) : IReasoned;

    /// <param name="Changed">New, or newer than what was there.</param>
    /// <param name="Broken">Were no advisories, and were left out.</param>
    /// <param name="Projects">That hear of advisories for the first time.</param>
    public sealed record AdvisoriesTaken(int Changed, int Unchanged, int Broken, int Projects);

    /// <param name="Advisories">How many there are.</param>
    public sealed record AdvisoryFacts(long Advisories);

    /// <summary>A request stays below what the server takes.</summary>
    private const int Most = 1000;

    public static void MapAdvisoriesApi(this IEndpointRouteBuilder routes)
    {
        var advisories = routes.MapGroup("/v1/admin/advisories").WithTags("Gates");
        advisories.MapGet("", Get).WithName("GetAdvisories").WithSummary("How many advisories the workspace has");
        advisories.MapPost("", Import).WithName("ImportAdvisories").WithSummary("Takes a batch of advisories in OSV's format; the same again changes nothing").NeedsStorage().Refuses(422, "advisories.too-many", "advisories.none");
    }

    private static async Task<JsonBody<AdvisoryFacts>> Get(Caller caller, AdvisoryStore store, CancellationToken cancellation) =>
        JsonBody<AdvisoryFacts>.Of(new AdvisoryFacts(await store.CountAsync(caller.Workspace, cancellation)));

    private static async Task<AdvisoriesTaken> Import(AdvisoriesBody body, Caller caller, AdvisoryStore store, ViewReads views, IGrainFactory grains, CancellationToken cancellation)
    {
        if (body.Advisories.Count == 0) throw ProblemException.Invalid("advisories.none", "'advisories' is empty.", "Give advisories in OSV's format: prodsprint vulnerabilities import PATH");
        if (body.Advisories.Count > Most) throw ProblemException.Invalid("advisories.too-many", $"{body.Advisories.Count} advisories at once.", $"Send at most {Most} in a request");
        var read = body.Advisories.Select(Read).OfType<Advisory>().ToList();
        var changed = read.Count == 0 ? 0 : await store.PutAsync(caller.Workspace, read, cancellation);
        return new(changed, read.Count - changed, body.Advisories.Count - read.Count, read.Count == 0 ? 0 : await TellAsync(caller, views, grains, cancellation));
    }

    /// <summary>Those that do not know yet. Whoever is imported later finds out by itself.</summary>
    private static async Task<int> TellAsync(Caller caller, ViewReads views, IGrainFactory grains, CancellationToken cancellation)
    {
        var told = 0;
        for (string? after = null; ;)
        {
            var (items, next) = await views.ListAsync(caller.Workspace, new("project", null, after, Page.MaxLimit), cancellation);
            foreach (var project in items.Select(KernelJson.Read<ProjectView>).Where(p => !p.Advisories))
            {
                await grains.GetGrain<IProjectGrain>(project.Key).Do(new AdvisoriesImported(caller.Actor, null));
                told++;
            }
            if ((after = next) is null) return told;
        }
    }

    private static Advisory? Read(JsonElement json)
    {
        try
        {
            return Advisory.Read(json.GetRawText());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
