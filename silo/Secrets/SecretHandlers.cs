using ProdSprint.Audit;
using ProdSprint.Jobs;

namespace ProdSprint.Secrets;

/// <summary>The jobs of a rotation. What a person must mend is not tried again; a provider that is away is.</summary>
public abstract class SecretHandler<TResult>(SecretRotators rotators) : IJobHandler
{
    public abstract string Kind { get; }

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<SecretRequest>();
        try
        {
            return JobContext.Write(await DoAsync(request, rotators.Of(request.Kind), context, cancellation));
        }
        catch (SecretException e)
        {
            throw new JobFailedException(e.Message, e.Next, e.Retry, e);
        }
    }

    protected abstract Task<TResult> DoAsync(SecretRequest request, ISecretRotator rotator, JobContext context, CancellationToken cancellation);
}

public sealed class PlaceSecretHandler(SecretRotators rotators, AuditLog audit) : SecretHandler<SecretPlaced>(rotators)
{
    public override string Kind => SecretJobs.Place;

    protected override async Task<SecretPlaced> DoAsync(SecretRequest request, ISecretRotator rotator, JobContext context, CancellationToken cancellation)
    {
        await audit.AppendAsync(request.Workspace, SecretAudit.Of(request, "PlaceSecretVersion", "requested", context.Id), cancellation);
        var placed = await rotator.PlaceAsync(request, cancellation);
        context.Log($"Version {request.Version.Number} of {request.Name} is in place as {placed.ProviderId}");
        return placed;
    }
}

public abstract class LookingHandler(SecretRotators rotators) : SecretHandler<SecretLooked>(rotators)
{
    protected override async Task<SecretLooked> DoAsync(SecretRequest request, ISecretRotator rotator, JobContext context, CancellationToken cancellation) => new(await rotator.LookAsync(request, cancellation));
}

public sealed class VerifySecretHandler(SecretRotators rotators) : LookingHandler(rotators)
{
    public override string Kind => SecretJobs.Verify;
}

public sealed class CheckSecretHandler(SecretRotators rotators) : LookingHandler(rotators)
{
    public override string Kind => SecretJobs.Check;
}

public sealed class UndoSecretHandler(SecretRotators rotators) : SecretHandler<SecretLooked>(rotators)
{
    public override string Kind => SecretJobs.Undo;

    protected override async Task<SecretLooked> DoAsync(SecretRequest request, ISecretRotator rotator, JobContext context, CancellationToken cancellation)
    {
        await rotator.EndAsync(request, cancellation);
        return new(null);
    }
}

public sealed class RevokeSecretHandler(SecretRotators rotators, ISecretUse use, AuditLog audit) : SecretHandler<SecretLooked>(rotators)
{
    public override string Kind => SecretJobs.Revoke;

    protected override async Task<SecretLooked> DoAsync(SecretRequest request, ISecretRotator rotator, JobContext context, CancellationToken cancellation)
    {
        if (!request.Force && (use.Find(request) ?? await rotator.UsedAsync(request, cancellation)) is { } used) return new(used);
        await audit.AppendAsync(request.Workspace, SecretAudit.Of(request, "RevokeSecretVersion", "requested", context.Id), cancellation);
        await rotator.EndAsync(request, cancellation);
        return new(null);
    }
}

public sealed class SecretRotators(IEnumerable<ISecretRotator> all)
{
    private readonly Dictionary<SecretKind, ISecretRotator> _all = all.ToDictionary(r => r.Kind);

    public ISecretRotator Of(SecretKind kind) => _all[kind];
}

internal static class SecretAudit
{
    /// <summary>What is done by itself, beside what people ask for through the API.</summary>
    public static AuditEvent Of(SecretRequest r, string action, string outcome, string job) =>
        new("system:secrets", "job", action, $"projects/{r.Project}/secrets/{r.Environment}/{r.Name}", outcome, null, null, $"version {r.Version.Number}", job, null, null);
}
