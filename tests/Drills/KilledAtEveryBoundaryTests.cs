namespace ProdSprint.Drills;

/// <summary>
/// One release, and a kill -9 of the server at every single thing it writes down: its states, its facts, its jobs, what was seen of its traffic, the
/// net under it. It has to end as if nothing had happened, with nothing done twice, and visitors must not notice. An installation of its own: the other drills
/// need a server meanwhile.
/// </summary>
public sealed class KilledAtEveryBoundaryTests(Installation place, ITestOutputHelper output) : IClassFixture<Installation>
{
    [Fact]
    public async Task KilledBeforeEveryWriteAndInEveryEffect_ReleaseEndsTheSame_EachEffectOnce()
    {
        var broken = await WalkAsync(committed: false, inEffects: true);
        // The build that lost its server died with it and was made anew; a process that was just starting was found again.
        broken.Begun.ShouldBe(["build v2", "build v2", "start staging v2", "start production v2"]);
        broken.Killed.ShouldContain("build v2");
        broken.Killed.ShouldContain("start production v2");
    }

    [Fact]
    public async Task KilledAfterEveryWrite_ReleaseEndsTheSame_EachEffectOnce()
    {
        var broken = await WalkAsync(committed: true, inEffects: false);
        broken.Begun.ShouldBe(["build v2", "start staging v2", "start production v2"]);
    }

    private async Task<WalkResult> WalkAsync(bool committed, bool inEffects)
    {
        var unbroken = await place.UnbrokenReleaseAsync();
        var broken = await BoundaryWalk.RunAsync(place, committed, inEffects);
        output.WriteLine($"{broken.Killed.Count} kills in {broken.Took.TotalSeconds:0} s; unbroken {unbroken.Took.TotalSeconds:0} s");
        foreach (var boundary in broken.Killed) output.WriteLine(boundary);

        broken.Books.ShouldBe(unbroken.Books);
        // Everything to v2 twice: as the last step, and as the promotion.
        broken.Orders.Select(o => o.Split).ShouldBe(["v1=10000", "v1=8000 v2=2000", "v2=10000", "v2=10000"]);
        broken.Orders.Select(o => o.Revision).ShouldBe(broken.Orders.Select(o => o.Revision).Order());
        broken.Orders.Select(o => o.Revision).ShouldBeUnique();
        // Each machine's state and facts, each job from being asked for to being told, the traffic, the net: nothing was left out.
        foreach (var kind in (string[])["state project", "state release", "state traffic", "facts project", "facts release", "job release", "reminder release", "seen v2"])
            broken.Killed.ShouldContain(b => b.StartsWith(kind, StringComparison.Ordinal));
        return broken;
    }
}
