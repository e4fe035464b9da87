using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ProdSprint.Gates;

/// <summary>A real HTTP server that answers as a test wants it to.</summary>
internal sealed class LoadedApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoadedApplication(WebApplication app) => _app = app;

    public ConcurrentQueue<string> Asked { get; } = new();

    public string Address => new Uri(_app.Urls.Single()).Authority;

    public static async Task<LoadedApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var application = new LoadedApplication(builder.Build());
        application._app.Run(async c =>
        {
            application.Asked.Enqueue($"{c.Request.Method} {c.Request.Path}{c.Request.QueryString}");
            await answer(c);
        });
        await application._app.StartAsync();
        return application;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
