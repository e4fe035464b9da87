using System.Diagnostics;

namespace ProdSprint.Kernel;

/// <summary><c>X-Request-ID</c> in and out, and in every log line of the request. Every request that changed something or failed has one of its own.</summary>
public static partial class RequestId
{
    public const string Header = "X-Request-ID";

    public static string Of(HttpContext context) => context.TraceIdentifier;

    public static void UseRequestId(this WebApplication app) => app.Use(async (context, next) =>
    {
        var given = context.Request.Headers[Header].ToString();
        context.TraceIdentifier = given.Length is > 0 and <= 128 && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? given
            : Guid.CreateVersion7().ToString("N");
        // When the answer starts, because an exception clears the headers that were set before it.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = context.TraceIdentifier;
            return Task.CompletedTask;
        });
        Activity.Current?.SetTag("prodsprint.request_id", context.TraceIdentifier);
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ProdSprint.Request");
        using (logger.BeginScope("request {RequestId}", context.TraceIdentifier))
        {
            var started = Stopwatch.GetTimestamp();
            await next(context);
            LogAnswered(logger, LevelOf(context), context.Request.Method, context.Request.Path, context.Response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    });

    /// <summary>Reads that went well are asked for all the time by every open page: they are counted, not told.</summary>
    private static LogLevel LevelOf(HttpContext context) => context.Response.StatusCode switch
    {
        _ when context.Request.Path.StartsWithSegments("/health") => LogLevel.Debug,
        >= 500 => LogLevel.Warning,
        >= 400 => LogLevel.Information,
        _ => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? LogLevel.Debug : LogLevel.Information,
    };

    [LoggerMessage(Message = "{Method} {Path} answered {Status} after {Milliseconds:0.0} ms")]
    private static partial void LogAnswered(ILogger logger, LogLevel level, string method, string path, int status, double milliseconds);
}
