namespace ProdSprint.Secrets;

/// <summary>Whoever lets a kind of secrets in. Everything may be asked twice, and again by somebody who was taken for dead: what is of the past changes nothing.</summary>
public interface ISecretRotator
{
    SecretKind Kind { get; }

    /// <summary>Makes the value, keeps it sealed, and has it let in beside the one that works.</summary>
    Task<SecretPlaced> PlaceAsync(SecretRequest request, CancellationToken cancellation);

    /// <summary>Tries it with the real thing. Null: it is let in.</summary>
    /// <exception cref="SecretException">It could not be seen.</exception>
    Task<string?> LookAsync(SecretRequest request, CancellationToken cancellation);

    /// <summary>Who is using this version now, as far as its provider can tell; null: nobody.</summary>
    Task<string?> UsedAsync(SecretRequest request, CancellationToken cancellation);

    /// <summary>It is let in no more, and its value is forgotten.</summary>
    Task EndAsync(SecretRequest request, CancellationToken cancellation);

    /// <summary>Nothing of <see cref="SecretRequest.Versions"/>, or of what came before them, is let in or left at the provider.</summary>
    Task RemoveAsync(SecretRequest request, CancellationToken cancellation);

    /// <summary>What services are given.</summary>
    string HandOut(SecretName name, SealedValue value);
}

/// <summary>A value from outside: there is nobody to ask.</summary>
public sealed class OutsideValue(SecretStore store) : ISecretRotator
{
    public SecretKind Kind => SecretKind.Value;

    public Task<SecretPlaced> PlaceAsync(SecretRequest request, CancellationToken cancellation) => throw new InvalidOperationException("A value from outside is set, not made.");

    public Task<string?> LookAsync(SecretRequest request, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task<string?> UsedAsync(SecretRequest request, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task EndAsync(SecretRequest request, CancellationToken cancellation) => store.ForgetAsync(request.SecretName(), request.Version.Reference, cancellation);

    public Task RemoveAsync(SecretRequest request, CancellationToken cancellation) => Task.CompletedTask;

    public string HandOut(SecretName name, SealedValue value) => value.Value;
}

internal static class SecretRequests
{
    public static SecretName SecretName(this SecretRequest r) => new(r.Workspace, r.Project, r.Environment, r.Name);
}
