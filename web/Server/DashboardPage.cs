using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using ProdSprint.Kernel;

namespace ProdSprint.Server;

/// <summary>The dashboard's one page, for every path of it. Each time with a nonce of its own, without which the browser runs no script and takes no style element.</summary>
public sealed partial class DashboardPage(IWebHostEnvironment environment, CspReports reports)
{
    private sealed record Kept(DateTimeOffset Changed, string Text);

    private volatile Kept? _kept;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var page = routes.ServiceProvider.GetRequiredService<DashboardPage>();
        routes.MapGet("/index.html", page.Answer).ExcludeFromDescription();
        routes.MapFallback("{*path:nonfile}", page.Answer).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    }

    private Task Answer(HttpContext context)
    {
        if (Read() is not { } text)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Page(nonce, reports.Wanted, context.Request.Host);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(text.Replace(Placeholder, nonce, StringComparison.Ordinal), context.RequestAborted);
    }

    private const string Placeholder = "{csp-nonce}";

    /// <summary>As built, with a place for the nonce in every script and link; read again when a new build lies there.</summary>
    private string? Read()
    {
        var file = environment.WebRootFileProvider.GetFileInfo("index.html");
        if (!file.Exists) return null;
        if (_kept is { } kept && kept.Changed == file.LastModified) return kept.Text;
        using var reader = new StreamReader(file.CreateReadStream());
        var text = Named().Replace(reader.ReadToEnd(), $"$0 nonce=\"{Placeholder}\"").Replace("<head>", $"<head>\n    <meta property=\"csp-nonce\" nonce=\"{Placeholder}\" />", StringComparison.Ordinal);
        _kept = new(file.LastModified, text);
        return text;
    }

    [GeneratedRegex("<(script|style|link)\\b")]
    private static partial Regex Named();
}
