using Microsoft.Extensions.Logging;

namespace ProdSprint.Operations;

/// <summary>How everything in a server's process logs: one JSON object a line where the output goes into a file or a pipe, plain lines in a terminal.</summary>
public static class LogFormat
{
    public static ILoggingBuilder AddServerConsole(this ILoggingBuilder logging) => Console.IsOutputRedirected
        ? logging.AddJsonConsole(o =>
        {
            o.IncludeScopes = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        })
        : logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss.fff "));
}
