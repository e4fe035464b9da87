namespace ProdSprint.Traffic.Tests;

public abstract partial class RouterConformance
{
    [Fact]
    public async Task Reports_AddUpExactlyToWhatWasSent()
    {
        await using var scene = new Scene(Router);
        var v1 = await scene.VersionAsync("v1");
        var v2 = await scene.VersionAsync("v2");
        await scene.RouteAsync(v1.Stable(7_500), v2.Canary(2_500));
        var paths = new[] { "/", "/status/404", "/status/500", "/status/302", "/bytes/1000" };
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async k =>
        {
            for (var i = 0; i < 100; i++) (await scene.Client.GetAsync(paths[k])).Dispose();
        }));
        var reports = await scene.ReportsAsync(500);
        reports.Values.Sum(r => r.Requests).ShouldBe(500);
        reports["v1"].Requests.ShouldBe(v1.Hits);
        reports["v2"].Requests.ShouldBe(v2.Hits);
        reports.Values.Sum(r => r.Classes.Success).ShouldBe(200);
        reports.Values.Sum(r => r.Classes.Redirect).ShouldBe(100);
        reports.Values.Sum(r => r.Classes.ClientError).ShouldBe(100);
        reports.Values.Sum(r => r.Classes.ServerError).ShouldBe(100);
        reports.Values.Sum(r => r.Errors).ShouldBe(100);
        reports.Values.Sum(r => r.RouterFaults).ShouldBe(0);
    }

    [Fact]
    public async Task Reports_UntilAcknowledged_ComeAgainAsTheyWere()
    {
        await using var scene = await OneVersionAsync();
        for (var i = 0; i < 10; i++) await scene.GetAsync();
        await scene.ReportsAsync(10);
        var first = await FirstBatchOfAsync(scene.Name, null);
        var again = await FirstBatchOfAsync(scene.Name, null);
        again.Sequence.ShouldBe(first.Sequence);
        again.Router.ShouldBe(first.Router);
        again.Seconds.Where(r => r.Environment == scene.Name).ShouldBe(first.Seconds.Where(r => r.Environment == scene.Name));
        await scene.GetAsync();
        (await FirstBatchOfAsync(scene.Name, new(first.Router, first.Sequence))).Sequence.ShouldBeGreaterThan(first.Sequence);
    }

    private async Task<TrafficReportBatch> FirstBatchOfAsync(string environment, ReportCursor? after)
    {
        using var limit = new CancellationTokenSource(RawClient.Patience);
        await foreach (var batch in Router.ReportsAsync(after, limit.Token))
            if (batch.Seconds.Any(r => r.Environment == environment)) return batch;
        throw new InvalidOperationException("unreachable: the reports end only by cancellation");
    }
}
