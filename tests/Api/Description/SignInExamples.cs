using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Tests.Api.Description;

/// <summary>What the examples of sign-in need that no example before them leaves: ids that are made up, and a session with two logins.</summary>
internal sealed class SignInExamples(ServerFixture server)
{
    private string? _connection;
    private string? _bearer;

    public async Task Prepare(string id, JsonObject example, JsonNode? request)
    {
        if (id is "LinkLogin" or "ListLogins" or "UnlinkLogin") _bearer ??= await TwoLogins();
        if (id == "LinkLogin") request!["provider"] = _connection;
        else if (id == "UnlinkLogin") example["parameters"]!["id"] = (await server.Send(HttpMethod.Get, "/v1/me/logins", null, [.. Headers(id)])).Body!["items"]![0]!["id"]!.ToString();
        else if (_connection is not null && example["parameters"]?["id"] is { } given && given.ToString().Length is 1 or 12) example["parameters"]!["id"] = _connection;
    }

    public IEnumerable<(string, string)> Headers(string id) => id is "LinkLogin" or "ListLogins" or "UnlinkLogin" ? [("Authorization", $"Bearer {_bearer}")] : [];

    public void Seen(string id, JsonNode answer)
    {
        if (id == "CreateConnection") _connection = answer["id"]!.ToString();
        if (id == "StateDomain") server.Dns.Say(answer["domains"]![0]!["record"]!.ToString(), answer["domains"]![0]!["value"]!.ToString());
        if (id == "RemoveConnection") _connection = null;
    }

    /// <summary>As a directory does it that sends the last one away.</summary>
    public async Task WithoutAdmin(string workspace)
    {
        var grain = server.Services.GetRequiredService<IGrainFactory>().GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace(workspace));
        foreach (var member in (await grain.View())!.Members) await grain.Do(new DismissMember(new(member.Actor), Actor.System("test"), null));
    }

    private async Task<string> TwoLogins()
    {
        var accounts = server.Services.GetRequiredService<Accounts>();
        var account = await accounts.FindOrCreateAsync(new("github", "583231", "ana", "ana@example.com", true));
        await accounts.LinkAsync(account.Id, new("google", "108", "ana", "ana@example.com", true));
        return (await server.Services.GetRequiredService<Sessions>().OpenAsync(new DefaultHttpContext { RequestServices = server.Services }, account, "github")).AccessToken;
    }
}
