using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Streams;

namespace ProdSprint.Architecture;

// One fault each. Genuine Orleans' compiler refuses this file, so that it is part of the build of the embedded engine only.

public sealed record Unmarked(int Number);

[GenerateSerializer, Immutable, Alias("faulty.NoId")]
public sealed record NoId([property: Id(0)] int Marked, int Forgotten);

[GenerateSerializer, Immutable, Alias("faulty.SameId")]
public sealed record SameId([property: Id(0)] int First, [property: Id(0)] int Second);

[GenerateSerializer, Alias("faulty.Changes")]
public sealed class Changes
{
    [Id(0)]
    public List<int> Numbers { get; set; } = [];
}

[GenerateSerializer]
public enum NoAlias
{
    One,
}

[GenerateSerializer, Immutable, Alias("faulty.Deep")]
public sealed record Deep([property: Id(0)] ImmutableArray<Hidden?> Inside);

public readonly record struct Hidden(string Text);

[GenerateSerializer, Immutable, Alias("faulty.Base")]
public abstract record Base;

public sealed record Derived(int Number) : Base;

[GenerateSerializer, Immutable, Alias("faulty.Sound")]
public sealed record Sound([property: Id(0)] string Text, [property: Id(1)] ImmutableArray<int> Numbers)
{
    public int Computed => Numbers.Length;
}

public sealed record Streamed(int Number);

public interface IUnnamed : IGrainWithStringKey
{
    Task Unmarked(Unmarked value);

    [Alias("Deep")]
    Task<Deep> Deep(NoId value, SameId same, Changes changes, NoAlias letter);

    [Alias("Deep")]
    ValueTask<Base?> Twin(Sound sound, int[] numbers);
}

public sealed class UntypedGrain([PersistentState("shared", "a")] IPersistentState<int> state) : Grain, IAsyncObserver<Streamed>
{
    public Task OnNextAsync(Streamed item, StreamSequenceToken? token = null) => Task.FromResult(state.State);

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}

[GrainType("twin")]
public sealed class FirstTwinGrain([PersistentState("shared", "b")] IPersistentState<int> state) : Grain
{
    public int Value => state.State;
}

[GrainType("twin")]
public sealed class SecondTwinGrain : Grain;
