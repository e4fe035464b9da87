namespace ProdSprint.Traffic.Tests;

/// <summary>What our router refuses and HAProxy 2.6 accepts and normalises, which is safe as well.</summary>
public abstract class OwnRouterConformance(RouterHarness harness) : RouterConformance(harness)
{
    public static TheoryData<string, string> Ambiguous => new()
    {
        { "both lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "null in a value", "GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n" },
        { "equal lengths twice", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" },
        { "folded header", "GET / HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n" },
        { "no host", "GET / HTTP/1.1\r\n\r\n" },
        { "two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" },
        { "bare line feeds", "GET / HTTP/1.1\nHost: x\n\n" },
        { "chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "chunk size with line feed only", "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public Task Smuggling_Ambiguous_IsRefused(string name, string request) => RefusesAsync(name, request);

    [Fact]
    public async Task Reports_NameAFewRoutes_ThatWereAnsweredWell_WithoutWhatVaries()
    {
        await using var scene = await OneVersionAsync();
        (await scene.Client.GetAsync("/status/404")).Dispose();
        await scene.GetAsync("/bytes/1000?token=a");
        (await scene.Client.PostAsync("/count", new ByteArrayContent([1]))).Dispose();
        await scene.GetAsync();
        var seen = new HashSet<string>();
        using var limit = new CancellationTokenSource(RawClient.Patience);
        await foreach (var batch in Router.ReportsAsync(null, limit.Token))
        {
            seen.UnionWith(batch.Seconds.Where(r => r.Environment == scene.Name && r.Routes is not null).SelectMany(r => r.Routes!.Split('\n')));
            if (seen.Contains("GET /") && seen.Contains("GET /bytes/{id}")) break;
        }
        seen.ShouldBe(["GET /", "GET /bytes/{id}"], ignoreOrder: true);
    }
}
