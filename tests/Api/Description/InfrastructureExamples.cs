using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Infrastructure;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Tests.Api.Description;

/// <summary>
/// Brings an environment to where an example finds it, by outcomes that jobs could have had: with or without Terraform on this machine the examples are the same.
/// The job's own outcome may come first; then it is begun again.
/// </summary>
internal sealed class InfrastructureExamples(ServerFixture server, string workspace)
{
    private static readonly Actor Ana = Actor.User("ana"), Ben = Actor.User("ben");
    private static readonly InfrastructureChange Database = new("terraform_data.database", InfrastructureAction.Create, null, """{"encoding":"UTF8","name":"ps_shop_production_0a1b2c3d4e"}""", null);
    private static readonly DriftFound Lost = new(
        [Database with { Action = InfrastructureAction.Repair, Before = Database.After, Why = "the database ps_shop_production_0a1b2c3d4e is not there" }], new(1, "sha256:" + new string('1', 64)));

    private IInfrastructureGrain Grain => server.Services.GetRequiredService<IGrainFactory>().GetGrain<IInfrastructureGrain>(GrainKeys.Infrastructure(workspace, "shop", "production"));

    public async Task Prepare(string id, JsonNode? request)
    {
        switch (id)
        {
            case "GetInfrastructure" or "ListInfrastructure" or "ApproveInfrastructure": await Planned(); break;
            case "ApplyInfrastructure": await Approved(); break;
            case "CheckDrift": await Applied(); break;
            case "AcceptDrift" or "ReapplyInfrastructure": await Drifted(); break;
            case "ListInfrastructureStates" or "RestoreInfrastructureState": await Idle(); break;
            default: return;
        }
        if (request?["digest"] is null) return;
        var view = (await Grain.View())!;
        request["digest"] = id == "ApproveInfrastructure" ? view.Plan!.Digest : view.Drift!.Digest;
    }

    private async Task Planned()
    {
        await Idle();
        do
        {
            await Grain.Do(new PlanInfrastructure(false, ApprovalMode.OncePerExecution, Ana, null));
            var number = (await Grain.View())!.Plan?.Number ?? 1;
            var plan = new InfrastructurePlan(number, false, [Database], "sha256:" + new string('2', 64), "sha256:" + new string('3', 64), 0, "terraform", "");
            await End(InfrastructureJobs.Plan, plan with { Digest = TerraformPlan.Digest(plan) });
        }
        while ((await Grain.View())!.Phase != InfrastructurePhase.Planned);
    }

    private async Task Approved()
    {
        await Planned();
        await Grain.Do(new ApproveInfrastructure((await Grain.View())!.Plan!.Digest, Ben, null));
    }

    private async Task Applied()
    {
        await Approved();
        do
        {
            await Grain.Do(new ApplyInfrastructure(Ana, null));
            await End(InfrastructureJobs.Apply, new InfrastructureApplied(Lost.State, 6));
        }
        while ((await Grain.View())!.Phase != InfrastructurePhase.Applied);
    }

    private async Task Drifted()
    {
        await Applied();
        do
        {
            await Grain.Do(new CheckDrift(Ana, null));
            await End(InfrastructureJobs.Check, Lost);
        }
        while ((await Grain.View()) is not { Job: null, Drift: not null });
    }

    private async Task Idle()
    {
        while (await Grain.View() is { Job: not null }) await End(InfrastructureJobs.Apply, new InfrastructureApplied(Lost.State, 6));
    }

    private async Task End<T>(string kind, T result)
    {
        if ((await Grain.View())?.Job is { } job) await Grain.JobEnded(new(job, kind, true, KernelJson.Write(result), null, 1));
    }
}
