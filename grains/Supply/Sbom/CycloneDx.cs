using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>CycloneDX 1.6 as JSON. No serial number and no time: the same commit gives the same bytes.</summary>
public static class CycloneDx
{
    public static string Write(string project, string version, BillOfMaterials bill) => CanonicalJson.Write<JsonNode>(new JsonObject
    {
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["version"] = 1,
        ["metadata"] = new JsonObject { ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = Root, ["name"] = project, ["version"] = version } },
        ["components"] = new JsonArray([.. bill.Components.Select(Component)]),
        ["dependencies"] = new JsonArray([Dependency(Root, bill.Components.Where(c => c.Direct).Select(c => c.Purl)), .. bill.Components.Select(c => Dependency(c.Purl, c.DependsOn))]),
    });

    private const string Root = "root";

    private static JsonObject Component(Component c)
    {
        // CycloneDX keeps the part before the last slash (or Maven's group) apart.
        var at = c.Ecosystem == "Maven" ? c.Name.IndexOf(':') : c.Ecosystem is "npm" or "Packagist" ? c.Name.LastIndexOf('/') : -1;
        var json = new JsonObject { ["type"] = "library", ["bom-ref"] = Ref(c.Purl), ["name"] = c.Name[(at + 1)..], ["version"] = c.Version, ["purl"] = c.Purl, ["scope"] = c.Development ? "excluded" : "required" };
        if (at > 0) json["group"] = c.Name[..at];
        if (c.Licence is { } licence) json["licenses"] = new JsonArray(new JsonObject { ["expression"] = licence });
        json["properties"] = new JsonArray([.. c.Files.Select(f => new JsonObject { ["name"] = "prodsprint:lock-file", ["value"] = f })]);
        return json;
    }

    private static JsonObject Dependency(string of, IEnumerable<string> on) => new() { ["ref"] = Ref(of), ["dependsOn"] = new JsonArray([.. on.Select(d => JsonValue.Create(Ref(d)))]) };

    /// <summary>References are read by people and by tools that expect them without escapes.</summary>
    private static string Ref(string purl) => Uri.UnescapeDataString(purl);
}
