using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Deploy;

/// <summary>
/// <c>prodsprint static DIRECTORY --port PORT</c>: serves the files of a static site on 127.0.0.1, as a process of its own. A path without a file gets
/// <c>404.html</c> if there is one, else <c>index.html</c> when the path looks like a page (an application with client-side routes), else 404.
/// </summary>
public static class StaticServer
{
    /// <returns>0 after SIGTERM; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments is not [var directory, "--port", var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || !Directory.Exists(directory))
        {
            await Console.Error.WriteLineAsync("usage: prodsprint static DIRECTORY --port PORT (the directory must exist)");
            return 2;
        }
        await using var app = Create(directory, port);
        await app.RunAsync();
        return 0;
    }

    public static WebApplication Create(string directory, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = directory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Listen(IPAddress.Loopback, port);
        });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        // Dotfiles stay hidden (.env, .git): a build output should have none, and serving one is never what was meant.
        var files = new PhysicalFileProvider(Path.GetFullPath(directory), ExclusionFilters.Sensitive);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ContentTypeProvider = Types(),
            OnPrepareResponse = c => c.Context.Response.Headers.CacheControl =
                c.File.Name.EndsWith(".html", StringComparison.OrdinalIgnoreCase) ? "no-cache" : "public, max-age=300",
        });
        app.Run(c => MissingAsync(c, files));
        return app;
    }

    private static async Task MissingAsync(HttpContext context, PhysicalFileProvider files)
    {
        var read = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var page = !Path.HasExtension(context.Request.Path.Value);
        var own = files.GetFileInfo("404.html");
        var index = files.GetFileInfo("index.html");
        context.Response.StatusCode = !read ? 405 : 404;
        if (!read) return;
        context.Response.ContentType = "text/html; charset=utf-8";
        if (own.Exists) await context.Response.SendFileAsync(own);
        else if (page && index.Exists)
        {
            context.Response.StatusCode = 200;
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.SendFileAsync(index);
        }
    }

    private static FileExtensionContentTypeProvider Types()
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".mjs"] = "text/javascript";
        types.Mappings[".avif"] = "image/avif";
        types.Mappings[".webmanifest"] = "application/manifest+json";
        return types;
    }
}
