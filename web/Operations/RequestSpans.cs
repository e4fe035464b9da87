using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace ProdSprint.Operations;

/// <summary>
/// The span of a request. Where spans are collected it is ASP.NET Core's own, and here it is said which route it was, which the framework leaves open; where nobody collects them,
/// one is begun for its id alone, when there is something to follow: a change, or a caller who sent a <c>traceparent</c>.
/// </summary>
internal static class RequestSpans
{
    /// <summary>The framework would begin a span, and a log scope, of every request as soon as this may log anything.</summary>
    public const string FrameworksCategory = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public static Activity? Begin(HttpContext context)
    {
        if (Activity.Current is not null) return null;
        var request = context.Request;
        var given = request.Headers.TraceParent;
        if (given.Count == 0 && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))) return null;
        var span = new Activity("request");
        if (ActivityContext.TryParse(given, request.Headers.TraceState, isRemote: true, out var caller))
        {
            span.SetParentId(caller.TraceId, caller.SpanId, caller.TraceFlags);
            span.TraceStateString = caller.TraceState;
        }
        return span.Start();
    }

    public static void Describe(HttpContext context, string route)
    {
        if (Activity.Current is null || context.Features.Get<IHttpActivityFeature>()?.Activity is not { } span || !span.Source.HasListeners() || !span.IsAllDataRequested) return;
        if (context.Request.Path.StartsWithSegments("/health") || context.Request.Path == "/metrics")
        {
            // Asked for every few seconds by machines: they would drown what people look for.
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }
        span.DisplayName = $"{context.Request.Method} {route}";
        span.SetTag("http.request.method", context.Request.Method).SetTag("http.route", route).SetTag("url.path", context.Request.Path.Value)
            .SetTag("http.response.status_code", context.Response.StatusCode).SetTag("prodsprint.request_id", context.TraceIdentifier);
        if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    }
}
