using Microsoft.Net.Http.Headers;
using ProdSprint.Identity;

namespace ProdSprint.Kernel;

/// <summary>
/// <c>If-Match</c> on mutations whose resource keeps no version of its own that could be compared in the change itself (<see cref="Preconditions"/>): the tag has to be that of what
/// <c>GET</c> answers at this path now, or of what contains it. Between the comparison and the change there is a moment, which is why what would wipe out another's change without a
/// trace does not rely on this.
/// </summary>
public sealed class SeenStates(IServiceProvider services) : IEndpointFilter
{
    private Dictionary<string, RouteEndpoint>? _looks;

    /// <summary>Around every mutation; those that compare for themselves are left to it.</summary>
    public void StandsAround(IEndpointConventionBuilder api) => api.Add(endpoint =>
    {
        if (!endpoint.Metadata.OfType<IHttpMethodMetadata>().Any(m => m.HttpMethods.All(HttpMethods.IsGet))) endpoint.FilterFactories.Add((_, next) => context => InvokeAsync(context, next));
    });

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers.IfMatch.Count > 0 && http.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<TakesIfMatch>() is null && !await IsSeenAsync(http, endpoint))
            throw Preconditions.Stale(http.Request.Path.Value!["/v1/".Length..]);
        return await next(context);
    }

    private async ValueTask<bool> IsSeenAsync(HttpContext http, RouteEndpoint endpoint)
    {
        var tags = http.Request.GetTypedHeaders().IfMatch;
        if (tags.Contains(EntityTagHeaderValue.Any)) return true;
        var nearest = true;
        foreach (var look in LooksAt(endpoint))
        {
            if (await TagAsync(http, look) is not { } now) continue;
            // A version counts something of one resource: what contains it has other versions, so of that only the very tag will do.
            if (tags.Any(t => t.Compare(now, useStrongComparison: true) || nearest && !t.IsWeak && EntityTags.Version(now) is { } version && EntityTags.Version(t) == version)) return true;
            nearest = false;
        }
        return false;
    }

    /// <summary>From the resource itself outwards.</summary>
    private IEnumerable<RouteEndpoint> LooksAt(RouteEndpoint endpoint)
    {
        _looks ??= services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Any(HttpMethods.IsGet) == true).GroupBy(Pattern).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        for (var path = Pattern(endpoint); path.Length > 0; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
            if (_looks.TryGetValue(path, out var look)) yield return look;
    }

    private static string Pattern(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.Trim('/');

    /// <summary>As the same caller would be answered; null: it is not there, or has no tag.</summary>
    private static async Task<EntityTagHeaderValue?> TagAsync(HttpContext http, RouteEndpoint look)
    {
        var asked = new DefaultHttpContext { RequestServices = http.RequestServices, RequestAborted = http.RequestAborted, TraceIdentifier = http.TraceIdentifier };
        (asked.Request.Method, asked.Request.Scheme, asked.Request.Host) = (HttpMethods.Get, http.Request.Scheme, http.Request.Host);
        foreach (var (name, value) in http.Request.Headers)
            if (!name.StartsWith("If-", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) asked.Request.Headers[name] = value;
        foreach (var parameter in look.RoutePattern.Parameters) asked.Request.RouteValues[parameter.Name] = http.Request.RouteValues[parameter.Name];
        asked.Request.Path = "/" + string.Join('/', http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries).Take(look.RoutePattern.PathSegments.Count));
        asked.Connection.RemoteIpAddress = http.Connection.RemoteIpAddress;
        if (http.SignedIn() is { } signedIn) asked.Features.Set(signedIn);
        asked.SetEndpoint(look);
        try
        {
            await look.RequestDelegate!(asked);
        }
        catch (ProblemException)
        {
            return null;
        }
        return asked.Response.StatusCode == StatusCodes.Status200OK ? asked.Response.GetTypedHeaders().ETag : null;
    }
}
