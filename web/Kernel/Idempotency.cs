using System.Text;
using ProdSprint.Identity;

namespace ProdSprint.Kernel;

/// <summary>
/// The answer belongs to this request alone, so <c>Idempotency-Key</c> means nothing here: nobody is signed in yet whose key it could be, or it sets this browser's cookies, or it is the
/// proof of a moment. Refresh tokens have their own way of being shown twice (<see cref="SessionFamily"/>).
/// </summary>
public sealed record NeverReplayed;

/// <summary>The request or its answer holds a secret: what is kept of them for a retry is sealed with a key that is not in the database, and in nobody's memory.</summary>
public sealed record HoldsSecret;

/// <summary>
/// <c>Idempotency-Key</c> on mutations of <c>/v1</c>: the first request with a key is carried out, every further one within 24 h gets its answer, also when
/// it comes while the first still runs, or after a restart. A fault (5xx) or an unreadable body decides nothing and keeps nothing. A server that dies
/// between the command and its answer leaves a claim that runs out; then the command is given again, and a machine that has taken it answers as it did (<see cref="CommandId"/>); what is no machine makes the same
/// once more (<see cref="Making"/>).
/// </summary>
public static class Idempotency
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int LongestKey = 128;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(75);

    public static void UseIdempotency(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || !context.Request.Path.StartsWithSegments("/v1")) return next(context);
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<NeverReplayed>() is not null) return next(context);
        return Once(context, key, next);
    });

    private static async Task Once(HttpContext context, string key, RequestDelegate next)
    {
        if (key.Length > LongestKey || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ProblemException(StatusCodes.Status400BadRequest, "idempotency.bad-key", "Not a key", $"'{Header}' must be 1 to {LongestKey} printable characters.", "Send a random UUID");
        var caller = context.RequestServices.GetRequiredService<IIdentity>().Of(context);
        var secret = context.GetEndpoint()!.Metadata.GetMetadata<HoldsSecret>() is not null;
        var store = context.RequestServices.GetRequiredService<IdempotencyStore>();
        var fingerprint = store.Fingerprint(await Told(context.Request, context.RequestAborted), secret);
        var claim = Guid.CreateVersion7();
        while (true)
        {
            var found = await store.ClaimAsync(caller, key, fingerprint, claim, secret, context.RequestAborted);
            if (found.Mine)
            {
                Making.Begin(context, found.Seed);
                break;
            }
            if (found.Fingerprint is { } first && !first.AsSpan().SequenceEqual(fingerprint))
                throw ProblemException.Invalid("idempotency.other-request", $"This {Header} was used for another request.", "Use a new key for a new request");
            if (found.Answer is { } answer)
            {
                context.Response.Headers[ReplayedHeader] = "true";
                if (secret) context.Response.Headers.CacheControl = "no-store";
                await Write(context, answer);
                return;
            }
            await Task.Delay(Look, context.RequestServices.GetRequiredService<TimeProvider>(), context.RequestAborted);
        }
        await Write(context, await Run(context, store, caller, key, claim, secret, next));
    }

    private static async Task<StoredAnswer> Run(HttpContext context, IdempotencyStore store, Caller caller, string key, Guid claim, bool secret, RequestDelegate next)
    {
        var kept = false;
        var outside = context.Response.Body;
        using var body = new MemoryStream();
        context.Response.Body = body;
        try
        {
            try
            {
                await next(context);
            }
            catch (ProblemException problem) when (problem.Status < 500)
            {
                // A refusal is an answer like any other.
                body.SetLength(0);
                await Problems.Write(context, problem);
            }
            var response = context.Response;
            var answer = new StoredAnswer(response.StatusCode, response.ContentType, response.Headers.Location.ToString() is { Length: > 0 } l ? l : null, body.ToArray());
            if (answer.Status >= 500) return answer;
            // Also when the caller has gone: it will come back and ask.
            await store.StoreAsync(caller, key, claim, answer, secret);
            kept = true;
            return answer;
        }
        finally
        {
            Making.End();
            context.Response.Body = outside;
            if (!kept) await store.ReleaseAsync(caller, claim);
        }
    }

    private static async Task Write(HttpContext context, StoredAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.Location is not null) context.Response.Headers.Location = answer.Location;
        // A refusal without words is given them further out, which finds it by its having no length.
        if (answer.Body.Length > 0 || answer.Status < StatusCodes.Status400BadRequest && MayHaveBody(answer.Status)) context.Response.ContentLength = answer.Body.Length;
        if (answer.Body.Length > 0) await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static bool MayHaveBody(int status) => status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    /// <summary>Everything that makes it this request; the body is given back for the endpoint to read.</summary>
    private static async Task<byte[]> Told(HttpRequest request, CancellationToken cancellation)
    {
        var body = await PlainText.KeepBodyAsync(request, cancellation);
        return [.. Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"), .. body.GetBuffer().AsSpan(0, (int)body.Length)];
    }
}
