using System.Collections.Immutable;
using System.Globalization;
using ProdSprint.Gates;

namespace ProdSprint.Projects;

/// <summary>What one pass over a service's source text finds: variables it reads, where it listens, its health route, its tests.</summary>
public sealed class SourceScan
{
    private const int MostPlaces = 20;
    private readonly SortedDictionary<string, Variable> _variables = new(StringComparer.Ordinal);

    private sealed class Variable
    {
        public bool Strong, Optional;
        public string? Default;
        public List<SourceLocation> At { get; } = [];
    }

    public int TestFiles { get; private set; }

    /// <summary>Something listens for HTTP or TCP.</summary>
    public bool Listens { get; private set; }

    /// <summary>A port written into the code where it listens.</summary>
    public (int Number, SourceLocation At)? FixedPort { get; private set; }

    private readonly Dictionary<string, string> _mentions = new(StringComparer.Ordinal);

    private (int Rank, string Path, SourceLocation At)? _health;

    public Sourced? Health => _health is { } h ? new(h.Path, h.At.ToString()) : null;

    public bool Reads(string variable) => _variables.ContainsKey(variable);

    public int? DefaultOf(string variable) =>
        _variables.GetValueOrDefault(variable)?.Default is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;

    public SourceLocation? PlaceOf(string variable) => _variables.GetValueOrDefault(variable)?.At.FirstOrDefault();

    /// <summary>Where the text names another service by its address; null when it does not.</summary>
    public string? Mention(string service) => _mentions.GetValueOrDefault(ServiceLinks.Plain(service));

    public void Add(TreeEntry file, RepositoryFiles files)
    {
        // What ProdSprint wrote itself is no test of theirs.
        if (GeneratedTests.IsFile(file.Path)) return;
        if (SourcePatterns.IsTest(file.Path)) { TestFiles++; return; }
        if (SourcePatterns.For(file.Path) is not { } language || SourcePatterns.IsNoise(file) || files.Source(file) is not { } text) return;
        foreach (var found in SourcePatterns.Variables(text, language)) Note(found, file.Path, text);
        foreach (var (name, index, mention) in ServiceLinks.Mentions(text))
            if (_mentions.Count < 500 && ServiceLinks.Plain(name) is { Length: > 1 } plain && !_mentions.ContainsKey(plain)) _mentions[plain] = $"{At(file.Path, text, index)} {mention}";
        if (SourcePatterns.Listens(text, language)) Listens = true;
        if (SourcePatterns.FixedPort(text, language) is { } port)
        {
            Listens = true;
            FixedPort ??= (port.Number, At(file.Path, text, port.Index));
        }
        foreach (var (path, rank, index) in SourcePatterns.HealthRoutes(text))
            if (_health is null || rank < _health.Value.Rank) _health = (rank, path, At(file.Path, text, index));
    }

    public ImmutableArray<EnvironmentVariableAudit> Variables(IReadOnlySet<string> given) =>
    [
        .. _variables.Select(v =>
        {
            var secret = VariableNames.IsSecret(v.Key);
            var required = !VariableNames.IsPlatform(v.Key) && v.Value.Default is null && !v.Value.Optional && !given.Contains(v.Key) && (v.Value.Strong || secret);
            return new EnvironmentVariableAudit(v.Key, required, secret ? null : v.Value.Default, secret, [.. v.Value.At]);
        }),
    ];

    private void Note(FoundVariable found, string path, string text)
    {
        if (!_variables.TryGetValue(found.Name, out var variable))
        {
            if (_variables.Count >= 500) return;
            _variables[found.Name] = variable = new();
        }
        variable.Strong |= found.Strong;
        variable.Optional |= found.Optional;
        variable.Default ??= found.Default;
        if (variable.At.Count < MostPlaces) variable.At.Add(At(path, text, found.Index));
    }

    private static SourceLocation At(string path, string text, int index) => new(path, text.AsSpan(0, index).Count('\n') + 1);
}

/// <param name="Strong">The code fails at once without it.</param>
/// <param name="Optional">The code looks whether it is there.</param>
public readonly record struct FoundVariable(string Name, int Index, string? Default, bool Strong, bool Optional);
