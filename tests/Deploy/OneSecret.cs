using ProdSprint.Deploy;
using ProdSprint.Plans;

namespace ProdSprint.Tests.Deploy;

/// <summary>Every service is given TOKEN, which nobody is shown.</summary>
internal sealed class OneSecret : IVariableSource, IHiddenValues
{
    public const string Value = "s3cret-of-a-test";

    public Task<IReadOnlyDictionary<string, string>> GetAsync(InstanceKey key, ServicePlan service, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["TOKEN"] = Value });

    public Task<IReadOnlyList<HiddenValue>> ReadAsync(InstanceKey key, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<HiddenValue>>([new("TOKEN", Value)]);
}
