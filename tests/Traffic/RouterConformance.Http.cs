using System.Net.WebSockets;
using System.Text;

namespace ProdSprint.Traffic.Tests;

public abstract partial class RouterConformance
{
    [Fact]
    public async Task Http_HopByHopHeaders_EndHere_AndForwardedOnesAreAdded()
    {
        await using var scene = await OneVersionAsync();
        var answer = await RawClient.ExchangeAsync(scene.Port,
            "GET /headers?a=b%20c HTTP/1.1\r\nHost: shop.example\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\n" +
            "Proxy-Connection: keep-alive\r\nX-Forwarded-For: 10.1.2.3\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX-Own: yes\r\n\r\n");
        answer.ShouldContain("GET /headers?a=b%20c");
        answer.ShouldContain("Host: shop.example");
        answer.ShouldContain("X-Forwarded-For: 10.1.2.3, 127.0.0.1");
        answer.ShouldContain("X-Forwarded-Proto: http");
        answer.ShouldContain("X-Forwarded-Host: shop.example");
        answer.ShouldContain("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Case.Insensitive);
        answer.ShouldContain("X-Own: yes", Case.Insensitive);
        var seen = answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..];
        foreach (var hop in new[] { "Keep-Alive:", "Proxy-Connection:", "TE:" }) seen.ShouldNotContain("\n" + hop);
        // HAProxy 2.6 has no way to drop what Connection names.
        if (Harness.IsOurs) seen.ShouldNotContain("X-Secret");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(301)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Http_StatusOfTheVersion_IsPassedOn(int status)
    {
        await using var scene = await OneVersionAsync($"status-{status}");
        using var response = await scene.Client.GetAsync($"/status/{status}");
        ((int)response.StatusCode).ShouldBe(status);
        response.Headers.Contains("X-ProdSprint-Served-By").ShouldBeTrue();
    }

    [Fact]
    public async Task Http_AnswersWithoutBody_KeepTheConnection()
    {
        await using var scene = new Scene(Router);
        var backend = scene.Backend(async connection =>
        {
            string[] answers = ["HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast"];
            for (var i = 0; await connection.ReadHeadAsync(); i++) await connection.SendAsync(answers[i]);
        });
        await scene.RouteAsync(backend.Stable("v1"));
        using var client = await RawClient.ConnectAsync(scene.Port);
        await client.SendAsync("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 204 No Content\r\n");
        await client.SendAsync("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 304");
        await client.SendAsync("HEAD /3 HTTP/1.1\r\nHost: x\r\n\r\n");
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldContain("Content-Length: 9", Case.Insensitive);
        await client.SendAsync("GET /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        (await client.ReadToEndAsync()).ShouldEndWith("last");
        backend.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Http_Pipelined_IsAnsweredInOrder()
    {
        await using var scene = await OneVersionAsync();
        var answer = await RawClient.ExchangeAsync(scene.Port,
            "GET /headers?1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwoGET /headers?3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var first = answer.IndexOf("/headers?1", StringComparison.Ordinal);
        var second = answer.IndexOf("two", StringComparison.Ordinal);
        var third = answer.IndexOf("/headers?3", StringComparison.Ordinal);
        (first > 0 && second > first && third > second).ShouldBeTrue(answer);
    }

    [Fact]
    public async Task Http_Version10_GetsAPlainBodyAndTheEnd()
    {
        await using var scene = await OneVersionAsync();
        var answer = await RawClient.ExchangeAsync(scene.Port, "GET /bytes/70000?chunked=true HTTP/1.0\r\n\r\n");
        answer.ShouldNotContain("Transfer-Encoding", Case.Insensitive);
        (answer.Length - answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4).ShouldBe(70_000);
        var kept = await RawClient.ConnectAsync(scene.Port);
        await kept.SendAsync("GET /bytes/2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        (await kept.ReadUntilAsync("\r\n\r\n")).ShouldContain("Connection: keep-alive", Case.Insensitive);
        kept.Dispose();
    }

    [Fact]
    public async Task Http_AbsoluteTarget_GivesTheHost()
    {
        await using var scene = await OneVersionAsync();
        var answer = await RawClient.ExchangeAsync(scene.Port, "GET http://real.example/headers?x HTTP/1.1\r\nHost: real.example\r\nConnection: close\r\n\r\n");
        answer.ShouldContain("GET /headers?x");
        answer.ShouldContain("Host: real.example");
    }

    [Fact]
    public async Task Http_Expect100_IsAnsweredBeforeTheBody()
    {
        await using var scene = await OneVersionAsync();
        using var client = await RawClient.ConnectAsync(scene.Port);
        await client.SendAsync("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
        (await client.ReadUntilAsync("\r\n\r\n")).ShouldStartWith("HTTP/1.1 100");
        await client.SendAsync("hello");
        (await client.ReadToEndAsync()).ShouldEndWith("hello");
    }

    [Fact]
    public async Task Http_EarlyAnswer_ReachesTheClientThoughItStillSends()
    {
        await using var scene = new Scene(Router);
        var backend = scene.Backend(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        });
        await scene.RouteAsync(backend.Stable("v1"));
        using var client = await RawClient.ConnectAsync(scene.Port);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n0123456789");
        (await client.ReadUntilAsync("big")).ShouldStartWith("HTTP/1.1 413");
    }

    [Fact]
    public async Task Body_Streams_BothWays_WithoutWaitingForItsEnd()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        await scene.RouteAsync(v1.Stable());
        using var response = await scene.Client.GetAsync("/lines", HttpCompletionOption.ResponseHeadersRead, CancellationToken.None).BeginWith(() => v1.Lines.Add("0"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync()).ShouldBe("0");
        for (var i = 1; i < 5; i++)
        {
            v1.Lines.Add($"line {i}");
            (await reader.ReadLineAsync().WaitAsync(RawClient.Patience)).ShouldBe($"line {i}");
        }
        v1.Lines.CompleteAdding();
        (await reader.ReadToEndAsync()).ShouldBe("");

        using var upload = await RawClient.ConnectAsync(scene.Port);
        await upload.SendAsync("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\none\r\n");
        (await upload.ReadUntilAsync("one")).ShouldContain("200 OK");
        await upload.SendAsync("3;ext=1\r\ntwo\r\n0\r\nX-Trailer: t\r\n\r\n");
        (await upload.ReadToEndAsync()).ShouldContain("two");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_Large_IsPassedUnchanged(bool chunked)
    {
        await using var scene = await OneVersionAsync($"large-{chunked}");
        const long size = 64L * 1024 * 1024 + 17;
        using var content = new StreamContent(new ZeroStream(size));
        if (!chunked) content.Headers.ContentLength = size;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/count") { Content = content, Headers = { TransferEncodingChunked = chunked } };
        using var response = await scene.Client.SendAsync(request);
        (await response.Content.ReadAsStringAsync()).ShouldBe(size.ToString());
        await using var download = await scene.Client.GetStreamAsync($"/bytes/{size}?chunked={chunked}");
        var buffer = new byte[128 * 1024];
        long sum = 0;
        for (int n; (n = await download.ReadAsync(buffer)) > 0; sum += n) { }
        sum.ShouldBe(size);
    }

    [Fact]
    public async Task WebSocket_EchoesAndCloses_AndIsInFlightMeanwhile()
    {
        await using var scene = await OneVersionAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new($"ws://127.0.0.1:{scene.Port}/ws"), CancellationToken.None);
        var buffer = new byte[100_000];
        foreach (var message in new[] { "hello", new string('x', 60_000) })
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
            var text = new StringBuilder();
            ValueWebSocketReceiveResult got;
            do
            {
                got = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                text.Append(Encoding.ASCII.GetString(buffer, 0, got.Count));
            }
            while (!got.EndOfMessage);
            text.ToString().ShouldBe(message);
        }
        InFlight(await Router.StatusAsync(), scene.Name).ShouldBe(1);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        socket.CloseStatusDescription.ShouldBe("v1");
        (await Router.WaitDrainedAsync("ws", "project", scene.Name, "v1", RawClient.Patience)).ShouldBeTrue();
        (await scene.ReportsAsync(1))["v1"].Classes.Informational.ShouldBe(1);
    }

    protected static long InFlight(RouterStatus status, string environment) =>
        status.Environments.Single(e => e.Environment == environment).Versions.Sum(v => v.InFlight);

    protected async Task<Scene> OneVersionAsync([System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        var scene = new Scene(Router, name);
        var v1 = await scene.VersionAsync("v1");
        (await scene.RouteAsync(v1.Stable())).Outcome.ShouldBe(RouteOutcome.Applied);
        return scene;
    }
}

internal static class TaskBeginnings
{
    public static Task<T> BeginWith<T>(this Task<T> task, Action first)
    {
        first();
        return task;
    }
}

/// <summary>A body too large to be held.</summary>
internal sealed class ZeroStream(long length) : Stream
{
    private long _left = length;
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var n = (int)Math.Min(count, _left);
        _left -= n;
        buffer.AsSpan(offset, n).Clear();
        return n;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
