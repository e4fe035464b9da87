using Microsoft.AspNetCore.Routing.Template;
using ProdSprint.Identity;

namespace ProdSprint.Kernel;

/// <summary>
/// Paths that programs ask for. What is not there is 404, what is there and takes another method 405, and never the dashboard's page, which would tell a program that all is well.
/// </summary>
internal static class NoPage
{
    private static readonly string[] Parts = ["/v1", "/api", "/scim", "/health", "/metrics", "/openapi"];

    public static bool IsWithin(PathString path) => Parts.Any(p => path.StartsWithSegments(p));

    /// <summary>Of the framework, when a path is there for other methods. The dashboard's page takes every path, so it says so of paths that nobody knows as well.</summary>
    private const string OtherMethods = "405 HTTP Method Not Supported";

    /// <summary>Of the framework, when what is there takes bodies of another type.</summary>
    private const string OtherBodies = "415 HTTP Unsupported Media Type";

    /// <summary>
    /// After the route was chosen, and no route itself: one that takes every path would be chosen before those that want a body of one type, by whoever sends none or another.
    /// </summary>
    public static void UseNoPage(this WebApplication app)
    {
        var known = new Lazy<IReadOnlyList<KnownPath>>(() => [.. Known(app)]);
        var nothing = new Endpoint(http => AnswerAsync(http, known.Value), OfNobody(), Permissions.NoSuchPath);
        var unread = new Endpoint(Unread, OfNobody(), OtherBodies);
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is null or RouteEndpoint { Order: int.MaxValue } or { DisplayName: OtherMethods or OtherBodies } && IsWithin(context.Request.Path))
                context.SetEndpoint(context.GetEndpoint() is { DisplayName: OtherBodies } ? unread : nothing);
            return next(context);
        });
    }

    private static EndpointMetadataCollection OfNobody() => new(new EndpointNameMetadata(Permissions.NoSuchPath), new NeverReplayed());

    private static Task Unread(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext http, IReadOnlyList<KnownPath> known)
    {
        string[] taken = [.. known.Where(k => k.IsOf(http)).SelectMany(k => k.Methods).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var there = taken.Length > 0 && !taken.Contains(http.Request.Method, StringComparer.Ordinal);
        var status = there ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
        if (there) http.Response.Headers.Allow = string.Join(", ", taken);
        // Directories understand no other errors than their own.
        if (http.Request.Path.StartsWithSegments("/scim"))
            return ScimAnswers.Json(new ScimException(status, null, "There is nothing here that could be asked in this way. Next: see /scim/v2/ResourceTypes").Body(), status).ExecuteAsync(http);
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static IEnumerable<KnownPath> Known(IEndpointRouteBuilder routes)
    {
        var policies = routes.ServiceProvider.GetRequiredService<ParameterPolicyFactory>();
        foreach (var endpoint in routes.DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Order == int.MaxValue || endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is not { Count: > 0 } methods) continue;
            var asked = from part in endpoint.RoutePattern.Parameters
                        from policy in part.ParameterPolicies
                        let constraint = policies.Create(part, policy) as IRouteConstraint
                        where constraint is not null
                        select (part.Name, constraint);
            yield return new(new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []), [.. asked], methods);
        }
    }

    /// <param name="Constraints">What stands in the path has to meet them: <c>releases/abc</c> is no release.</param>
    private sealed record KnownPath(TemplateMatcher Path, IReadOnlyList<(string Name, IRouteConstraint Constraint)> Constraints, IReadOnlyList<string> Methods)
    {
        public bool IsOf(HttpContext http)
        {
            var values = new RouteValueDictionary();
            return Path.TryMatch(http.Request.Path, values) && Constraints.All(c => c.Constraint.Match(http, null, c.Name, values, RouteDirection.IncomingRequest));
        }
    }
}
