using ProdSprint.Identity;
using ProdSprint.Server;

namespace ProdSprint.Kernel;

/// <summary>
/// The development identity believes everybody who reaches it, and so does whatever runs in a browser on this machine: a page of another site must not
/// be able to make it act. Names other than the loopback's and those configured are refused (a foreign name that was made to resolve to 127.0.0.1), and so is every mutation
/// and every live connection that a page of another origin starts. Deployed applications on other ports are other origins.
/// </summary>
public static class SameOrigin
{
    public static void UseSameOrigin(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ListenOptions>();
        var others = options.Origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = options.Hosts.ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Behind a proxy that speaks https for us, browsers name that origin and not the one we listen on.
        var known = app.Services.GetRequiredService<IdentityOptions>().Public;
        if (known is not null) names.Add(known.Host);
        app.Use((context, next) =>
        {
            if (!IsLoopback(context.Request.Host.Host) && !names.Contains(context.Request.Host.Host))
            {
                throw new ProblemException(StatusCodes.Status403Forbidden, "request.foreign-host", "Not under this name",
                    $"'{context.Request.Host.Host}' is no name of this machine's own.", "Use http://127.0.0.1 or http://localhost, or name it in Server__Hosts__0");
            }
            if (MustBeSameOrigin(context.Request) && !IsSameOrigin(context.Request, known) && !MayFromElsewhere(context.Request, others))
            {
                return RefuseAsync(context);
            }
            return next(context);
        });
    }

    private static async Task RefuseAsync(HttpContext context)
    {
        var refusal = new ProblemException(StatusCodes.Status403Forbidden, "request.cross-site", "Not from another site",
            "A page of another origin asked for this.", "Do it in the dashboard or with the command line");
        if (context.RequestServices.GetService<Authentication>() is { } authentication) await authentication.RefusedAsync(context, refusal.Code);
        throw refusal;
    }

    /// <summary>Tells browsers which other sites' pages may read what the API answers: those on the list, and without cookies.</summary>
    public static void UseOtherOrigins(this WebApplication app)
    {
        string[] others = [.. app.Services.GetRequiredService<ListenOptions>().Origins];
        if (others.Length > 0)
            app.UseCors(c => c.WithOrigins(others).AllowAnyMethod().AllowAnyHeader().SetPreflightMaxAge(TimeSpan.FromMinutes(10))
                .WithExposedHeaders("ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", RequestId.Header, Idempotency.ReplayedHeader));
    }

    /// <summary>Of a site on the list, with a token: what a browser adds by itself proves nothing about who wanted it.</summary>
    private static bool MayFromElsewhere(HttpRequest request, HashSet<string> origins) =>
        origins.Contains(request.Headers.Origin.ToString()) && !request.Path.StartsWithSegments("/hubs") && (HttpMethods.IsOptions(request.Method) || request.Headers.Authorization.Count > 0);

    private static bool IsLoopback(string host) => host is "127.0.0.1" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool MustBeSameOrigin(HttpRequest request) =>
        IsLiveOrMutation(request) && request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<FromOtherSites>() is null;

    private static bool IsLiveOrMutation(HttpRequest request) =>
        request.Path.StartsWithSegments("/hubs") || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    /// <summary>Programs send neither header; browsers send at least one with what matters here.</summary>
    private static bool IsSameOrigin(HttpRequest request, Uri? publicUrl)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none")) return false;
        var origin = request.Headers.Origin.ToString();
        // A proxy may name itself as the host, as nginx does where nobody says otherwise: what browsers call us is ours under any name that is let in.
        var known = publicUrl?.GetLeftPart(UriPartial.Authority);
        var here = publicUrl?.Host == request.Host.Host ? known : $"{request.Scheme}://{request.Host}";
        return origin.Length == 0 || origin.Equals(here, StringComparison.OrdinalIgnoreCase) || origin.Equals(known, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Of an endpoint to which another site's form is meant to be sent. It believes nothing because of a cookie.</summary>
public sealed record FromOtherSites;
