using System.Text.Json.Nodes;
using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Demo;

/// <summary>How the demo talks: on stderr, and not at all with --json.</summary>
internal sealed class DemoStages(bool quiet)
{
    public void Title(string text)
    {
        if (!quiet) Screen.Say($"\n{Screen.Bold(text)}");
    }

    public void Say(string stage, string text)
    {
        if (!quiet) Screen.Say($"  {Screen.Accent($"{stage,-9}")} {text}");
    }

    public void Outcome(JsonNode release)
    {
        if (quiet) return;
        var outcome = release["outcome"]!.ToString();
        var good = outcome is "promoted" or "fastPromoted";
        Screen.Say($"  {(good ? Screen.Good("✓ " + outcome) : Screen.Bad("↩ " + outcome))}  {release["message"]}");
        if (release["judgement"]?["metrics"] is not JsonArray metrics) return;
        foreach (var m in metrics) Screen.Say($"    {Screen.Dim(m!["text"]?.ToString() ?? "")}");
        if (release["verdictToStableMs"] is { } ms) Screen.Say($"    verdict → all new requests on the stable version: {ms} ms");
    }

    public void Timeline(JsonArray rows)
    {
        if (quiet) return;
        Title("Timeline");
        foreach (var row in rows) Screen.Say("  " + TimelineCommand.Text(row!));
    }
}
