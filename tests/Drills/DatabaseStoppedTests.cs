using System.Diagnostics;
using System.Net;

namespace ProdSprint.Drills;

/// <summary>PostgreSQL goes away beneath a running server for half a minute and comes back.</summary>
[Collection(OneInstallation.Name)]
public sealed class DatabaseStoppedTests(Installation place)
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task StoppedFor30sInCanary_HoldsAndSaysSo_ResumesAndLosesNothing()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Patient);
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");

        var facts = (await project.KindsAsync(release)).Count;
        var away = Stopwatch.StartNew();
        await place.Database.StopAsync();
        using (var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }))
        {
            http.DefaultRequestHeaders.Add("X-ProdSprint-User", "ana");
            using var answer = await http.GetAsync(new Uri(place.Url, "/v1/projects"));
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            using var ready = await http.GetAsync(new Uri(place.Url, "/health/ready"));
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            using var live = await http.GetAsync(new Uri(place.Url, "/health/live"));
            live.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        var (v1, v2) = (project.ServedBy("v1"), project.ServedBy("v2"));
        await Eventually.Is("it has been away for 30 s", () => away.Elapsed >= Outage);
        // At the last weights, to the last second; no step forward without a place to write it down.
        var (byV1, byV2) = (project.ServedBy("v1") - v1, project.ServedBy("v2") - v2);
        byV1.ShouldBeGreaterThan(1000);
        ((double)byV2 / (byV1 + byV2)).ShouldBeInRange(0.17, 0.23);
        (await project.AnsweringAsync(60)).ShouldBe(["v1", "v2"]);

        await place.Database.StartAsync();
        await place.ReadyAsync();
        // Whatever was decided meanwhile is there; nothing that was there is gone.
        (await project.KindsAsync(release)).Count.ShouldBeGreaterThanOrEqualTo(facts);
        await project.PromotedAsync(release);
        (await project.KindsAsync(release)).ShouldBe(await place.UnbrokenAsync());
        (await project.AnsweringAsync(20)).ShouldBe(["v2"]);
        var load = await project.VisitorsLeaveAsync();
        load.Faults.ShouldBeEmpty();
        var sent = load.Sent + project.Asked;
        (await Eventually.Is($"all {sent} requests are on the books", project.CountedAsync, counted => counted >= sent)).ShouldBe(sent);
    }

    [Fact]
    public async Task KilledInCanary_IsStartedAgainByTheServer_ReleaseEndsTheSame_NothingIsLost()
    {
        await using var project = await DrillProject.WithVisitorsAsync(place);
        var unbroken = await place.UnbrokenAsync();
        var release = await project.ReleaseAsync("v2");
        await project.InCanaryAsync(release, "v2");
        var killed = place.PostmasterPid;
        using (var postmaster = Process.GetProcessById(killed)) postmaster.Kill();

        await Eventually.Is("PostgreSQL runs again", () => File.Exists(place.PostmasterFile) && place.PostmasterPid != killed);
        await place.ReadyAsync();
        await project.PromotedAsync(release);

        place.Log.ShouldContain("The private PostgreSQL had died; it was started again");
        (await project.KindsAsync(release)).ShouldBe(unbroken);
        (await project.AnsweringAsync(20)).ShouldBe(["v2"]);
        var load = await project.VisitorsLeaveAsync();
        load.Faults.ShouldBeEmpty();
        await Eventually.Is($"all {load.Sent} requests are on the books", project.CountedAsync, counted => counted >= load.Sent);
    }
}
