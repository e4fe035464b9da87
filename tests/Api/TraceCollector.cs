using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProdSprint.Tests.Api;

/// <summary>A collector: takes OTLP over HTTP as protobuf, and keeps every span it was told of, as often as it was told.</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ToldSpan> _spans = new();

    private TraceCollector(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public IReadOnlyList<ToldSpan> Spans => [.. _spans];

    public static async Task<TraceCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = new TraceCollector(builder.Build());
        collector._app.MapPost("/v1/traces", async (HttpContext context) =>
        {
            context.Request.ContentType.ShouldBe("application/x-protobuf");
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            foreach (var span in OtlpReader.Spans(body.ToArray())) collector._spans.Enqueue(span);
        });
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>A span as a collector sees it.</summary>
/// <param name="Tags">Its own attributes and those of its resource.</param>
/// <param name="Status">0 unset, 1 ok, 2 error.</param>
public sealed record ToldSpan(string Trace, string Id, string Parent, string Name, DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, string> Tags, int Status);
