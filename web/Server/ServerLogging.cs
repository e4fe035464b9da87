using Microsoft.Extensions.Logging.Console;
using ProdSprint.Live;
using ProdSprint.Operations;

namespace ProdSprint.Server;

/// <summary>Structured logs: one JSON object a line with the request's and the trace's id, or plain lines in a terminal.</summary>
internal static class ServerLogging
{
    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.Configure(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        builder.Logging.AddServerConsole();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning).AddFilter("ProdSprint", LogLevel.Information);
        // Of the provider, because a level that is configured for the provider would count more.
        builder.Logging.AddFilter<ConsoleLoggerProvider>(RequestSpans.FrameworksCategory, LogLevel.None);
        foreach (var category in LiveFaults.Quiet) builder.Logging.AddFilter(category, LogLevel.None);
    }
}
