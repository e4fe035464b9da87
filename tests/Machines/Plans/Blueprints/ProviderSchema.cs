using System.Text.Json;
using System.Text.Json.Serialization;
using ProdSprint.Releases;

namespace ProdSprint.Tests.Plans.Blueprints;

/// <summary>What the provider accepts, for the kinds of resources we write: an extract of its schema, made from its published bindings of the version it names.</summary>
internal sealed record ProviderSchema(string Provider, string Version, Dictionary<string, ProviderSchema.Kind> Resources, Dictionary<string, ProviderSchema.Kind> Data)
{
    public sealed record Kind(Dictionary<string, string> Attributes, Dictionary<string, Kind> Blocks, bool Required = false, bool Many = false, bool Opaque = false, string[]? Computed = null);

    private static readonly string[] Meta = ["for_each", "count", "provider", "depends_on"];
    private static readonly string[] MetaBlocks = ["lifecycle", "timeouts"];

    public static ProviderSchema Aws { get; } = JsonSerializer.Deserialize<ProviderSchema>(
        File.ReadAllText(Path.Combine(JudgeCases.Folder, "terraform-aws-schema.json")), new JsonSerializerOptions(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow })!;

    /// <summary>What is wrong with a resource or data block; empty when it would be accepted.</summary>
    public IEnumerable<string> Faults(HclBlock block)
    {
        var kinds = block.Kind == "data" ? Data : Resources;
        if (!kinds.TryGetValue(block.Labels[0], out var kind)) return [$"{block}: the extract has no {block.Labels[0]}"];
        return Faults(block, kind, block.ToString(), top: true);
    }

    private static IEnumerable<string> Faults(HclBlock block, Kind kind, string at, bool top)
    {
        if (kind.Opaque) yield break; // the bindings say no more of it than that it is there
        foreach (var name in block.Attributes.Keys)
            if (!kind.Attributes.ContainsKey(name) && !(top && Meta.Contains(name))) yield return $"{at}: no argument {name}";
        foreach (var (name, need) in kind.Attributes)
            if (need == "required" && !block.Attributes.ContainsKey(name)) yield return $"{at}: {name} is required";
        var inner = block.Blocks.Select(b => b.Kind == "dynamic" ? b.Blocks.Single(c => c.Kind == "content") with { Kind = b.Labels[0] } : b).ToList();
        foreach (var nested in inner)
            if (kind.Blocks.TryGetValue(nested.Kind, out var known))
                foreach (var fault in Faults(nested, known, $"{at}/{nested.Kind}", top: false)) yield return fault;
            else if (!(top && MetaBlocks.Contains(nested.Kind))) yield return $"{at}: no block {nested.Kind}";
        foreach (var (name, nested) in kind.Blocks)
            if (nested.Required && inner.All(b => b.Kind != name)) yield return $"{at}: block {name} is required";
    }
}
