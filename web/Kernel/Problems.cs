using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace ProdSprint.Kernel;

/// <summary>Problem+JSON for everything that is not success, with a stable type, the request's id and what to do next.</summary>
public static partial class Problems
{
    public const string TypeBase = "https://prodsprint.dev/problems/";

    public static void AddProblems(this IServiceCollection services) => services.AddProblemDetails(o => o.CustomizeProblemDetails = c =>
    {
        c.ProblemDetails.Extensions["requestId"] = RequestId.Of(c.HttpContext);
        if (c.ProblemDetails.Type?.StartsWith(TypeBase, StringComparison.Ordinal) == true) return;
        var code = $"http.{c.ProblemDetails.Status}";
        c.ProblemDetails.Type = TypeBase + code;
        c.ProblemDetails.Extensions.TryAdd("code", code);
        c.ProblemDetails.Extensions.TryAdd("next", c.ProblemDetails.Status == 404 ? "See /openapi/v1.json for what there is" : "See the title; the request id finds the log line");
    });

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = c => c.Exception is ProblemException or BadHttpRequestException,
            ExceptionHandler = context => Write(context, context.Features.Get<IExceptionHandlerFeature>()!.Error),
        });
        app.UseStatusCodePages();
    }

    private static async Task Write(HttpContext context, Exception error)
    {
        var problem = error switch
        {
            ProblemException p => p,
            BadHttpRequestException b => new(b.StatusCode, "request.bad", "The request cannot be read", b.InnerException?.Message ?? b.Message, "Compare it with /openapi/v1.json"),
            NpgsqlException or TimeoutException => new(StatusCodes.Status503ServiceUnavailable, "server.waiting-for-database", "The database does not answer",
                "Nothing was changed that you were not told of; what is deployed goes on serving.", "Try again in a few seconds; prodsprint status shows the database"),
            _ => new ProblemException(StatusCodes.Status500InternalServerError, "server.fault", "A fault of ProdSprint's", "The request could not be finished.", "Look for the request id in the log: prodsprint logs --server"),
        };
        context.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "2";
        var details = new ProblemDetails { Type = TypeBase + problem.Code, Title = problem.Title, Detail = problem.Message, Status = problem.Status };
        details.Extensions["code"] = problem.Code;
        details.Extensions["next"] = problem.Next;
        if (Activity.Current is { } activity) details.Extensions["traceId"] = activity.TraceId.ToString();
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = context, ProblemDetails = details });
    }
}
