using ProdSprint.Audit;
using ProdSprint.Infrastructure;
using ProdSprint.Jobs;
using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>
/// Sees whether anything would be cut off: copies that were given it, who is signed in, other secrets that are made with it. Asked twice: once while it is still given to whatever starts, and once
/// when it is given to nobody any more. A copy is registered before it reads, so what the second look does not see has not got it and never will.
/// </summary>
public sealed class SecretHoldersHandler(SecretRotators rotators, ISecretUse use, SecretStore store) : SecretHandler<SecretLooked>(rotators)
{
    public override string Kind => SecretJobs.Holders;

    protected override async Task<SecretLooked> DoAsync(SecretRequest request, ISecretRotator rotator, JobContext context, CancellationToken cancellation)
    {
        if (use.Holders(request) is { } copies) return new(copies);
        var made = (await store.ListAsync(request.Workspace, request.Project, cancellation)).Where(v => v.Environment == request.Environment && v.Provider?.Credential == request.Name).Select(v => v.Name).ToList();
        if (made.Count > 0) return new($"{string.Join(", ", made)} {(made.Count == 1 ? "is" : "are")} made and ended with it");
        foreach (var version in request.Versions)
            if (await rotator.UsedAsync(request with { Version = version }, cancellation) is { } used) return new(used);
        return new(null);
    }
}

/// <summary>Ends all of a secret. Done twice it changes nothing, and nothing of a secret that is set anew under its name.</summary>
public sealed class RemoveSecretHandler(SecretRotators rotators, SecretStore store, AuditLog audit) : SecretHandler<SecretLooked>(rotators)
{
    /// <summary>A value that is being set is sealed a moment before its secret hears of it.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromHours(1);

    public override string Kind => SecretJobs.Remove;

    protected override async Task<SecretLooked> DoAsync(SecretRequest request, ISecretRotator rotator, JobContext context, CancellationToken cancellation)
    {
        await audit.AppendAsync(request.Workspace, SecretAudit.Of(request, "RemoveSecret", "requested", context.Id), cancellation);
        await rotator.RemoveAsync(request, cancellation);
        await store.ForgetAllAsync(request.SecretName(), request.Versions.Select(v => v.Reference), request.Since!.Value - Moment, cancellation);
        return new(null);
    }
}

/// <summary>The passwords of a database that is gone let nobody in: they are removed, and their roles with them. Values from outside and keys of providers stay.</summary>
public sealed class SecretsOfDestroyed(SecretStore store, IGrainFactory grains) : IDestroyed
{
    public async Task AfterAsync(EnvironmentKey environment, CancellationToken cancellation)
    {
        foreach (var secret in await store.ListAllAsync(environment.Workspace, environment.Project, cancellation))
        {
            if (secret.Environment != environment.Environment || secret.Kind != SecretKind.PostgresPassword || secret.Phase is SecretPhase.Removed) continue;
            var result = await grains.GetGrain<ISecretGrain>(secret.Key).Do(new RemoveSecret(true, Actor.System("infrastructure"), $"The infrastructure of {environment.Environment} was taken away"));
            if (result.Rejection is { } no) throw new InfrastructureException($"{secret.Name} could not be removed: {no.Detail}", no.Next);
        }
    }
}
