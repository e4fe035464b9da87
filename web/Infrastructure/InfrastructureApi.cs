using System.ComponentModel;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Infrastructure;

/// <summary>What environments stand on: planned, approved by digest, applied as approved, and held against what is there.</summary>
public static partial class InfrastructureApi
{
    /// <param name="Destroy">A plan that takes all of it away.</param>
    public sealed record InfrastructurePlanBody(bool Destroy = false, string? Reason = null) : IReasoned;

    /// <param name="Digest">Of the plan, or of the drift, that was seen.</param>
    public sealed record SeenBody(string Digest, string? Reason = null) : IReasoned;
    public sealed record InfrastructureReasonBody(string? Reason = null) : IReasoned;

    /// <param name="Run">The job that wrote it.</param>
    /// <param name="Sound">It is as ProdSprint wrote it.</param>
    public sealed record StateView(long Version, long Serial, string Digest, string Run, DateTimeOffset CreatedAt, bool Sound);

    private const int MostStates = 200;

    public static void MapInfrastructureApi(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/projects/{project}/infrastructure").WithTags("Infrastructure");
        all.MapGet("", List).WithName("ListInfrastructure").WithSummary("What each environment stands on").Refuses(404, "project.not-found");
        var one = all.MapGroup("{environment}");
        one.MapGet("", Get).WithName("GetInfrastructure").WithSummary("One environment: its plan, what was applied, and how it is otherwise by now").Refuses(404, "infrastructure.not-found");
        one.MapPost("plan", Plan).WithName("PlanInfrastructure").WithSummary("Plans with Terraform or OpenTofu; nothing is changed")
            .Refuses(404, "project.not-found").Refuses(409, "project.not-imported").Refuses(422, "infrastructure.no-such-environment");
        one.MapPost("approve", Approve).WithName("ApproveInfrastructure").WithSummary("Approves the plan with this digest, and no other")
            .Refuses(404, "infrastructure.not-found").Refuses(403, "infrastructure.own-approval", "infrastructure.not-a-person").Refuses(409, "infrastructure.changed", "infrastructure.no-plan", "infrastructure.approved");
        one.MapPost("apply", Apply).WithName("ApplyInfrastructure").WithSummary("Carries out what was approved; after a failure, what is left of it")
            .Refuses(404, "infrastructure.not-found").Refuses(409, "infrastructure.not-approved", "infrastructure.no-plan", "infrastructure.done", "infrastructure.busy");
        one.MapPost("drift", Check).WithName("CheckDrift").WithSummary("Looks now whether what is there is what was applied").Refuses(404, "infrastructure.not-found").Refuses(409, "infrastructure.nothing-applied", "infrastructure.busy");
        one.MapPost("drift/accept", Accept).WithName("AcceptDrift").WithSummary("The drift stays, and nothing waits for it; needs a reason")
            .Refuses(404, "infrastructure.not-found").Refuses(403, "infrastructure.not-a-person").Refuses(409, "infrastructure.no-drift", "infrastructure.other-drift", "infrastructure.nothing-applied").Refuses(422, "infrastructure.no-reason");
        one.MapPost("drift/reapply", Reapply).WithName("ReapplyInfrastructure").WithSummary("Puts back what was applied, and changes nothing but the drift that was seen")
            .Refuses(404, "infrastructure.not-found").Refuses(409, "infrastructure.no-drift", "infrastructure.other-drift", "infrastructure.nothing-applied", "infrastructure.busy");
        one.MapGet("states", States).WithName("ListInfrastructureStates").WithSummary($"Terraform's states, newest first, {MostStates} at most").Refuses(404, "infrastructure.not-found");
        one.MapPost("states/{version:long}/restore", Restore).WithName("RestoreInfrastructureState").WithSummary("Makes an earlier state the newest, after one that was tampered with")
            .Refuses(404, "infrastructure.not-found").Refuses(409, "infrastructure.busy").Refuses(422, "infrastructure.bad-version");
    }

    private static async Task<JsonPage<InfrastructureView>> List(string project, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonPage<InfrastructureView>.Of(await views.ListAsync(caller.Workspace, new("infrastructure", project, null, Page.Limit(null), null, ViewOrder.Newest), cancellation));

    private static async Task<JsonBody<InfrastructureView>> Get(string project, string environment, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonBody<InfrastructureView>.Of(await views.FindAsync(caller.Workspace, Key(project, environment, caller), cancellation)) ?? throw Missing(project, environment);

    private static Task<Accepted<CommandAnswer>> Plan(string project, string environment, InfrastructurePlanBody? body, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IProjectGrain>(GrainKeys.Project(caller.Workspace, project))
            .Do(new RequestInfrastructurePlan(environment, body?.Destroy ?? false, caller.Actor, body?.Reason)).Answer(Path(project, environment));

    private static Task<Accepted<CommandAnswer>> Approve(string project, string environment, SeenBody body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, new ApproveInfrastructure(body.Digest, caller.Actor, body.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Apply(string project, string environment, InfrastructureReasonBody? body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, new ApplyInfrastructure(caller.Actor, body?.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Check(string project, string environment, InfrastructureReasonBody? body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, new CheckDrift(caller.Actor, body?.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Accept(string project, string environment, SeenBody body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, new AcceptDrift(body.Digest, caller.Actor, body.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Reapply(string project, string environment, SeenBody body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, new ReapplyInfrastructure(body.Digest, caller.Actor, body.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Restore(string project, string environment, [Description("As the list of states has it")] long version, InfrastructureReasonBody? body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, new RestoreInfrastructureState(version, caller.Actor, body?.Reason), caller, grains);

    private static async Task<JsonPage<StateView>> States(string project, string environment, Caller caller, StateStore states, ViewReads views, CancellationToken cancellation)
    {
        if (await views.FindAsync(caller.Workspace, Key(project, environment, caller), cancellation) is null) throw Missing(project, environment);
        return JsonPage<StateView>.Of((await states.HistoryAsync(new(caller.Workspace, project, environment), MostStates, cancellation))
            .Select(s => new StateView(s.Version, s.Serial, s.Digest, s.Run, s.MadeAt, s.Sound)));
    }

    private static Task<Accepted<CommandAnswer>> Do(string project, string environment, InfrastructureCommand command, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<IInfrastructureGrain>(Key(project, environment, caller)).Do(command).Answer(Path(project, environment));

    /// <summary>What is no environment's name reaches no grain.</summary>
    private static string Key(string project, string environment, Caller caller) =>
        Name().IsMatch(environment) ? GrainKeys.Infrastructure(caller.Workspace, project, environment) : throw Missing(project, environment);

    private static ProblemException Missing(string project, string environment) =>
        ProblemException.NotFound("infrastructure", $"{project}/{environment}", $"Plan it: prodsprint infrastructure plan --project {project}");

    private static string Path(string project, string environment) => $"/v1/projects/{project}/infrastructure/{environment}";

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z")]
    private static partial Regex Name();
}
