using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>What the workspace may use, and what it does.</summary>
public static class QuotasCommand
{
    public static Command Create() => new Command("quotas", "The workspace's limits, and what of them is used").Runs(async (run, cancellation) =>
    {
        var page = await run.Api.Get("/v1/quotas", cancellation);
        foreach (var quota in page["items"]!.AsArray())
            run.Line($"{quota!["name"],-18} {Number(quota["used"]),16} of {Number(quota["limit"]),16} {quota["unit"],-9} {quota["over"]}");
        return page;
    });

    private static string Number(JsonNode? value) => ((long)value!).ToString("#,0", System.Globalization.CultureInfo.InvariantCulture);
}
