using System.Text.RegularExpressions;
using ProdSprint.Plans.Blueprints;

namespace ProdSprint.Tests.Plans.Blueprints;

/// <summary>One folder of Terraform files, read as Terraform reads it: what it declares, what it refers to, and what does not fit together.</summary>
internal sealed partial class TerraformFolder
{
    private readonly Dictionary<string, TerraformFolder> _modules = [];

    public required string Path { get; init; }

    public required IReadOnlyList<HclBlock> Blocks { get; init; }

    public static TerraformFolder Read(FileBundle bundle, string folder)
    {
        var blocks = bundle.Files.Where(f => f.Key.StartsWith(folder + "/", StringComparison.Ordinal) && !f.Key[(folder.Length + 1)..].Contains('/') && f.Key.EndsWith(".tf", StringComparison.Ordinal))
            .SelectMany(f => HclReader.Read(f.Key, f.Value).Blocks).ToList();
        blocks.ShouldNotBeEmpty($"no Terraform in {folder}");
        var read = new TerraformFolder { Path = folder, Blocks = blocks };
        foreach (var call in read.Of("module"))
            read._modules[call.Labels[0]] = Read(bundle, Normal($"{folder}/{call.Attributes["source"].Trim('"')}"));
        return read;
    }

    public IEnumerable<string> Faults(ProviderSchema schema) =>
        Blocks.Where(b => b.Kind is "resource" or "data").SelectMany(schema.Faults)
            .Concat(Of("module").SelectMany(Calls))
            .Concat(Blocks.SelectMany(b => b.Expressions).SelectMany(References))
            .Concat(_modules.Values.SelectMany(m => m.Faults(schema)));

    private IEnumerable<HclBlock> Of(string kind) => Blocks.Where(b => b.Kind == kind);

    private IEnumerable<string> Calls(HclBlock call)
    {
        var declared = _modules[call.Labels[0]].Of("variable").ToDictionary(v => v.Labels[0], v => v.Attributes.ContainsKey("default"));
        string[] meta = ["source", "for_each", "count", "providers", "depends_on"];
        foreach (var given in call.Attributes.Keys.Except(meta))
            if (!declared.ContainsKey(given)) yield return $"{call}: the module has no variable {given}";
        foreach (var (name, optional) in declared)
            if (!optional && !call.Attributes.ContainsKey(name)) yield return $"{call}: {name} is not given";
    }

    private IEnumerable<string> References(string expression)
    {
        foreach (Match m in Variable().Matches(expression))
            if (Of("variable").All(v => v.Labels[0] != m.Groups[1].Value)) yield return $"{Path}: {m.Value} is not declared";
        foreach (Match m in Local().Matches(expression))
            if (!Of("locals").Any(l => l.Attributes.ContainsKey(m.Groups[1].Value))) yield return $"{Path}: {m.Value} is not set";
        foreach (Match m in Module().Matches(expression))
            if (!_modules.TryGetValue(m.Groups[1].Value, out var module) || module.Of("output").All(o => o.Labels[0] != m.Groups[2].Value)) yield return $"{Path}: {m.Value} is no output of it";
        foreach (Match m in Data().Matches(expression))
            if (Of("data").All(d => d.Labels[0] != m.Groups[1].Value || d.Labels[1] != m.Groups[2].Value)) yield return $"{Path}: {m.Value} is not there";
        foreach (Match m in Resource().Matches(expression))
            if (Of("resource").All(d => d.Labels[0] != m.Groups[1].Value || d.Labels[1] != m.Groups[2].Value)) yield return $"{Path}: {m.Value} is not there";
    }

    private static string Normal(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
            if (part == "..") parts.RemoveAt(parts.Count - 1);
            else if (part != ".") parts.Add(part);
        return string.Join('/', parts);
    }

    [GeneratedRegex(@"\bvar\.(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\blocal\.(\w+)")]
    private static partial Regex Local();

    [GeneratedRegex(@"\bmodule\.(\w+)\.(\w+)")]
    private static partial Regex Module();

    [GeneratedRegex(@"\bdata\.(aws_\w+)\.(\w+)")]
    private static partial Regex Data();

    [GeneratedRegex(@"(?<![\w.])(aws_[a-z0-9_]+)\.(\w+)")]
    private static partial Regex Resource();
}
