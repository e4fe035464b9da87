using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Tests.Api.Webhooks;

public sealed record Received(string Id, string Timestamp, string Signature, string Body);

/// <summary>Somebody's server that webhooks are sent to.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>What it answers to the next request, and to those after the last one 204.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<int> Answers { get; } = new();

    public string Url => _app.Urls.First() + "/hook";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.MapPost("/hook", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async Task<Received> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        string Header(string name) => http.Request.Headers[name].ToString();
        await _received.Writer.WriteAsync(new(Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), await reader.ReadToEndAsync()));
        http.Response.StatusCode = Answers.TryDequeue(out var answer) ? answer : 200;
    }
}
