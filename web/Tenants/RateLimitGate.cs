using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Server;

namespace ProdSprint.Tenants;

/// <summary>Which bucket an endpoint is paid from when it is not the one of its method.</summary>
public sealed record InTier(RateTier Tier);

/// <summary>
/// Every request of the API pays a token: of its workspace when the caller belongs there, else of its address, so that strangers cannot use up a workspace's. The
/// answer says what is left (<c>RateLimit</c>, <c>RateLimit-Policy</c> and the older <c>X-RateLimit-…</c>).
/// </summary>
public sealed class RateLimitGate(RateLimits limits, LimitOptions options, IIdentity identity, Memberships members, IdentityOptions identities)
{
    private readonly ConcurrentDictionary<(RateTier Tier, RateLimit Limit), (string Policy, string Burst, string Left)> _policies = new();

    public async Task LetThrough(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not { } endpoint || !IsApi(http.Request.Path))
        {
            await next(http);
            return;
        }
        var (subject, tier) = await PayerAsync(http, endpoint);
        var verdict = await limits.TakeAsync(subject, tier);
        // When the answer starts, because an exception clears the headers that were set before it.
        http.Response.OnStarting(static told => ((Told)told).Write(), new Told(this, http.Response, tier, options.RateOf(tier, subject), verdict));
        if (!verdict.Allowed)
        {
            var seconds = Seconds(verdict.RetryAfter);
            throw new ProblemException(StatusCodes.Status429TooManyRequests, "rate.exceeded", "Too many requests",
                $"{(tier is RateTier.Stranger or RateTier.SignIn ? "This address" : $"Workspace {subject}")} has used up its requests of the tier '{Name(tier)}'.", $"Try again in {seconds} s");
        }
        await next(http);
    }

    private static bool IsApi(PathString path) => path.StartsWithSegments("/v1") || path.StartsWithSegments("/api") || path.StartsWithSegments("/scim") || path.StartsWithSegments("/sign-in")
        || path.StartsWithSegments("/openapi") || path.StartsWithSegments(CspReports.Path);

    private async ValueTask<(string Subject, RateTier Tier)> PayerAsync(HttpContext http, Endpoint endpoint)
    {
        var said = endpoint.Metadata.GetMetadata<InTier>()?.Tier;
        if (said is RateTier.SignIn or RateTier.Stranger) return (Address(http), said.Value);
        try
        {
            var caller = identity.Of(http);
            if (caller.Token is not null || Belongs(await members.RolesAsync(caller.Workspace, caller.Actor.Id)))
                return (caller.Workspace, said ?? (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? RateTier.Read : RateTier.Write));
        }
        catch (ProblemException)
        {
            // Nobody known, or under a name that is none: whoever needs to know says so later.
        }
        return (Address(http), RateTier.Stranger);
    }

    /// <summary>A workspace without members is anybody's to begin on one's own machine; where people have accounts, each name that somebody makes up would be a bucket more.</summary>
    private bool Belongs(ImmutableArray<Role>? roles) => roles is { } known ? !known.IsEmpty : identities.IsDevelopment;

    /// <summary>Of IPv6 the network: who has one address there has all of them.</summary>
    private static string Address(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"address/{new IPNetwork(Network(address), 64)}" : $"address/{address}";
    }

    private static IPAddress Network(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }

    private sealed record Told(RateLimitGate Gate, HttpResponse Response, RateTier Tier, RateLimit Limit, RateVerdict Verdict)
    {
        public Task Write()
        {
            var full = (long)Math.Ceiling((Limit.Burst - Verdict.Remaining) / Limit.PerSecond);
            // A limit's own words are the same at every request.
            var (policy, burst, left) = Gate._policies.GetOrAdd((Tier, Limit), static of => (
                string.Create(CultureInfo.InvariantCulture, $"\"{Name(of.Tier)}\";q={of.Limit.Burst};w={Math.Ceiling(of.Limit.Burst / of.Limit.PerSecond)}"), of.Limit.Burst.ToString(CultureInfo.InvariantCulture), $"\"{Name(of.Tier)}\";r="));
            var remaining = Verdict.Remaining.ToString(CultureInfo.InvariantCulture);
            var reset = full.ToString(CultureInfo.InvariantCulture);
            var wait = Verdict.Allowed ? reset : Seconds(Verdict.RetryAfter).ToString(CultureInfo.InvariantCulture);
            var headers = Response.Headers;
            headers["RateLimit"] = string.Concat(left, remaining, ";t=", wait);
            headers["X-RateLimit-Remaining"] = remaining;
            headers["X-RateLimit-Reset"] = reset;
            // The limit itself is what it was: whoever is told that nothing has changed keeps it (RFC 9111, 4.3.4).
            if (Response.StatusCode != StatusCodes.Status304NotModified)
            {
                headers["RateLimit-Policy"] = policy;
                headers["X-RateLimit-Limit"] = burst;
            }
            if (!Verdict.Allowed) headers.RetryAfter = wait;
            return Task.CompletedTask;
        }
    }

    private static long Seconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    private static string Name(RateTier tier) => tier switch { RateTier.SignIn => "sign-in", RateTier.Read => "read", RateTier.Write => "write", _ => tier.ToString().ToLowerInvariant() };
}
