namespace ProdSprint.Bench;

/// <summary>One measured figure. <paramref name="Peer"/> is the counterpart's value from the same run, <paramref name="Ratio"/> ours over it.</summary>
public sealed record BenchRow(string Name, double Value, string Unit, double? Peer, double? Ratio, string Target, bool Holds, double[] Runs);
