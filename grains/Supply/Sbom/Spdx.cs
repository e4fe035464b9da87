using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Supply;

/// <summary>SPDX 2.3 as JSON. The creation time it demands is the commit's.</summary>
public static class Spdx
{
    /// <param name="at">When the commit was made, UTC.</param>
    public static string Write(string project, string version, BillOfMaterials bill, DateTimeOffset at)
    {
        var ids = bill.Components.Select((c, i) => (c.Purl, Id: $"SPDXRef-Package-{i + 1}")).ToDictionary(x => x.Purl, x => x.Id, StringComparer.Ordinal);
        return CanonicalJson.Write<JsonNode>(new JsonObject
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = "SPDXRef-DOCUMENT",
            ["name"] = project,
            ["documentNamespace"] = $"https://prodsprint.dev/spdx/{project}/{CanonicalJson.Digest(bill)[7..]}",
            ["creationInfo"] = new JsonObject { ["created"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), ["creators"] = new JsonArray("Tool: ProdSprint") },
            ["packages"] = new JsonArray([Package("SPDXRef-Root", project, version, null, null), .. bill.Components.Select(c => Package(ids[c.Purl], c.Name, c.Version, c.Purl, c.Licence))]),
            ["relationships"] = new JsonArray(
            [
                Relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Root"),
                .. bill.Components.Where(c => c.Direct).Select(c => Relation("SPDXRef-Root", "DEPENDS_ON", ids[c.Purl])),
                .. bill.Components.SelectMany(c => c.DependsOn.Where(ids.ContainsKey).Select(d => Relation(ids[c.Purl], "DEPENDS_ON", ids[d]))),
            ]),
        });
    }

    private static JsonObject Package(string id, string name, string version, string? purl, string? licence)
    {
        var json = new JsonObject
        {
            ["SPDXID"] = id, ["name"] = name, ["versionInfo"] = version, ["downloadLocation"] = "NOASSERTION", ["filesAnalyzed"] = false,
            ["licenseDeclared"] = licence ?? "NOASSERTION", ["licenseConcluded"] = "NOASSERTION", ["copyrightText"] = "NOASSERTION",
        };
        if (purl is not null)
            json["externalRefs"] = new JsonArray(new JsonObject { ["referenceCategory"] = "PACKAGE-MANAGER", ["referenceType"] = "purl", ["referenceLocator"] = purl });
        return json;
    }

    private static JsonObject Relation(string from, string kind, string to) => new() { ["spdxElementId"] = from, ["relationshipType"] = kind, ["relatedSpdxElement"] = to };
}
