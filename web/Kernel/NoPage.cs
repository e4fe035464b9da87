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

    /// <summary>
    /// After the route was chosen, and no route itself: one that takes every path would be chosen before those that want a body of one type, by whoever sends none or another.
    /// </summary>
    public static void UseNoPage(this WebApplication app)
    {
        var known = new Lazy<IReadOnlyList<(TemplateMatcher Path, IReadOnlyList<string> Methods)>>(() => [.. Known(app)]);
        var nothing = new Endpoint(http => AnswerAsync(http, known.Value), new(new EndpointNameMetadata(Permissions.NoSuchPath), new NeverReplayed()), Permissions.NoSuchPath);
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is null or RouteEndpoint { Order: int.MaxValue } or { DisplayName: OtherMethods } && IsWithin(context.Request.Path)) context.SetEndpoint(nothing);
            return next(context);
        });
    }

    private static Task AnswerAsync(HttpContext http, IReadOnlyList<(TemplateMatcher Path, IReadOnlyList<string> Methods)> known)
    {
        string[] taken = [.. known.Where(k => k.Path.TryMatch(http.Request.Path, [])).SelectMany(k => k.Methods).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var there = taken.Length > 0 && !taken.Contains(http.Request.Method, StringComparer.Ordinal);
        var status = there ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
        if (there) http.Response.Headers.Allow = string.Join(", ", taken);
        // Directories understand no other errors than their own.
        if (http.Request.Path.StartsWithSegments("/scim"))
            return ScimAnswers.Json(new ScimException(status, null, "There is nothing here that could be asked in this way. Next: see /scim/v2/ResourceTypes").Body(), status).ExecuteAsync(http);
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static IEnumerable<(TemplateMatcher Path, IReadOnlyList<string> Methods)> Known(IEndpointRouteBuilder routes) =>
        from endpoint in routes.DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
        let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        where methods.Count > 0 && endpoint.Order != int.MaxValue
        select (new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []), methods);
}
