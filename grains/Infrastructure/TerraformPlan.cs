using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Projects;

namespace ProdSprint.Infrastructure;

/// <summary>Reads what <c>terraform show -json PLAN</c> says, and holds one plan against another.</summary>
public static class TerraformPlan
{
    /// <param name="json">Format 1.x.</param>
    /// <param name="found">By address: what was found otherwise than it was applied. Those are repaired, which Terraform knows as a replacement that was asked for.</param>
    /// <exception cref="JsonException">It is no plan.</exception>
    public static ImmutableArray<InfrastructureChange> Changes(string json, IReadOnlyDictionary<string, string> found)
    {
        var root = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("A plan is an object.");
        if (root["format_version"]?.ToString().Split('.')[0] != "1") throw new JsonException($"A plan of format {root["format_version"]} is not one we can read.");
        var changes = ImmutableArray.CreateBuilder<InfrastructureChange>();
        foreach (var resource in root["resource_changes"]?.AsArray() ?? [])
        {
            var address = (string)resource!["address"]!;
            var change = resource["change"]!;
            var actions = string.Join('+', change["actions"]!.AsArray().Select(a => (string)a!));
            if (actions is "no-op" or "read") continue;
            var reason = (string?)resource["action_reason"];
            var why = found.GetValueOrDefault(address);
            changes.Add(new(address, Action(actions, reason, why), Input(change["before"]), Input(change["after"]), reason == "replace_because_tainted" ? "its last change did not end" : why));
        }
        return [.. changes.OrderBy(c => c.Address, StringComparer.Ordinal)];
    }

    /// <summary>Null: every change is one that was allowed. What an apply that broke off left half done is the same change again.</summary>
    public static InfrastructureChange? Beyond(ImmutableArray<InfrastructureChange> changes, ImmutableArray<InfrastructureChange> allowed) =>
        changes.FirstOrDefault(c => !allowed.Any(a => a.Address == c.Address && a.After == c.After && (a.Action == c.Action && a.Before == c.Before || Again(c, a))));

    /// <summary>Over all that an approver answers for.</summary>
    public static string Digest(InfrastructurePlan plan) => CanonicalJson.Digest(plan with { Digest = "" });

    private static bool Again(InfrastructureChange c, InfrastructureChange approved) =>
        c.Action == InfrastructureAction.Repair && approved.Action is InfrastructureAction.Create or InfrastructureAction.Replace or InfrastructureAction.Update or InfrastructureAction.Repair;

    private static InfrastructureAction Action(string actions, string? reason, string? found) => actions switch
    {
        "create" => InfrastructureAction.Create,
        "update" => InfrastructureAction.Update,
        "delete" => InfrastructureAction.Delete,
        "delete+create" or "create+delete" when reason == "replace_because_tainted" || reason == "replace_by_request" && found is not null => InfrastructureAction.Repair,
        "delete+create" or "create+delete" => InfrastructureAction.Replace,
        _ => throw new JsonException($"'{actions}' is not an action we know."),
    };

    private static string? Input(JsonNode? side) => side?["input"] is { } input ? Encoding.UTF8.GetString(CanonicalJson.Canonical(input)) : side is null ? null : "{}";
}
