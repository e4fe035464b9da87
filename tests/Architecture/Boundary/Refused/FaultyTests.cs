namespace ProdSprint.Architecture;

/// <summary>The checker finds each fault and nothing else.</summary>
public sealed class FaultyTests
{
    [Fact]
    public void Check_FaultyTypes_EachFaultIsNamed() => BoundaryChecker.Check(
    [
        typeof(Unmarked), typeof(NoId), typeof(SameId), typeof(Changes), typeof(NoAlias), typeof(Deep), typeof(Hidden), typeof(Base), typeof(Derived), typeof(Sound),
        typeof(Streamed), typeof(IUnnamed), typeof(UntypedGrain), typeof(FirstTwinGrain), typeof(SecondTwinGrain),
    ]).ShouldBe(
    [
        "Changes has no [Immutable]",
        "Changes.Numbers can be set after it was sent",
        "Changes.Numbers carries List`1, which can change on its way: take an immutable collection",
        "Derived has no [Alias]",
        "Derived has no [GenerateSerializer] (carried by Base, its base)",
        "Derived has no [Immutable]",
        "Derived.Number has no [Id]",
        "Hidden has no [Alias]",
        "Hidden has no [GenerateSerializer] (carried by Deep.Inside)",
        "Hidden has no [Immutable]",
        "Hidden.Text has no [Id]",
        "IUnnamed has no [Alias]",
        "IUnnamed.Twin carries Int32[], which can change on its way: take an immutable collection",
        "IUnnamed.Unmarked has no [Alias]",
        "NoAlias has no [Alias]",
        "NoId.Forgotten has no [Id]",
        "Streamed has no [Alias]",
        "Streamed has no [GenerateSerializer] (carried by stream of Streamed)",
        "Streamed has no [Immutable]",
        "Streamed.Number has no [Id]",
        "Unmarked has no [Alias]",
        "Unmarked has no [GenerateSerializer] (carried by IUnnamed.Unmarked)",
        "Unmarked has no [Immutable]",
        "Unmarked.Number has no [Id]",
        "UntypedGrain has no [GrainType]",
        "alias within IUnnamed Deep is used twice: Deep, Twin",
        "grain type twin is used twice: FirstTwinGrain, SecondTwinGrain",
        "id within SameId 0 is used twice: First, Second",
        "state name shared is used twice: FirstTwinGrain.state, UntypedGrain.state",
    ]);
}
