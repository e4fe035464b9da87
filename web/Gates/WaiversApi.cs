using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>What gates would stop for and somebody answers for: until a day, with a reason and a ticket.</summary>
public static class WaiversApi
{
    public sealed record GateWaiverBody(WaiverKind Covers, string Subject, string Ticket, DateTimeOffset Expires, string? Package = null, string? Reason = null) : IReasoned;
    public sealed record RevokeWaiverBody(string? Reason = null) : IReasoned;

    public static void MapWaiversApi(this IEndpointRouteBuilder routes)
    {
        var waivers = routes.MapGroup("/v1/projects/{project}/waivers").WithTags("Gates");
        waivers.MapGet("", List).WithName("ListWaivers").WithSummary("Waivers, newest first: those that hold and the last 200 that ended").Refuses(404, "project.not-found");
        waivers.MapPost("", Create).WithName("CreateWaiver").WithSummary("Answers for a finding, a licence or a control until a day; needs a reason and a ticket")
            .Refuses(404, "project.not-found").Refuses(403, "waiver.by-machine", "waiver.own-change").Refuses(409, "waiver.exists", "waiver.too-many")
            .Refuses(422, "waiver.no-reason", "waiver.no-ticket", "waiver.no-subject", "waiver.no-package", "waiver.bad-package", "waiver.bad-expiry", "waiver.too-long");
        waivers.MapPost("{number:int}/revoke", Revoke).WithName("RevokeWaiver").WithSummary("Ends a waiver before its day")
            .Refuses(404, "project.not-found", "waiver.not-found").Refuses(409, "waiver.ended");
    }

    private static async Task<JsonPage<GateWaiver>> List(string project, [AllowedValues("valid", "expired", "revoked")] string? state, Caller caller, IGrainFactory grains)
    {
        var all = await Project(project, caller, grains).Waivers() ?? throw ProjectNames.Missing(project);
        return JsonPage<GateWaiver>.Of(all.Items.Where(w => state is null || w.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase)));
    }

    private static Task<Accepted<CommandAnswer>> Create(string project, GateWaiverBody body, Caller caller, IGrainFactory grains) =>
        Project(project, caller, grains).Do(new CreateWaiver(body.Covers, body.Subject, body.Package, body.Ticket, body.Expires, caller.Actor, body.Reason)).Answer($"/v1/projects/{project}/waivers");

    private static Task<Accepted<CommandAnswer>> Revoke(string project, [Description("The waiver's number")] int number, RevokeWaiverBody? body, Caller caller, IGrainFactory grains) =>
        Project(project, caller, grains).Do(new RevokeWaiver(number, caller.Actor, body?.Reason)).Answer($"/v1/projects/{project}/waivers");

    private static IProjectGrain Project(string project, Caller caller, IGrainFactory grains) => grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project));
}
