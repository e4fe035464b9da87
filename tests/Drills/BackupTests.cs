namespace ProdSprint.Drills;

/// <summary>The rehearsal of docs/operations.md: everything is gone, and what was kept is put back.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task Restored_ProductionServesAgain_HistoryIsWhole_AndAnOlderVersionComesBackWithoutABuild()
    {
        await using var place = new Installation();
        await place.InitializeAsync();
        await using var project = await DrillProject.WithVisitorsAsync(place);
        await project.PromotedAsync(await project.ReleaseAsync("v2"));
        await project.VisitorsLeaveAsync();
        var before = (await project.Get("/timeline?limit=500"))["items"]!.AsArray();
        var counted = await project.CountedAsync();

        await place.MoveThroughABackupAsync();

        await Eventually.Is("production answers", async () =>
        {
            try
            {
                return (await project.AnsweringAsync(5)).SequenceEqual(["v2"]);
            }
            // Nobody listens, or the router has nobody yet whose name it could give.
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
            {
                return false;
            }
        }, yes => yes);
        var after = (await project.Get("/timeline?limit=500"))["items"]!.AsArray();
        after.Take(before.Count).Select(r => r!.ToJsonString()).ShouldBe(before.Select(r => r!.ToJsonString()));
        (await project.CountedAsync()).ShouldBeGreaterThanOrEqualTo(counted);
        // An older version is still there to go back to, without a build.
        (await project.EndedAsync(await project.RollBackAsync()))["outcome"]!.ToString().ShouldBeOneOf("rolledBack", "fastRolledBack");
        (await project.AnsweringAsync(5)).ShouldBe(["v1"]);
    }
}
