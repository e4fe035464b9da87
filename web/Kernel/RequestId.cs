using System.Diagnostics;

namespace ProdSprint.Kernel;

/// <summary><c>X-Request-ID</c> in and out, and in every log line of the request.</summary>
public static class RequestId
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
        using (context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ProdSprint.Request").BeginScope(new Dictionary<string, object> { ["RequestId"] = context.TraceIdentifier }))
            await next(context);
    });
}
