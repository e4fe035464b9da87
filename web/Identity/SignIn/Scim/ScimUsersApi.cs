using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProdSprint.Identity;

/// <summary><c>/scim/v2/Users</c>.</summary>
public static class ScimUsersApi
{
    private static readonly Dictionary<string, string> Columns = new()
    {
        ["username"] = "lower(u.user_name) = lower({0})", ["externalid"] = "u.external_id = {0}", ["id"] = "u.id::text = lower({0})", ["active"] = "u.active = ({0} = 'true')",
        ["emails.value"] = "lower(u.body->'emails'->0->>'value') = lower({0})", ["emails"] = "lower(u.body->'emails'->0->>'value') = lower({0})", ["displayname"] = "lower(u.body->>'displayName') = lower({0})",
    };

    public static void MapScimUsers(this IEndpointRouteBuilder scim)
    {
        scim.MapGet("Users", List);
        scim.MapPost("Users", Add);
        scim.MapGet("Users/{id}", Get);
        scim.MapPut("Users/{id}", Replace);
        scim.MapPatch("Users/{id}", Patch);
        scim.MapDelete("Users/{id}", Remove);
    }

    private static async Task<IResult> List(string? filter, string? startIndex, string? count, HttpContext http, ScimDirectory directory)
    {
        var of = ScimGate.Of(http);
        var (skip, take) = ScimPaging.Read(startIndex, count);
        var (users, total) = await directory.UsersAsync(of, ScimFilter.Parse(filter, Columns), skip, take, http.RequestAborted);
        var (items, asked) = (new List<JsonNode>(), ScimAttributes.Of(http));
        foreach (var user in users) items.Add(asked.Shown(await View(http, of, user, directory)));
        return ScimAnswers.Json(ScimAnswers.List(items, total, skip + 1));
    }

    private static async Task<IResult> Get(string id, HttpContext http, ScimDirectory directory)
    {
        var of = ScimGate.Of(http);
        return ScimAnswers.Resource(http, await View(http, of, await Find(of, id, directory, http), directory));
    }

    private static async Task<IResult> Add(HttpContext http, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var of = ScimGate.Of(http);
        var body = await ScimGate.BodyAsync(http);
        var read = ScimUserBody.Read(body);
        var (found, _) = await directory.UsersAsync(of, ScimFilter.Parse($"userName eq {JsonSerializer.Serialize(read.UserName)}", Columns), 0, 1, http.RequestAborted);
        if (found.Count > 0) throw new ScimException(StatusCodes.Status409Conflict, "uniqueness", $"There is a user '{read.UserName}' already.");
        var id = Guid.CreateVersion7();
        var account = await provisioning.AccountAsync(of, id, read.UserName, read.ExternalId, read.Email, read.Name, http.RequestAborted);
        await directory.AddAsync(of, new ScimUser(id, read.UserName, read.ExternalId, read.Active, account, read.Kept, 1, default, default), http.RequestAborted);
        var made = await directory.UserAsync(of, id, http.RequestAborted);
        await provisioning.ApplyAsync(http, of, made!, http.RequestAborted);
        return ScimAnswers.Resource(http, await View(http, of, made!, directory), StatusCodes.Status201Created);
    }

    private static async Task<IResult> Replace(string id, HttpContext http, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var of = ScimGate.Of(http);
        var user = await Find(of, id, directory, http);
        return await Change(http, of, user, await ScimGate.BodyAsync(http), directory, provisioning);
    }

    private static async Task<IResult> Patch(string id, HttpContext http, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var of = ScimGate.Of(http);
        var user = await Find(of, id, directory, http);
        var body = ScimAnswers.Of(user, [], SignInAddresses.Of(http));
        ScimPatch.Apply(body, await ScimGate.BodyAsync(http));
        return await Change(http, of, user, body, directory, provisioning);
    }

    private static async Task<IResult> Remove(string id, HttpContext http, ScimDirectory directory, ScimProvisioning provisioning)
    {
        var of = ScimGate.Of(http);
        var user = await Find(of, id, directory, http);
        await provisioning.EndAsync(http, of, user.Account, http.RequestAborted);
        await directory.RemoveUserAsync(of, user.Id, http.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Change(HttpContext http, Connection of, ScimUser user, JsonObject body, ScimDirectory directory, ScimProvisioning provisioning)
    {
        ScimPaging.IfMatch(http, user.Version);
        var read = ScimUserBody.Read(body);
        await directory.ChangeAsync(of, user with { UserName = read.UserName, ExternalId = read.ExternalId, Active = read.Active, Body = read.Kept }, http.RequestAborted);
        var changed = await directory.UserAsync(of, user.Id, http.RequestAborted);
        await provisioning.ApplyAsync(http, of, changed!, http.RequestAborted);
        return ScimAnswers.Resource(http, await View(http, of, changed!, directory));
    }

    private static async Task<JsonObject> View(HttpContext http, Connection of, ScimUser user, ScimDirectory directory) =>
        ScimAnswers.Of(user, await directory.GroupsOfAsync(of, user.Id, http.RequestAborted), SignInAddresses.Of(http));

    private static async Task<ScimUser> Find(Connection of, string id, ScimDirectory directory, HttpContext http) =>
        (Guid.TryParse(id, out var guid) ? await directory.UserAsync(of, guid, http.RequestAborted) : null) ?? throw ScimException.NotFound("user", id);
}
