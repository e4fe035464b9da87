using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using ProdSprint.Data;

namespace ProdSprint.Kernel;

/// <summary>One thing as JSON with its tag: a view as it is stored, passed through, or a value written as views are.</summary>
/// <typeparam name="T">What the JSON is, for the description of the API.</typeparam>
public sealed class JsonBody<T>(byte[] utf8, StoredView? stored = null) : IResult, IEndpointMetadataProvider
{
    public static JsonBody<T>? Of(string? json) => json is null ? null : new(Encoding.UTF8.GetBytes(json));

    public static JsonBody<T>? Of(byte[]? utf8) => utf8 is null ? null : new(utf8);

    public static JsonBody<T>? Of(StoredView? stored) => stored is null ? null : new(stored.Utf8, stored);

    public static JsonBody<T> Of(T value) => new(JsonSerializer.SerializeToUtf8Bytes(value, KernelJson.Options));

    public Task ExecuteAsync(HttpContext context) =>
        Answers.Write(context, SparseFields.Asked(context, typeof(T)) is { } fields ? SparseFields.Only(utf8, fields) : utf8, stored?.Tag(EntityTags.Of) ?? EntityTags.Of(utf8));

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Answers.Describe<T>(builder);
}

/// <summary>A page of a list, of items that are JSON already.</summary>
public sealed class JsonPage<T>(IReadOnlyList<string> items, string? next) : IResult, IEndpointMetadataProvider
{
    public static JsonPage<T> Of((IReadOnlyList<string> Items, string? Next) page) => new(page.Items, page.Next);

    public static JsonPage<T> Of(IEnumerable<T> items) => new([.. items.Select(KernelJson.Write)], null);

    public Task ExecuteAsync(HttpContext context) => Answers.WritePage(context, typeof(T), items, next);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Answers.Describe<Page<T>>(builder);
}

/// <summary>What a list answers. <paramref name="Next"/> goes into <c>after</c> for the next page; null: this is the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

public static class Page
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    /// <summary>A cursor is no longer than this: a time and a key.</summary>
    public const int LongestCursor = 200;

    public static int Limit(int? asked) => asked switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => asked.Value,
        _ => throw ProblemException.Invalid("page.bad-limit", $"'limit' is {asked}.", $"Ask for 1 to {MaxLimit}"),
    };
}

internal static class Answers
{
    /// <param name="beside">Of an answer that says more than the page: <c>,"name":value</c>.</param>
    public static Task WritePage(HttpContext context, Type item, IReadOnlyList<string> items, string? next, string beside = "")
    {
        var fields = SparseFields.Asked(context, item);
        var shown = fields is null ? items : items.Select(i => Encoding.UTF8.GetString(SparseFields.Only(Encoding.UTF8.GetBytes(i), fields)));
        var body = Encoding.UTF8.GetBytes($"{{\"items\":[{string.Join(',', shown)}],\"next\":{(next is null ? "null" : JsonSerializer.Serialize(next))}{beside}}}");
        return Write(context, body, EntityTags.OfBytes(body));
    }

    public static void Describe<T>(EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        if (builder.Metadata.OfType<IHttpMethodMetadata>().Any(m => m.HttpMethods.Contains(HttpMethods.Get))) builder.Metadata.Add(new TakesFields());
    }

    /// <summary>304 when the caller has these bytes already.</summary>
    public static Task Write(HttpContext context, byte[] body, string tag)
    {
        var look = HttpMethods.IsGet(context.Request.Method);
        if (look) context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = look ? "no-cache" : "no-store";
        if (look && EntityTags.IsKnown(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
