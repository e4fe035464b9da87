using System.Collections.Immutable;

namespace ProdSprint.Projects;

/// <summary>Collects gaps during one audit; bounded per code, so that a hostile tree cannot make the report grow without end.</summary>
public sealed class GapList
{
    public const int MostPerCode = 50;

    private readonly List<Gap> _gaps = [];
    private readonly Dictionary<string, int> _perCode = [];

    public void Add(string code, GapSeverity severity, string title, string why, string remediation, SourceLocation? at = null, string? service = null)
    {
        var seen = _perCode[code] = _perCode.GetValueOrDefault(code) + 1;
        if (seen <= MostPerCode) _gaps.Add(new(code, severity, title, why, remediation, at, service));
    }

    public ImmutableArray<Gap> Sorted()
    {
        foreach (var (code, count) in _perCode.Where(c => c.Value > MostPerCode))
        {
            var first = _gaps.First(g => g.Code == code);
            _gaps.Add(first with { Title = $"… and {count - MostPerCode} more of this kind", At = null, Service = null });
        }
        return
        [
            .. _gaps.Distinct()
                .OrderByDescending(g => g.Severity)
                .ThenBy(g => g.Code, StringComparer.Ordinal)
                .ThenBy(g => g.Service, StringComparer.Ordinal)
                .ThenBy(g => g.At?.Path, StringComparer.Ordinal)
                .ThenBy(g => g.At?.Line)
                .ThenBy(g => g.At?.Column)
                .ThenBy(g => g.Title, StringComparer.Ordinal),
        ];
    }
}
