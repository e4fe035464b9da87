using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using ProdSprint.Identity;

namespace ProdSprint.Kernel;

/// <summary>Problem+JSON for everything that is not success, with a stable type, the request's id and what to do next.</summary>
public static partial class Problems
{
    public const string TypeBase = "https://prodsprint.dev/problems/";

    public static void AddProblems(this IServiceCollection services) => services.AddProblemDetails(o => o.CustomizeProblemDetails = c =>
    {
        c.ProblemDetails.Extensions["requestId"] = RequestId.Of(c.HttpContext);
        // The framework writes the whole traceparent here.
        if (Activity.Current is { } activity) c.ProblemDetails.Extensions["traceId"] = activity.TraceId.ToString();
        if (c.ProblemDetails.Type?.StartsWith(TypeBase, StringComparison.Ordinal) == true) return;
        if (c.ProblemDetails.Status == StatusCodes.Status413PayloadTooLarge)
        {
            // The framework's binding answers it without an exception.
            Describe(c.ProblemDetails, TooLarge);
            return;
        }
        if (c.ProblemDetails.Status == StatusCodes.Status415UnsupportedMediaType)
        {
            Describe(c.ProblemDetails, NotJson);
            return;
        }
        var code = $"http.{c.ProblemDetails.Status}";
        c.ProblemDetails.Type = TypeBase + code;
        c.ProblemDetails.Extensions.TryAdd("code", code);
        c.ProblemDetails.Extensions.TryAdd("next", c.ProblemDetails.Status == 404 ? "See /openapi/v1.json for what there is" : "See the title; the request id finds the log line");
    });

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = c => c.Exception is ProblemException or BadHttpRequestException or ArgumentException { ParamName: "cursor" },
            ExceptionHandler = context => Write(context, context.Features.Get<IExceptionHandlerFeature>()!.Error),
        });
        app.Use(Described);
    }

    /// <summary>A refusal without words gets some. As the framework's status code pages do it, which remember something with every request that goes well.</summary>
    private static async Task Described(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode is < 400 or >= 600 || response.HasStarted || response.ContentLength is not null || !string.IsNullOrEmpty(response.ContentType)) return;
        await TellAsync(new() { HttpContext = context, ProblemDetails = { Status = response.StatusCode } });
    }

    /// <summary>Whoever asked for a page or a table is told in JSON all the same what is the matter (RFC 9110, 15.5.7), rather than nothing.</summary>
    private static async Task TellAsync(ProblemDetailsContext problem)
    {
        var service = problem.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>();
        if (await service.TryWriteAsync(problem)) return;
        problem.HttpContext.Request.Headers.Accept = "application/problem+json";
        await service.WriteAsync(problem);
    }

    private static ProblemException TooLarge =>
        new(StatusCodes.Status413PayloadTooLarge, "request.too-large", "The request is too large", "A request's body may have 1 MiB.", "Send less at once");

    internal static ProblemException NotJson =>
        new(StatusCodes.Status415UnsupportedMediaType, "request.not-json", "The body is not JSON", "Bodies are read as JSON in UTF-8 only.", "Send it with 'Content-Type: application/json'");

    private static void Describe(ProblemDetails details, ProblemException problem)
    {
        (details.Type, details.Title, details.Detail, details.Status) = (TypeBase + problem.Code, problem.Title, problem.Message, problem.Status);
        details.Extensions["code"] = problem.Code;
        details.Extensions["next"] = problem.Next;
        if (problem.Gate) details.Extensions["gate"] = true;
    }

    private static ProblemException Unreadable(BadHttpRequestException e)
    {
        const string next = "Compare it with /openapi/v1.json";
        if (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
            return TooLarge;
        if (e.InnerException is null && e.Message.Contains("no body was provided", StringComparison.Ordinal))
            return new(e.StatusCode, "request.no-body", "The body is missing", "This request says what it wants in a JSON object as its body.", next);
        if (e.InnerException is not System.Text.Json.JsonException json) return BadParts.Parameter(e.Message) ?? new(e.StatusCode, "request.bad", "The request cannot be read", "It is not what this address takes.", next);
        if (UnknownField().Match(json.Message) is { Success: true } field)
            return new(e.StatusCode, "request.unknown-field", "There is no such field", $"'{field.Groups[1].Value}' is no field of this request.", next);
        if (BadParts.Field(json) is { } unfit) return unfit;
        return MissingFields().Match(json.Message) is { Success: true } missing
            ? new(e.StatusCode, "request.missing-field", "A field is missing", $"Missing: {missing.Groups[1].Value}", next)
            : new(e.StatusCode, "request.bad-json", "The body is not the JSON expected", $"It breaks off at {json.Path ?? "$"}, line {(json.LineNumber ?? 0) + 1}, byte {json.BytePositionInLine ?? 0}.", next);
    }

    [System.Text.RegularExpressions.GeneratedRegex("property '([^']*)' could not be mapped")]
    private static partial System.Text.RegularExpressions.Regex UnknownField();

    [System.Text.RegularExpressions.GeneratedRegex("missing required properties including: (.*)$")]
    private static partial System.Text.RegularExpressions.Regex MissingFields();

    /// <summary>Also when a grain or its storage tells it in an exception of its own.</summary>
    private static bool IsOfDatabase(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is NpgsqlException or TimeoutException || error is ObjectDisposedException or IOException && error.Source == "Npgsql") return true;
        return false;
    }

    internal static async Task Write(HttpContext context, Exception error)
    {
        var problem = error switch
        {
            ProblemException p => p,
            BadHttpRequestException b => Unreadable(b),
            ArgumentException { ParamName: "cursor" } a => ProblemException.Invalid("page.bad-cursor", "'after' is no cursor of this list.", "Leave it out to begin at the start"),
            _ when IsOfDatabase(error) => new(StatusCodes.Status503ServiceUnavailable, "server.waiting-for-database", "The database does not answer",
                "Nothing was changed that you were not told of; what is deployed goes on serving.", "Try again in a few seconds; prodsprint status shows the database"),
            // On their way up or down; the call was not taken, or nobody is left to say what came of it.
            Orleans.Runtime.OrleansMessageRejectionException or Orleans.Runtime.ClientNotAvailableException => new(StatusCodes.Status503ServiceUnavailable, "server.waiting-for-silo", "The silos do not answer",
                "The server is starting, stopping or moving; what is deployed goes on serving.", "Send the same request, with the same Idempotency-Key, again in a few seconds"),
            Secrets.SecretException s => new(StatusCodes.Status503ServiceUnavailable, "secrets.unavailable", "Secrets cannot be sealed or opened now", s.Message, s.Next),
            Traffic.RouterUnavailableException r => new(StatusCodes.Status503ServiceUnavailable, "target.unavailable", "The deploy target does not answer", r.Message,
                "Try again when it is back; what is deployed goes on serving"),
            _ => new ProblemException(StatusCodes.Status500InternalServerError, "server.fault", "A fault of ProdSprint's", "The request could not be finished.", "Look for the request id in the log: prodsprint logs --server"),
        };
        context.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "2";
        if (problem.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (context.Request.Path.StartsWithSegments("/scim"))
        {
            // Directories understand no other errors than their own.
            await ScimAnswers.Json(new ScimException(problem.Status, null, $"{problem.Message} Next: {problem.Next}").Body(), problem.Status).ExecuteAsync(context);
            return;
        }
        var details = new ProblemDetails();
        Describe(details, problem);
        await TellAsync(new() { HttpContext = context, ProblemDetails = details });
    }
}
