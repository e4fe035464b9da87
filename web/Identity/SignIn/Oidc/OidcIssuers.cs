using System.Collections.Concurrent;
using System.Text.Json;

namespace ProdSprint.Identity;

/// <summary>
/// Issuers' metadata and keys, at hand. Keys are asked for anew when a token names one that is not known, because issuers rotate them, but not more often than
/// every <see cref="Patience"/>: whoever sends made-up key ids cannot make us hammer the issuer.
/// </summary>
public sealed class OidcIssuers(ProviderHttp http, SignInOptions options, TimeProvider time)
{
    private static readonly TimeSpan Trust = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private sealed record Known(OidcMetadata Metadata, SigningKeys Keys, DateTimeOffset At, DateTimeOffset Refetched);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    public async Task<OidcMetadata> MetadataAsync(Uri issuer, CancellationToken cancellation) => (await GetAsync(issuer, cancellation)).Metadata;

    public async Task<IdTokenVerdict> VerifyAsync(Uri issuer, string token, IdTokenExpected expected, CancellationToken cancellation)
    {
        var known = await GetAsync(issuer, cancellation);
        var verdict = IdToken.Verify(token, known.Keys, expected, time.GetUtcNow());
        if (verdict.Flaw != TokenFlaw.UnknownKey) return verdict;
        var newer = await RefetchAsync(issuer, known, cancellation);
        return ReferenceEquals(newer.Keys, known.Keys) ? verdict : IdToken.Verify(token, newer.Keys, expected, time.GetUtcNow());
    }

    /// <summary>Asked anew, whatever is known: also for the test of a connection.</summary>
    public async Task<SigningKeys> KeysAsync(OidcMetadata metadata, CancellationToken cancellation)
    {
        var body = await http.GetAsync(metadata.Keys, null, cancellation);
        try
        {
            return SigningKeys.Parse(body);
        }
        catch (JsonException e)
        {
            throw new SignInException(SignInFault.ProviderDown, $"{metadata.Keys} is no key set: {e.Message}", e);
        }
    }

    public async Task<OidcMetadata> DiscoverAsync(Uri issuer, CancellationToken cancellation)
    {
        var address = OidcMetadata.AddressOf(issuer);
        return OidcMetadata.Read(ProviderHttp.ReadObject(await http.GetAsync(address, null, cancellation), address), issuer, options.PrivateProviders);
    }

    private async Task<Known> GetAsync(Uri issuer, CancellationToken cancellation)
    {
        if (_known.TryGetValue(issuer.OriginalString, out var known) && time.GetUtcNow() - known.At < Trust) return known;
        return await OneAtATime(issuer, async () =>
        {
            if (_known.TryGetValue(issuer.OriginalString, out var other) && time.GetUtcNow() - other.At < Trust) return other;
            var metadata = await DiscoverAsync(issuer, cancellation);
            var now = time.GetUtcNow();
            return new(metadata, await KeysAsync(metadata, cancellation), now, DateTimeOffset.MinValue);
        }, cancellation);
    }

    private Task<Known> RefetchAsync(Uri issuer, Known seen, CancellationToken cancellation) => OneAtATime(issuer, async () =>
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(issuer.OriginalString, out var known) && (!ReferenceEquals(known, seen) || now - known.Refetched < Patience)) return known;
        // Noted before it is tried: an issuer that is down is not asked by everybody who comes.
        _known[issuer.OriginalString] = seen with { Refetched = now };
        return seen with { Keys = await KeysAsync(seen.Metadata, cancellation), Refetched = now };
    }, cancellation);

    private async Task<Known> OneAtATime(Uri issuer, Func<Task<Known>> ask, CancellationToken cancellation)
    {
        var gate = _gates.GetOrAdd(issuer.OriginalString, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellation);
        try
        {
            return _known[issuer.OriginalString] = await ask();
        }
        finally
        {
            gate.Release();
        }
    }
}
