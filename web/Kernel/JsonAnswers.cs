using System.Text;

namespace ProdSprint.Kernel;

/// <summary>A view as it is stored: JSON already, passed through with its ETag.</summary>
public sealed record JsonBody(string Json, string? ETag = null) : IResult
{
    public static JsonBody? Of(string? json) => json is null ? null : new(json);

    public Task ExecuteAsync(HttpContext context) => Answers.Write(context, Encoding.UTF8.GetBytes(Json), ETag);
}

/// <summary>A page of a list: <c>{"items":[…],"next":cursor|null}</c>.</summary>
public sealed record JsonPage(IReadOnlyList<string> Items, string? Next) : IResult
{
    public static JsonPage Of((IReadOnlyList<string> Items, string? Next) page) => new(page.Items, page.Next);

    public Task ExecuteAsync(HttpContext context)
    {
        var next = Next is null ? "null" : System.Text.Json.JsonSerializer.Serialize(Next);
        return Answers.Write(context, Encoding.UTF8.GetBytes($"{{\"items\":[{string.Join(',', Items)}],\"next\":{next}}}"), null);
    }
}

public static class Page
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    public static int Limit(int? asked) => asked switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => asked.Value,
        _ => throw ProblemException.Invalid("page.bad-limit", $"'limit' is {asked}.", $"Ask for 1 to {MaxLimit}"),
    };
}

internal static class Answers
{
    /// <summary>The tag is of the bytes, so it is right whatever changed them; 304 when the caller has them.</summary>
    public static async Task Write(HttpContext context, byte[] body, string? tag)
    {
        tag ??= $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body).AsSpan(0, 12))}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString().Split(',').Any(t => t.Trim() == tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
