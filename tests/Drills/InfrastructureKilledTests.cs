namespace ProdSprint.Drills;

/// <summary>
/// An environment's infrastructure is planned, approved, applied, put back after a drift and taken away, and the server is killed at what it writes on the way, before and
/// after each step that makes or removes something, and as Terraform starts. It has to get there unasked, and end as if nothing had happened.
/// </summary>
public sealed class InfrastructureKilledTests(GroundedInstallation place, ITestOutputHelper output) : IClassFixture<GroundedInstallation>
{
    /// <summary>There are 110 to 150 boundaries, the more the more often it dies; each of them once took 18 minutes, every sixth takes a few. Which they are changes a little from run to run, so many runs meet them all.</summary>
    private const int Stride = 6;

    [Fact]
    public async Task KilledAtEverySixthBoundary_EndsTheSame_EachResourceOnce()
    {
        if (place.Terraform is null) Assert.Skip("Neither tofu nor terraform is installed here.");
        var unbroken = await place.UnbrokenWalkAsync();
        var broken = await GroundWalk.RunAsync(place, n => n % Stride == 0 ? false : null);
        output.WriteLine($"{broken.Killed.Count} kills at {broken.Stood.Count} boundaries in {broken.Took.TotalSeconds:0} s; unbroken {unbroken.Stood.Count} in {unbroken.Took.TotalSeconds:0} s");
        foreach (var boundary in broken.Killed) output.WriteLine(boundary);

        broken.Killed.Count.ShouldBeGreaterThanOrEqualTo(unbroken.Stood.Count / Stride);
        broken.Books.ShouldBe(unbroken.Books);
    }
}
