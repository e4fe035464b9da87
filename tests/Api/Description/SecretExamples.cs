using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Kernel;
using ProdSprint.Secrets;

namespace ProdSprint.Tests.Api.Description;

/// <summary>Brings secrets to where an example finds them. What jobs would say is said here; a job's own outcome may come first, then it is begun again.</summary>
internal sealed class SecretExamples(ServerFixture server, string workspace)
{
    private static readonly Actor Ana = Actor.User("ana");

    public async Task Prepare(string id)
    {
        switch (id)
        {
            case "RestoreSecret" or "RevokeSecret":
                for (var i = 0; i < 2; i++) await Grain("PAYMENT_SIGNATURE").Do(new SetSecret(SecretKind.Value, $"example-{i}", null, Ana, null));
                break;
            case "RotateSecret" or "ScheduleSecret" or "CheckSecret": await Steady(); break;
        }
    }

    private async Task Steady()
    {
        var grain = Grain("DATABASE_URL");
        for (var view = await grain.View(); view is not { Job: null } || SecretStore.Current(view) is null; view = (await grain.View())!)
        {
            if (view is null or { Phase: SecretPhase.Empty, Job: null }) await grain.Do(new SetSecret(SecretKind.PostgresPassword, null, null, Ana, null));
            else if (view is { Phase: SecretPhase.Overlap, Job: null }) await grain.Do(new RevokeSecret(Ana, null));
            else if (view.Job is { } job) await grain.JobEnded(Outcome(job, view.Phase));
            else await grain.Do(new RevokeSecret(Ana, null));
        }
        if ((await grain.View())!.Phase != SecretPhase.Overlap) return;
        await grain.Do(new RevokeSecret(Ana, null));
        if ((await grain.View())!.Job is { } ending) await grain.JobEnded(Outcome(ending, SecretPhase.Revoking));
    }

    private static Jobs.JobOutcome Outcome(string job, SecretPhase phase) => phase == SecretPhase.Placing
        ? new(job, SecretJobs.Place, true, KernelJson.Write(new SecretPlaced("ps_shop_production_0a1b2c3d4e_a")), null, 1)
        : new(job, SecretJobs.Verify, true, KernelJson.Write(new SecretLooked(null)), null, 1);

    private ISecretGrain Grain(string name) => server.Services.GetRequiredService<IGrainFactory>().GetGrain<ISecretGrain>(GrainKeys.Secret(workspace, "shop", "production", name));
}
