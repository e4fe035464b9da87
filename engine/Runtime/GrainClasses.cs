using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;

namespace Orleans.Runtime;

/// <summary>The grain classes of the process, and which of them answers for an interface.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<GrainType, GrainClass> _byName = [];
    private readonly Dictionary<Type, List<GrainClass>> _byInterface = [];

    public GrainClasses(IServiceProvider services)
    {
        foreach (var type in services.GetRequiredService<IOptions<GrainTypeOptions>>().Value.Classes)
        {
            var grainClass = new GrainClass(type, services);
            if (!_byName.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"Grain classes {_byName[grainClass.GrainType].Type} and {type} have the same grain type \"{grainClass.GrainType}\". Give each its own [GrainType].");
            }

            foreach (var contract in grainClass.Interfaces)
            {
                (_byInterface.TryGetValue(contract, out var list) ? list : _byInterface[contract] = []).Add(grainClass);
            }
        }
    }

    public IEnumerable<GrainClass> All => _byName.Values;

    public GrainClass Get(GrainType type) => _byName.TryGetValue(type, out var grainClass)
        ? grainClass
        : throw new ArgumentException($"Could not find an implementation for grain type \"{type}\".");

    public bool TryGet(GrainType type, out GrainClass? grainClass) => _byName.TryGetValue(type, out grainClass);

    public GrainType Resolve(Type contract, string? prefix)
    {
        if (!_byInterface.TryGetValue(contract, out var candidates))
        {
            throw new ArgumentException($"Could not find an implementation for interface {contract.FullName}");
        }

        if (!string.IsNullOrEmpty(prefix))
        {
            var named = candidates.Where(c => c.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal)
                || c.GrainType.ToString().StartsWith(prefix, StringComparison.Ordinal)).ToList();
            return named is [var only] ? only.GrainType : throw new ArgumentException(
                $"{named.Count} implementations of {contract.FullName} start with \"{prefix}\".");
        }

        if (candidates is [var single])
        {
            return single.GrainType;
        }

        if (contract.GetCustomAttribute<DefaultGrainTypeAttribute>() is { } chosen)
        {
            return GrainType.Create(chosen.GrainType);
        }

        return candidates.FirstOrDefault(c => "I" + c.Type.Name == contract.Name)?.GrainType ?? throw new ArgumentException(
            $"Unable to identify a single appropriate grain type for interface {contract.FullName}. Candidates: {string.Join(", ", candidates.Select(c => c.GrainType))}");
    }
}
