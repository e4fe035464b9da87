using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace ProdSprint.Operations;

/// <summary>Says of a request's span which route it was, which ASP.NET Core's own span leaves open. Spans that nobody collects are there for their id alone.</summary>
internal static class RequestSpans
{
    public static void Describe(HttpContext context, string route)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } span || !span.Source.HasListeners() || !span.IsAllDataRequested) return;
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
