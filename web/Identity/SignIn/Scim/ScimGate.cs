using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary>Stands before all of <c>/scim/v2</c>: finds whose directory asks by its token, turns refusals into SCIM's errors, and records every change before and after.</summary>
public sealed class ScimGate(Connections connections, ScimProvisioning provisioning, TimeProvider time) : IEndpointFilter
{
    private const string Bearer = "Bearer ";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        var header = http.Request.Headers.Authorization.ToString();
        var of = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? await connections.OfScimTokenAsync(TokenFormat.Digest(header[Bearer.Length..].Trim()), http.RequestAborted) : null;
        if (of is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Error(new(StatusCodes.Status401Unauthorized, null, "The bearer token is none of a connection's, or no longer. Next: an Admin makes one in the connection's settings"));
        }
        http.Features.Set(of);
        await connections.UsedByDirectoryAsync(of, time.GetUtcNow(), http.RequestAborted);
        var changes = !HttpMethods.IsGet(http.Request.Method);
        var action = $"Scim{http.Request.Method[..1]}{http.Request.Method[1..].ToLowerInvariant()}";
        if (changes) await provisioning.RecordAsync(http, of, action, "requested");
        var outcome = "failed";
        try
        {
            var result = await next(context);
            outcome = "accepted";
            return result;
        }
        catch (ScimException e)
        {
            outcome = $"refused: {e.Status}";
            return Error(e);
        }
        finally
        {
            if (changes) await provisioning.RecordAsync(http, of, action, outcome);
        }
    }

    public static Connection Of(HttpContext http) => http.Features.Get<Connection>()!;

    /// <exception cref="ScimException">400: no object of JSON, or with text that cannot be kept.</exception>
    public static async Task<JsonObject> BodyAsync(HttpContext http)
    {
        try
        {
            var body = await JsonNode.ParseAsync(http.Request.Body, null, Strict, http.RequestAborted) as JsonObject;
            // PostgreSQL has no NUL in its texts, and no halves of surrogate pairs.
            if (body is not null && !body.ToJsonString().Contains("\\u0000", StringComparison.Ordinal)) return body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Said below.
        }
        throw ScimException.Bad("invalidSyntax", "The body is no object of JSON that can be kept.");
    }

    private static IResult Error(ScimException e) => ScimAnswers.Json(e.Body(), e.Status);
}
