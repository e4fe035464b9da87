using System.Buffers.Binary;
using System.Diagnostics;
using ProdSprint.Operations;

namespace ProdSprint.Kernel;

/// <summary><c>X-Request-ID</c> in and out, and in every log line of the request. Every request that changed something or failed has one of its own.</summary>
public static partial class RequestId
{
    public const string Header = "X-Request-ID";

    public static string Of(HttpContext context) => context.TraceIdentifier;

    private static readonly Func<ILogger, string, IDisposable?> Scope = LoggerMessage.DefineScope<string>("request {RequestId}");

    public static void UseRequestId(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ProdSprint.Request");
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use((context, next) => Named(context, next, logger, clock));
    }

    private static async Task Named(HttpContext context, RequestDelegate next, ILogger logger, TimeProvider clock)
    {
        var given = context.Request.Headers[Header].ToString();
        context.TraceIdentifier = given.Length is > 0 and <= 128 && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? given
            : New(clock);
        using (RequestSpans.Begin(context))
        using (Scope(logger, context.TraceIdentifier))
        {
            var started = Stopwatch.GetTimestamp();
            await next(context);
            var level = LevelOf(context);
            if (logger.IsEnabled(level)) LogAnswered(logger, level, context.Request.Method, context.Request.Path, context.Response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    /// <summary>In the order of time, like a UUID of version 7, and no secret: the kernel need not be asked for randomness at every request.</summary>
    private static string New(TimeProvider clock)
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, clock.GetUtcNow().ToUnixTimeMilliseconds());
        time[2..].CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

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
