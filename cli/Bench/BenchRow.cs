using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Bench;

/// <summary>One measured figure. <paramref name="Peer"/> is the counterpart's value from the same run, <paramref name="Ratio"/> ours over it.</summary>
public sealed record BenchRow(string Name, double Value, string Unit, double? Peer, double? Ratio, string Target, bool Holds, double[] Runs)
{
    /// <summary>Every row has every field, also a null one: whoever reads a column need not ask whether it is there.</summary>
    public static JsonArray Write(IReadOnlyList<BenchRow> rows) => (JsonArray)JsonSerializer.SerializeToNode(rows.Select(r => r with { Peer = Finite(r.Peer), Ratio = Finite(r.Ratio) }), JsonSerializerOptions.Web)!;

    /// <summary>A peer that did nothing makes no ratio.</summary>
    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
