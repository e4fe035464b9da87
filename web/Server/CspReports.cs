using System.Text.Json;
using ProdSprint.Tenants;

namespace ProdSprint.Server;

/// <summary>What browsers may report: section <c>Csp</c>.</summary>
public sealed class CspOptions
{
    /// <summary>Null: everywhere but in Production, where reports of strangers' browser extensions would be most of what comes.</summary>
    public bool? Reports { get; set; }

    /// <summary>Of so many reports one is told in the log, 0-1.</summary>
    public double Sample { get; set; } = 1;
}

/// <summary>
/// Takes what a browser refused by the page's policy, and tells it in the log without whatever could be about a person: the directive, the origin of what was
/// refused, and the first part of the page's path. No address, no query, no snippet of a script, no line of it is kept.
/// </summary>
public sealed partial class CspReports(CspOptions options, IHostEnvironment environment, ILogger<CspReports> logger)
{
    /// <summary>Beside the API: browsers send cookies along and no header that shows the page wanted it.</summary>
    public const string Path = "/csp-reports";
    private const int LargestReport = 16_384;

    public bool Wanted => options.Reports ?? !environment.IsProduction();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, routes.ServiceProvider.GetRequiredService<CspReports>().TakeAsync).WithName("ReportCsp").WithMetadata(new InTier(RateTier.Stranger)).ExcludeFromDescription();

    /// <param name="Directive">e.g. <c>script-src-elem</c>.</param>
    /// <param name="Blocked">An origin, or <c>inline</c>, <c>eval</c>, <c>data</c>, <c>blob</c>; <c>other</c> for what is none of them.</param>
    /// <param name="Page">First part of its path: <c>/projects</c>.</param>
    public sealed record Violation(string Directive, string Blocked, string Page);

    private async Task TakeAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (!Wanted || Random.Shared.NextDouble() >= options.Sample || context.Request.ContentLength is null or > LargestReport) return;
        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            foreach (var v in Read(json.RootElement)) LogRefused(v.Directive, v.Blocked, v.Page);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not what a browser sends. There is nobody to tell.
        }
    }

    /// <summary>Both shapes there are: one object below <c>csp-report</c>, or a list of reports with <c>body</c>.</summary>
    public static IEnumerable<Violation> Read(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Object when root.TryGetProperty("csp-report", out var report) => [Of(report, "effective-directive", "violated-directive", "blocked-uri", "document-uri")],
        JsonValueKind.Array => root.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.Object && r.TryGetProperty("body", out var b) && b.ValueKind == JsonValueKind.Object).Take(10)
            .Select(r => Of(r.GetProperty("body"), "effectiveDirective", "effectiveDirective", "blockedURL", "documentURL")),
        _ => [],
    };

    private static Violation Of(JsonElement report, string effective, string violated, string blocked, string page) =>
        new(Word(Text(report, effective) ?? Text(report, violated)), Origin(Text(report, blocked)), FirstPart(Text(report, page)));

    private static string? Text(JsonElement report, string name) => report.ValueKind == JsonValueKind.Object && report.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Word(string? text) => text?.Split(' ')[0] is { Length: > 0 and <= 40 } word && word.All(c => char.IsAsciiLetterLower(c) || c == '-') ? word : "unknown";

    private static string Origin(string? text) => text is "inline" or "eval" or "data" or "blob" or "wasm-eval" ? text
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https" or "ws" or "wss" } ? url.GetLeftPart(UriPartial.Authority) : "other";

    private static string FirstPart(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Segments.Length > 1 && url.Segments[1].Length <= 40 ? "/" + url.Segments[1].TrimEnd('/') : "/";

    [LoggerMessage(Level = LogLevel.Warning, Message = "A browser refused by {Directive}: {Blocked}, on {Page}")]
    private partial void LogRefused(string directive, string blocked, string page);
}
