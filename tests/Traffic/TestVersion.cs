using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Traffic.Tests;

/// <summary>A deployed version: a real server on a port of its own that says who it is.</summary>
public sealed class TestVersion : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestVersion(string name, WebApplication app) => (Name, _app) = (name, app);

    public string Name { get; }
    public string Address { get; private set; } = "";
    public int Hits => _hits;
    private int _hits;

    /// <summary>Completed by a request to /hang when its client is gone.</summary>
    public TaskCompletionSource HangCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource HangBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests to /gate are answered when this completes.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _gateWaiters;
    public int GateWaiters => Volatile.Read(ref _gateWaiters);

    /// <summary>One per line that a request to /lines is to send.</summary>
    public BlockingCollection<string> Lines { get; } = [];

    public static async Task<TestVersion> StartAsync(string name, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = null;
            k.Limits.MinRequestBodyDataRate = null;
            k.Listen(System.Net.IPAddress.Loopback, port);
        });
        var app = builder.Build();
        var version = new TestVersion(name, app);
        version.Map(app);
        await app.StartAsync();
        version.Address = new Uri(app.Urls.First()).Authority;
        return version;
    }

    public async ValueTask DisposeAsync()
    {
        Gate.TrySetResult();
        Lines.CompleteAdding();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(now.Token).ContinueWith(static _ => { });
        await _app.DisposeAsync();
    }

    private void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.Use((context, next) =>
        {
            Interlocked.Increment(ref _hits);
            return next(context);
        });
        app.MapGet("/", () => Name);
        app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code));
        app.Map("/headers", (HttpRequest request) =>
            string.Join("\n", new[] { $"{request.Method} {request.Path}{request.QueryString}" }.Concat(request.Headers.SelectMany(h => h.Value.Select(v => $"{h.Key}: {v}")))));
        app.MapPost("/echo", async context =>
        {
            context.Response.ContentLength = context.Request.ContentLength;
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        app.MapPost("/count", async (HttpRequest request) => (await DrainAsync(request.Body)).ToString());
        app.MapPost("/refuse", (HttpContext context) => Results.StatusCode(413));
        app.MapGet("/bytes/{n:long}", async (HttpContext context, long n, bool? chunked) =>
        {
            if (chunked != true) context.Response.ContentLength = n;
            var block = new byte[64 * 1024];
            for (; n > 0; n -= block.Length) await context.Response.Body.WriteAsync(block.AsMemory(0, (int)Math.Min(n, block.Length)));
        });
        app.MapGet("/lines", async context =>
        {
            foreach (var line in Lines.GetConsumingEnumerable(context.RequestAborted))
            {
                await context.Response.WriteAsync(line + "\n");
                await context.Response.Body.FlushAsync();
            }
        });
        app.MapGet("/hang", async context =>
        {
            HangBegun.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                HangCancelled.TrySetResult();
            }
        });
        app.MapGet("/gate", async () =>
        {
            Interlocked.Increment(ref _gateWaiters);
            await Gate.Task;
            return Name;
        });
        app.MapGet("/cut", async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("the beginning");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        app.MapGet("/reset", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        app.MapPost("/reset", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        app.Map("/ws", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64 * 1024];
            while (true)
            {
                var got = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (got.MessageType == System.Net.WebSockets.WebSocketMessageType.Close) break;
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, context.RequestAborted);
            }
            await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, Name, CancellationToken.None);
        });
    }

    private static async Task<long> DrainAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        long sum = 0;
        for (int n; (n = await stream.ReadAsync(buffer)) > 0; sum += n) { }
        return sum;
    }
}
