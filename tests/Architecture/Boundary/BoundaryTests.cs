namespace ProdSprint.Architecture;

/// <summary>The product's grains keep the rules that genuine Orleans would enforce, so that the same source runs on both engines.</summary>
public sealed class BoundaryTests
{
    private static readonly Type[] Product =
    [
        .. typeof(Kernel.Actor).Assembly.GetTypes(), .. typeof(Kernel.IMachineSink).Assembly.GetTypes(), .. typeof(Data.Database).Assembly.GetTypes(),
    ];

    [Fact]
    public void Grains_CrossTheirBoundaries_AsGenuineOrleansDemands() => BoundaryChecker.Check(Product).ShouldBeEmpty();

    [Fact]
    public void Check_SeesTheProduct()
    {
        // Nothing found must not mean nothing looked at.
        BoundaryChecker.GrainClassesOf(Product).ShouldContain(typeof(Releases.ReleaseGrain));
        BoundaryChecker.GrainInterfacesOf(Product).ShouldContain(typeof(Releases.IReleaseGrain));
        BoundaryChecker.GrainInterfacesOf(Product).ShouldContain(typeof(Jobs.IJobOwner));
    }

    [Fact]
    public void Commands_ThatAreNoContract_CanBeSentByNobodyOutside()
    {
        var contracts = typeof(Kernel.Actor).Assembly;
        var own = typeof(Kernel.IMachineSink).Assembly.GetTypes().Where(t => t.BaseType is { IsAbstract: true } b && b.Assembly == contracts && b.Name.EndsWith("Command", StringComparison.Ordinal)).ToList();
        own.ShouldNotBeEmpty();
        own.Where(t => t.IsVisible).ShouldBeEmpty();
    }
}
