namespace ProdSprint.Identity;

/// <summary>A sign-in under way, as it was begun.</summary>
/// <param name="State">Unguessable; goes to the provider and comes back.</param>
/// <param name="Verifier">PKCE (RFC 7636); of SAML it is the request's id.</param>
/// <param name="ReturnTo">A path of this server.</param>
/// <param name="Link">Null: somebody signs in.</param>
public sealed record PendingSignIn(string State, string Provider, string Nonce, string Verifier, string ReturnTo, LinkRequest? Link);

/// <summary>The login is to open this account from now on.</summary>
/// <param name="Session">In which its owner asked for it, and which must still hold when they come back.</param>
public sealed record LinkRequest(string Account, Guid Session);

/// <summary>What came back from a provider: the fields of its redirect or of its form.</summary>
public sealed record ProviderAnswer(IReadOnlyDictionary<string, string> Fields)
{
    public string? this[string name] => Fields.GetValueOrDefault(name);
}

/// <summary>One protocol: where to send someone, and what their coming back proves.</summary>
public interface ISignInProtocol
{
    /// <param name="callback">Where the provider is to send them back.</param>
    /// <exception cref="SignInException">The provider cannot be asked.</exception>
    Task<Uri> StartAsync(IdentityProvider provider, PendingSignIn pending, Uri callback, CancellationToken cancellation);

    /// <exception cref="SignInException">It proves nothing.</exception>
    Task<VouchedFor> FinishAsync(IdentityProvider provider, PendingSignIn pending, Uri callback, ProviderAnswer answer, CancellationToken cancellation);
}
