using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ProdSprint.Plans.Blueprints.Costs;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints;

/// <summary>Files that belong together, by path relative to the repository's root. The same files have the same digest; what is kept under it never changes.</summary>
public sealed record FileBundle(ImmutableSortedDictionary<string, string> Files)
{
    /// <summary>What is to be changed in prodsprint.yml, where there is such a file; null: nothing. Whoever writes a branch has the file, whoever asks for it has not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ImmutableArray<LimitsChange>? Limits { get; init; }

    public static FileBundle Of(IEnumerable<(string Path, string Text)> files) =>
        new(files.ToImmutableSortedDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal));

    /// <summary>As it is stored and digested.</summary>
    public string Json() => CanonicalJson.Write(this);

    public static FileBundle Read(string json)
    {
        var bundle = CanonicalJson.Read<FileBundle>(json);
        return bundle with { Files = bundle.Files.WithComparers(StringComparer.Ordinal) };
    }
}
