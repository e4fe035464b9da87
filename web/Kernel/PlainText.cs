using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ProdSprint.Kernel;

/// <summary>
/// Text that no store and no file system takes is refused at the door, for every endpoint at once: NUL (PostgreSQL has no such text) in a path, a query
/// or a body, halves of surrogate pairs, and texts of any length.
/// </summary>
public static class PlainText
{
    /// <summary>Characters in one text of a body. More than any reason, ref or variable needs; a certificate chain has about 8,000.</summary>
    public const int LongestText = 16_384;

    public static void UsePlainText(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (request.Path.Value?.Contains('\0') == true || request.QueryString.HasValue && request.Query.Any(q => q.Key.Contains('\0') || q.Value.Any(v => v?.Contains('\0') == true)))
            throw Bad("The address holds a NUL character.");
        if (request.Path.StartsWithSegments("/v1") && HasBody(request)) return CheckedAsync(context, next);
        return next(context);
    });

    private static async Task CheckedAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsUtf8(context.Request)) throw Problems.NotJson;
        await Check(context.Request, context.RequestAborted);
        await next(context);
    }

    private static bool HasBody(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && request.HasJsonContentType();

    /// <summary>As JSON is (RFC 8259, 8.1), whether it is said or not. What is said is taken away: the framework fails over names that it does not know, and over quotes.</summary>
    private static bool IsUtf8(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || StringSegment.IsNullOrEmpty(type.Charset)) return true;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        type.Charset = null;
        request.ContentType = type.ToString();
        return charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The body is kept in memory (it is small) and given back for the endpoint to read.</summary>
    private static async Task Check(HttpRequest request, CancellationToken cancellation)
    {
        var body = await KeepBodyAsync(request, cancellation);
        try
        {
            Check(body.GetBuffer().AsSpan(0, (int)body.Length));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            // Half a surrogate pair ends here; JSON that is broken otherwise is told with its place when the endpoint reads it.
            if (e is not JsonException) throw Bad("The body holds half a surrogate pair.");
        }
    }

    /// <summary>The body in memory, to be read by one after the other; from its beginning again for whoever comes next.</summary>
    internal static async ValueTask<MemoryStream> KeepBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Body is MemoryStream { Position: 0 } kept) return kept;
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 64 * 1024));
        await request.Body.CopyToAsync(body, cancellation);
        body.Position = 0;
        request.Body = body;
        request.HttpContext.Response.RegisterForDispose(body);
        return body;
    }

    private static void Check(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) continue;
            if (reader.ValueIsEscaped && reader.GetString()!.Contains('\0')) throw Bad("The body holds a NUL character.");
            if (reader.ValueSpan.Length > LongestText && reader.GetString()!.Length > LongestText)
                throw ProblemException.Invalid("request.text-too-long", $"A text in the body has more than {LongestText} characters.", "Send a shorter one");
        }
    }

    private static ProblemException Bad(string detail) => new(StatusCodes.Status400BadRequest, "request.bad-text", "Not a text", detail, "Send plain Unicode text");
}
