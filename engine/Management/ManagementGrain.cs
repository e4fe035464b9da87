namespace Orleans.Runtime;

/// <summary>Answers from the catalog of the one silo there is.</summary>
[GrainType("management")]
internal sealed class ManagementGrain : Grain, IManagementGrain
{
    public ManagementGrain()
    {
    }

    private Silo Silo => ((Activation)GrainContext).Silo;

    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        Task.FromResult(new Dictionary<SiloAddress, SiloStatus> { [Silo.Address] = Silo.Status });

    public Task<SiloRuntimeStatistics[]> GetRuntimeStatistics(SiloAddress[] hostsIds)
    {
        var activations = Silo.Catalog.Activations.ToArray();
        var recently = Environment.TickCount64 - (long)TimeSpan.FromMinutes(10).TotalMilliseconds;
        return Task.FromResult<SiloRuntimeStatistics[]>(
        [
            new SiloRuntimeStatistics
            {
                ActivationCount = activations.Length,
                RecentlyUsedActivationCount = activations.Count(a => a.LastUsed >= recently),
                ReceivedMessages = Silo.Catalog.CallsAnswered,
                SentMessages = Silo.Catalog.CallsAnswered,
                DateTime = Silo.Time.GetUtcNow().UtcDateTime,
            },
        ]);
    }

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() => Task.FromResult<SimpleGrainStatistic[]>(
    [
        .. Silo.Classes.All.Where(c => c.ActivationCount > 0).Select(c => new SimpleGrainStatistic
        {
            GrainType = c.Type.FullName!,
            SiloAddress = Silo.Address,
            ActivationCount = c.ActivationCount,
        }),
    ]);

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds) => GetSimpleGrainStatistics();

    public Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null) =>
        Task.FromResult<DetailedGrainStatistic[]>(
        [
            .. Silo.Catalog.Activations.Where(a => types is null || types.Contains(a.Class.Type.FullName)).Select(a => new DetailedGrainStatistic
            {
                GrainType = a.Class.Type.FullName!,
                SiloAddress = Silo.Address,
                GrainId = a.GrainId,
            }),
        ]);

    public Task<int> GetTotalActivationCount() => Task.FromResult(Silo.Classes.All.Sum(c => c.ActivationCount));

    public Task<int> GetGrainActivationCount(GrainReference grainReference) =>
        Task.FromResult(Silo.Catalog.Activations.Count(a => a.GrainId == grainReference.GrainId));

    public ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference) =>
        ValueTask.FromResult(Silo.Catalog.FindActive(reference.GetGrainId())?.Silo.Address);

    public ValueTask<List<GrainId>> GetActiveGrains(GrainType type) =>
        ValueTask.FromResult(Silo.Catalog.Activations.Where(a => a.Class.GrainType == type).Select(a => a.GrainId).ToList());

    public Task ForceActivationCollection(TimeSpan ageLimit)
    {
        Silo.Catalog.Collect(ageLimit);
        return Task.CompletedTask;
    }

    public Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit) => ForceActivationCollection(ageLimit);

    public Task ForceGarbageCollection(SiloAddress[] hostsIds)
    {
        GC.Collect();
        return Task.CompletedTask;
    }
}
