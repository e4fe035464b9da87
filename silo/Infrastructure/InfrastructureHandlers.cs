using ProdSprint.Jobs;

namespace ProdSprint.Infrastructure;

/// <summary>The jobs of an environment's infrastructure. What a person must mend is not tried again; a server that was lost in the middle is.</summary>
public abstract class InfrastructureHandler<TResult>(Func<InfrastructureRequest, JobContext, CancellationToken, Task<TResult>> work) : IJobHandler
{
    public abstract string Kind { get; }

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        try
        {
            return JobContext.Write(await work(context.Read<InfrastructureRequest>(), context, cancellation));
        }
        catch (InfrastructureException e)
        {
            throw new JobFailedException(e.Message, e.Next, inner: e);
        }
    }
}

public sealed class PlanInfrastructureHandler(TerraformRuns runs) : InfrastructureHandler<InfrastructurePlan>(runs.PlanAsync)
{
    public override string Kind => InfrastructureJobs.Plan;
}

/// <summary>What goes with an environment's infrastructure, once that is gone. May be asked again.</summary>
public interface IDestroyed
{
    Task AfterAsync(EnvironmentKey environment, CancellationToken cancellation);
}

public sealed class ApplyInfrastructureHandler(TerraformRuns runs, IEnumerable<IDestroyed> destroyed) : InfrastructureHandler<InfrastructureApplied>(async (request, context, cancellation) =>
{
    var applied = await runs.ApplyAsync(request, context, cancellation);
    // Before it counts as done: a server that is lost here begins the job again, finds nothing left to do, and comes here.
    if (request.Destroy) foreach (var one in destroyed) await one.AfterAsync(new(request.Workspace, request.Project, request.Environment), cancellation);
    return applied;
})
{
    public override string Kind => InfrastructureJobs.Apply;
}

public sealed class CheckInfrastructureHandler(TerraformRuns runs) : InfrastructureHandler<DriftFound>(runs.CheckAsync)
{
    public override string Kind => InfrastructureJobs.Check;
}

public sealed class RestoreInfrastructureHandler(TerraformRuns runs) : InfrastructureHandler<InfrastructureApplied>(runs.RestoreAsync)
{
    public override string Kind => InfrastructureJobs.Restore;
}
