using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary><c>/scim/v2/Groups</c>. Who comes into a group or leaves it is at once what the connection says of the group.</summary>
public static class ScimGroupsApi
{
    private const int Longest = 255;
    private const int MostMembers = 10_000;

    private static readonly Dictionary<string, string> Columns = new()
    {
        ["displayname"] = "lower(g.display_name) = lower({0})", ["externalid"] = "g.external_id = {0}", ["id"] = "g.id::text = lower({0})", ["members.value"] = "lower({0}) = ANY (g.members::text[])",
    };

    public static void MapScimGroups(this IEndpointRouteBuilder scim)
    {
        scim.MapGet("Groups", List);
        scim.MapPost("Groups", Add);
        scim.MapGet("Groups/{id}", Get);
        scim.MapPut("Groups/{id}", Replace);
        scim.MapPatch("Groups/{id}", Patch);
        scim.MapDelete("Groups/{id}", Remove);
    }

    private static async Task<IResult> List(string? filter, string? startIndex, string? count, HttpContext http, ScimDirectory directory)
    {
        var (skip, take) = ScimPaging.Read(startIndex, count);
        var (groups, total) = await directory.GroupsAsync(ScimGate.Of(http), ScimFilter.Parse(filter, Columns), skip, take, http.RequestAborted);
        var asked = ScimAttributes.Of(http);
        return ScimAnswers.Json(ScimAnswers.List(groups.Select(g => asked.Shown(ScimAnswers.Of(g, SignInAddresses.Of(http)))), total, skip + 1));
    }

    private static async Task<IResult> Get(string id, HttpContext http, ScimDirectory directory) =>
        ScimAnswers.Resource(http, ScimAnswers.Of(await Find(id, http, directory), SignInAddresses.Of(http)));

    private static async Task<IResult> Add(HttpContext http, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var of = ScimGate.Of(http);
        var (name, external, members) = Read(await ScimGate.BodyAsync(http));
        var id = Guid.CreateVersion7();
        await directory.AddAsync(of, new ScimGroup(id, name, external, members, 1, default, default), http.RequestAborted);
        await provisioning.ApplyAsync(http, of, members, http.RequestAborted);
        return ScimAnswers.Resource(http, ScimAnswers.Of(await Find(id.ToString(), http, directory), SignInAddresses.Of(http)), StatusCodes.Status201Created);
    }

    private static async Task<IResult> Replace(string id, HttpContext http, ScimDirectory directory, ScimProvisioning provisioning) =>
        await Change(http, await Find(id, http, directory), await ScimGate.BodyAsync(http), directory, provisioning);

    private static async Task<IResult> Patch(string id, HttpContext http, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var group = await Find(id, http, directory);
        var body = ScimAnswers.Of(group, SignInAddresses.Of(http));
        ScimPatch.Apply(body, await ScimGate.BodyAsync(http));
        return await Change(http, group, body, directory, provisioning);
    }

    private static async Task<IResult> Remove(string id, HttpContext http, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var of = ScimGate.Of(http);
        var group = await Find(id, http, directory);
        await directory.RemoveGroupAsync(of, group.Id, http.RequestAborted);
        await provisioning.ApplyAsync(http, of, group.Members, http.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Change(HttpContext http, ScimGroup group, JsonObject body, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var of = ScimGate.Of(http);
        ScimPaging.IfMatch(http, group.Version);
        var (name, external, members) = Read(body);
        await directory.ChangeAsync(of, group with { DisplayName = name, ExternalId = external, Members = members }, http.RequestAborted);
        // A group by another name is another group to the mapping: then everybody in it is concerned.
        var concerned = name == group.DisplayName ? members.Except(group.Members).Concat(group.Members.Except(members)) : members.Union(group.Members);
        await provisioning.ApplyAsync(http, of, concerned.ToList(), http.RequestAborted);
        return ScimAnswers.Resource(http, ScimAnswers.Of(await Find(group.Id.ToString(), http, directory), SignInAddresses.Of(http)));
    }

    private static (string Name, string? External, IReadOnlyList<Guid> Members) Read(JsonObject body)
    {
        if (ScimUserBody.Text(body, "displayName") is not { Length: > 0 and <= Longest } name) throw ScimException.Bad("invalidValue", $"'displayName' is missing, or longer than {Longest} characters.");
        var members = (ScimUserBody.Property(body, "members") as JsonArray)?.Select(m => ScimUserBody.Text(m as JsonObject, "value")).ToList() ?? [];
        if (members.Count > MostMembers) throw ScimException.Bad("tooMany", $"A group has at most {MostMembers} members.");
        return (name, ScimUserBody.Text(body, "externalId"),
            [.. members.Select(m => Guid.TryParse(m, out var id) ? id : throw ScimException.Bad("invalidValue", $"'{m}' is no id of a user.")).Distinct()]);
    }

    private static async Task<ScimGroup> Find(string id, HttpContext http, ScimDirectory directory) =>
        (Guid.TryParse(id, out var guid) ? await directory.GroupAsync(ScimGate.Of(http), guid, http.RequestAborted) : null) ?? throw ScimException.NotFound("group", id);
}
