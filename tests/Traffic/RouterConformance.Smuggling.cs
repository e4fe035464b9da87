namespace ProdSprint.Traffic.Tests;

public abstract partial class RouterConformance
{
    public static TheoryData<string, string> Malformed => new()
    {
        { "two different lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde" },
        { "length list", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 5\r\n\r\nabcde" },
        { "signed length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd" },
        { "length that overflows", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\nabcd" },
        { "bad chunk size", "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" },
        { "chunk longer than it says", "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n" },
        { "space before colon", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\nabcd" },
        { "bad method", "G@T / HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "no version", "GET /\r\nHost: x\r\n\r\n" },
        { "empty name", "GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public Task Smuggling_Malformed_IsRefused(string name, string request) => RefusesAsync(name, request);

    [Fact]
    public async Task Smuggling_HeadTooLong_Is431()
    {
        await using var scene = await OneVersionAsync();
        var answer = await RawClient.ExchangeAsync(scene.Port, $"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {new string('a', 40_000)}\r\n\r\n");
        answer.ShouldStartWith(Harness.IsOurs ? "HTTP/1.1 431" : "HTTP/1.");
        answer.Split(' ')[1].ShouldBeOneOf("431", "400");
    }

    [Fact]
    public async Task Smuggling_ChunkedObfuscated_IsNeverForwardedAsLength()
    {
        await using var scene = await OneVersionAsync();
        var answer = await RawClient.ExchangeAsync(scene.Port,
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd");
        answer.Split(' ')[1].ShouldBeOneOf("400", "501", "422");
    }

    protected async Task RefusesAsync(string name, string request)
    {
        await using var scene = new Scene(Router, $"malformed {name}");
        var backend = scene.Backend(async connection =>
        {
            while (await connection.ReadHeadAsync()) { }
        });
        await scene.RouteAsync(backend.Stable("v1"));
        using var client = await RawClient.ConnectAsync(scene.Port);
        await client.SendAsync(request);
        var answer = await client.ReadUntilAsync("\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 400", customMessage: name);
        answer.ShouldContain("close", Case.Insensitive);
        backend.Received.ToString().ShouldNotContain("smuggled");
    }
}
