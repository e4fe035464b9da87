namespace ProdSprint.Traffic.Tests;

/// <summary>What every router must do. Run against each implementation, with real processes, sockets and servers.</summary>
public abstract partial class RouterConformance(RouterHarness harness)
{
    protected RouterHarness Harness => harness;
    protected ITrafficRouter Router => harness.Router;
}

public sealed class InProcessRouterTests(InProcessRouter harness) : OwnRouterConformance(harness), IClassFixture<InProcessRouter>;

public sealed class ChildRouterTests(ChildRouter harness) : OwnRouterConformance(harness), IClassFixture<ChildRouter>;
