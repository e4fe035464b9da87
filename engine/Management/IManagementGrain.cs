namespace Orleans.Runtime;

/// <summary>What runs where: <c>GetGrain&lt;IManagementGrain&gt;(0)</c>.</summary>
[Alias("Orleans.Runtime.IManagementGrain")]
public interface IManagementGrain : IGrainWithIntegerKey
{
    [Alias("GetHosts")]
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);

    [Alias("GetRuntimeStatistics")]
    Task<SiloRuntimeStatistics[]> GetRuntimeStatistics(SiloAddress[] hostsIds);

    [Alias("GetSimpleGrainStatistics")]
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    [Alias("GetSimpleGrainStatistics1")]
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds);

    [Alias("GetDetailedGrainStatistics")]
    Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null);

    [Alias("GetTotalActivationCount")]
    Task<int> GetTotalActivationCount();

    [Alias("GetGrainActivationCount")]
    Task<int> GetGrainActivationCount(GrainReference grainReference);

    [Alias("GetActivationAddress")]
    ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference);

    [Alias("GetActiveGrains")]
    ValueTask<List<GrainId>> GetActiveGrains(GrainType type);

    [Alias("ForceActivationCollection")]
    Task ForceActivationCollection(TimeSpan ageLimit);

    [Alias("ForceActivationCollection1")]
    Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit);

    [Alias("ForceGarbageCollection")]
    Task ForceGarbageCollection(SiloAddress[] hostsIds);
}

[GenerateSerializer, Immutable]
public sealed class SimpleGrainStatistic
{
    /// <summary>The full name of the grain class.</summary>
    [Id(0)]
    public string GrainType { get; init; } = "";

    [Id(1)]
    public SiloAddress SiloAddress { get; init; } = SiloAddress.Zero;

    [Id(2)]
    public int ActivationCount { get; init; }

    public override string ToString() => $"SimpleGrainStatistic: GrainType={GrainType} Silo={SiloAddress} NumActivations={ActivationCount}";
}

[GenerateSerializer, Immutable]
public sealed class DetailedGrainStatistic
{
    [Id(0)]
    public string GrainType { get; init; } = "";

    [Id(1)]
    public SiloAddress SiloAddress { get; init; } = SiloAddress.Zero;

    [Id(2)]
    public GrainId GrainId { get; init; }
}

[GenerateSerializer, Immutable]
public sealed class SiloRuntimeStatistics
{
    internal SiloRuntimeStatistics()
    {
    }

    [Id(0)]
    public int ActivationCount { get; internal init; }

    [Id(1)]
    public int RecentlyUsedActivationCount { get; internal init; }

    [Id(6)]
    public bool IsOverloaded { get; internal init; }

    [Id(7)]
    public long ClientCount { get; internal init; }

    [Id(8)]
    public long ReceivedMessages { get; internal init; }

    [Id(9)]
    public long SentMessages { get; internal init; }

    [Id(10)]
    public DateTime DateTime { get; internal init; }
}
