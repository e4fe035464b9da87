using ProdSprint.Kernel;
using ProdSprint.Plans;

namespace ProdSprint.Drills;

/// <summary>What a walk has shown.</summary>
/// <param name="Killed">The boundaries at which the server was killed, in order; none for an unbroken run.</param>
/// <param name="Books">What is written down in the end.</param>
/// <param name="Begun">Builds and processes, as they said themselves.</param>
/// <param name="Orders">What the router had in force, in order.</param>
internal sealed record WalkResult(
    IReadOnlyList<string> Killed, IReadOnlyList<string> Books, IReadOnlyList<string> Begun, IReadOnlyList<(long Revision, string Split)> Orders, TimeSpan Took);

/// <summary>Takes v2 of the brief application from the order to its very end: promoted, and the version before it stopped.</summary>
internal sealed class BoundaryWalk(Installation place, DrillProject project, OrdersSeen orders)
{
    private const int Release = 2;
    private int _asked, _byCanary;

    /// <param name="kill">Null: nowhere. Else at every boundary once; true: right after its commit, false: right before.</param>
    /// <param name="inEffects">Also in the middle of the build and of each start.</param>
    public static async Task<WalkResult> RunAsync(Installation place, bool? kill, bool inEffects = false)
    {
        await using var project = await DrillProject.WithVisitorsAsync(place, DrillApp.Brief);
        var plan = await project.ApprovedPlanAsync("v2");
        var begun = place.Witness.Begun.Count;
        await using var boundaries = await Boundaries.OfAsync(place, project.Name);
        await using var orders = new OrdersSeen(place, project.Name);
        if (inEffects) place.Witness.Hold(what => !boundaries.HasPassed(what));
        var walk = new BoundaryWalk(place, project, orders);
        var kills = new Kills(place, boundaries, _ => kill, walk.HoldsAsync);
        TimeSpan took;
        try
        {
            took = await walk.WalkAsync(plan, kills);
        }
        finally
        {
            place.Witness.Hold(_ => false);
        }

        (await project.AnsweringAsync(20)).ShouldBe(["v2"]);
        var load = await project.VisitorsLeaveAsync();
        load.Faults.ShouldBeEmpty();
        load.Errors.ShouldBe(0);
        var sent = load.Sent + project.Asked;
        // Every request once: what the server had fetched and not yet written down when it died comes again, and is not counted twice.
        (await Eventually.Is($"all {sent} requests are on the books", project.CountedAsync, counted => counted >= sent)).ShouldBe(sent);
        return new(kills.Killed, await Books.OfAsync(place, project.Name), [.. place.Witness.Begun.Skip(begun)], orders.Seen, took);
    }

    private async Task<TimeSpan> WalkAsync(int plan, Kills kills)
    {
        var from = System.Diagnostics.Stopwatch.StartNew();
        await kills.UntilAsync(new(() => project.Post("/releases", new { plan }), OrderedAsync, OverAsync), project.Name);
        await place.ReadyAsync();
        // 20 % of some hundred requests, asked while no server was there: five standard deviations on either side.
        if (_asked > 0) _byCanary.ShouldBeInRange((int)(0.2 * _asked - 2 * Math.Sqrt(_asked)), (int)(0.2 * _asked + 2 * Math.Sqrt(_asked)));
        return from.Elapsed;
    }

    /// <summary>Nobody is there to give orders, so the last ones hold.</summary>
    private async Task HoldsAsync(string boundary)
    {
        var weights = orders.InForce();
        var answers = new List<string>();
        for (var n = 0; n < 40; n++) answers.Add(await project.AnswerAsync());
        answers.Distinct().Where(v => weights[v] == 0).ShouldBeEmpty($"{boundary}: {string.Join(' ', weights)}");
        if (weights.GetValueOrDefault("v2") == 2000) (_asked, _byCanary) = (_asked + answers.Count, _byCanary + answers.Count(v => v == "v2"));
    }

    /// <summary>When the release is over and nothing of it is left to do.</summary>
    private Task<bool> OverAsync() => place.AskDatabaseAsync<bool>(
        """
        SELECT EXISTS (SELECT FROM prodsprint.timeline WHERE project = $1 AND kind = 'release.former-stopped')
          AND NOT EXISTS (SELECT FROM prodsprint.job WHERE project = $1 AND (state < 2 OR NOT told))
        """, project.Name);

    /// <summary>Whether the project knows of it.</summary>
    private Task<bool> OrderedAsync() => place.AskDatabaseAsync<bool>(
        "SELECT position($1 IN convert_from(payloadbinary, 'UTF8')) > 0 FROM orleans.orleansstorage WHERE grainidextensionstring = $2",
        $"release/default/{project.Name}/{Release}", $"project/default/{project.Name}");
}
