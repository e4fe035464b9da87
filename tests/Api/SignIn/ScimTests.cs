using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ProdSprint.Audit;
using ProdSprint.Kernel;
using ProdSprint.Tenants;
using ProdSprint.Tests.Api.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>A directory that keeps users and groups by SCIM, as Okta and Entra do it, and what comes of it for the people.</summary>
[Collection(SignInCollection.Name)]
public sealed class ScimTests(SignInFixture fixture)
{
    private const string UserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
    private const string PatchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    private sealed record Directory(SignInFixture Fixture, Organisation Corp, string Connection, string Token)
    {
        public async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Answer)> Send(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(method, "/scim/v2/" + path);
            request.Headers.Authorization = new("Bearer", Token);
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            if (body is not null) request.Content = new StringContent(body as string ?? System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/scim+json");
            var answer = await Fixture.Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (text.Length > 0) answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/scim+json", text);
            return (answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null, answer);
        }

        public async Task<string> Add(string user, string? externalId = null)
        {
            var (status, body, _) = await Send(HttpMethod.Post, "Users", new { schemas = new[] { UserSchema }, userName = user, externalId, active = true, emails = new[] { new { value = user, primary = true } }, displayName = user.Split('@')[0] });
            status.ShouldBe(HttpStatusCode.Created, body?.ToJsonString());
            return body!["id"]!.ToString();
        }

        public Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Answer)> Patch(string path, params object[] operations) => Send(HttpMethod.Patch, path, new { schemas = new[] { PatchSchema }, Operations = operations });
    }

    private async Task<Directory> MakeAsync(string workspace, object? more = null)
    {
        var corp = await Organisation.MakeAsync(fixture, workspace);
        var id = (await corp.Saml("assertion", more))["id"]!.ToString();
        var made = await corp.Ok(HttpMethod.Post, $"/v1/connections/{id}/scim-token");
        made["base"]!.ToString().ShouldBe(new Uri(fixture.Url, "/scim/v2").ToString());
        return new(fixture, corp, id, made["secret"]!.ToString());
    }

    [Fact]
    public async Task User_IsAMember_SignsIn_AndIsOutAtOnceWhenDeactivated()
    {
        var directory = await MakeAsync("scim-life", new { justInTime = false });
        var id = await directory.Add("ana");
        using var browser = new Browser();
        (await fixture.SignIn(browser, directory.Connection, "ana")).Error.ShouldBeNull();
        var actor = (await fixture.As(browser, HttpMethod.Get, "/v1/me", workspace: "scim-life")).Body!["actor"]!.ToString();
        (await directory.Corp.RolesOf(actor)).ShouldBe(["viewer"]);
        using var stranger = new Browser();
        (await fixture.SignIn(stranger, directory.Connection, "max")).Error.ShouldBe("signin.no-member");

        // As Entra writes it.
        (await directory.Patch($"Users/{id}", new { op = "Replace", path = "active", value = "False" })).Body!["active"]!.GetValue<bool>().ShouldBeFalse();
        (await fixture.As(browser, HttpMethod.Get, "/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await directory.Corp.RolesOf(actor)).ShouldBeEmpty();
        (await fixture.SignIn(browser, directory.Connection, "ana")).Error.ShouldBe("signin.deactivated");

        // As Okta writes it.
        (await directory.Patch($"Users/{id}", new { op = "replace", value = new { active = true } })).Status.ShouldBe(HttpStatusCode.OK);
        (await fixture.SignIn(browser, directory.Connection, "ana")).Error.ShouldBeNull();
        (await fixture.As(browser, HttpMethod.Get, "/v1/me")).Body!["actor"]!.ToString().ShouldBe(actor, "the account is the same one");
        (await directory.Send(HttpMethod.Delete, $"Users/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await fixture.As(browser, HttpMethod.Get, "/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await directory.Send(HttpMethod.Get, $"Users/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task LastAdmin_WhoLeaves_HasNeitherSessionNorTokenNorRights_AndGoesWhenThereIsAnother()
    {
        var directory = await MakeAsync("scim-last");
        var id = await directory.Add("ida");
        using var browser = new Browser();
        (await fixture.SignIn(browser, directory.Connection, "ida")).Error.ShouldBeNull();
        var actor = (await fixture.As(browser, HttpMethod.Get, "/v1/me", workspace: "scim-last")).Body!["actor"]!.ToString();
        await directory.Corp.Ok(HttpMethod.Put, $"/v1/members/{actor["user:".Length..]}", new { roles = new[] { "admin" } });
        var token = (await fixture.As(browser, HttpMethod.Post, "/v1/tokens", new { name = "mine", permissions = new[] { "projects.read" } }, "scim-last")).Body!["token"]!.ToString();
        var workspace = fixture.Get<IGrainFactory>().GetGrain<IWorkspaceGrain>(GrainKeys.ForWorkspace("scim-last"));
        (await workspace.Do(new RemoveMember(Actor.User(directory.Corp.Admin), Actor.System("test"), null))).Rejection.ShouldBeNull();
        (await AccountsFixture.Send(fixture.Http, HttpMethod.Get, "/v1/projects", null, token)).Status.ShouldBe(HttpStatusCode.OK);

        object off = new { op = "replace", value = new { active = false } };
        (await directory.Patch($"Users/{id}", off)).Status.ShouldBe(HttpStatusCode.OK);
        (await workspace.View())!.Members.Single().SuspendedAt.ShouldNotBeNull();
        (await fixture.Get<Memberships>().RolesAsync("scim-last", actor))!.Value.ShouldBeEmpty();
        (await fixture.As(browser, HttpMethod.Get, "/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AccountsFixture.Send(fixture.Http, HttpMethod.Get, "/v1/projects", null, token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.SignIn(browser, directory.Connection, "ida")).Error.ShouldBe("signin.deactivated");

        // Back as what they were, and gone again.
        (await directory.Patch($"Users/{id}", new { op = "replace", value = new { active = true } })).Status.ShouldBe(HttpStatusCode.OK);
        (await workspace.View())!.Members.Single().ShouldSatisfyAllConditions(m => m.SuspendedAt.ShouldBeNull(), m => m.Roles.ShouldBe([Role.Admin]));
        (await directory.Patch($"Users/{id}", off)).Status.ShouldBe(HttpStatusCode.OK);
        (await workspace.Do(new SetMember(Actor.User(directory.Corp.Admin), [Role.Admin], Actor.System("test"), null))).Rejection.ShouldBeNull();
        (await workspace.View())!.Members.Select(m => m.Actor).ShouldBe([$"user:{directory.Corp.Admin}"]);
        var rows = (await fixture.Get<AuditLog>().ListAsync("scim-last", new(Resource: $"members/{actor["user:".Length..]}"), null, 50)).Rows;
        rows.Where(r => r.Event.Credential == $"scim:{directory.Connection}").Select(r => $"{r.Event.Action} {r.Event.Outcome} {r.Event.Before} > {r.Event.After}").ShouldBe(
            ["RemoveMember accepted: suspended roles: admin > ", "RemoveMember requested roles: admin > ", "SetMember accepted  > roles: admin", "SetMember requested  > roles: admin",
             "RemoveMember accepted: suspended roles: admin > ", "RemoveMember requested roles: admin > ",
             "SetMember accepted  > roles: viewer", "SetMember requested  > roles: viewer"]);
    }

    [Fact]
    public async Task DirectorysToken_EndsByItself_AndItsLastUseIsSeen()
    {
        var directory = await MakeAsync("scim-token");
        async Task<JsonNode> View() => await directory.Corp.Ok(HttpMethod.Get, $"/v1/connections/{directory.Connection}");
        (await View())["scimUsedAt"].ShouldBeNull();
        (await directory.Send(HttpMethod.Get, "Users")).Status.ShouldBe(HttpStatusCode.OK);
        var view = await View();
        view["scimUsedAt"].ShouldNotBeNull();
        view["scimExpiresAt"]!.GetValue<DateTimeOffset>().ShouldBeInRange(DateTimeOffset.UtcNow.AddDays(364), DateTimeOffset.UtcNow.AddDays(366));
        await fixture.Owner($"UPDATE prodsprint.sign_in_connection SET scim_token_expires = now() WHERE id = '{directory.Connection}'");
        (await directory.Send(HttpMethod.Get, "Users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await View())["scim"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Address_IsVerifiedByTheDirectorysWord_OnlyAtADomainThatIsProven()
    {
        var directory = await MakeAsync("scim-proven");
        var domains = $"/v1/connections/{directory.Connection}/domains/staff.example";
        var stated = (await directory.Corp.Ok(HttpMethod.Put, domains, new { reason = "ours" }))["domains"]![0]!;
        async Task<bool> Verified(string user)
        {
            var id = Guid.Parse(await directory.Add(user));
            var accounts = fixture.Get<ProdSprint.Identity.Accounts>();
            return (await accounts.FindAsync((await accounts.OwnerAsync(directory.Connection, $"scim:{id:N}"))!))!.EmailVerified;
        }
        (await Verified("eve@staff.example")).ShouldBeFalse();
        fixture.Dns.Say(stated["record"]!.ToString(), stated["value"]!.ToString());
        await directory.Corp.Ok(HttpMethod.Post, $"{domains}/verify");
        (await Verified("eva@staff.example")).ShouldBeTrue();
    }

    [Fact]
    public async Task Attributes_AreThoseThatWereAskedFor_AndIdNeverChanges()
    {
        var directory = await MakeAsync("scim-attributes");
        var id = await directory.Add("cora");
        var group = (await directory.Send(HttpMethod.Post, "Groups", new { schemas = new[] { "urn:ietf:params:scim:schemas:core:2.0:Group" }, displayName = "many", members = new[] { new { value = id } } })).Body!["id"]!.ToString();
        async Task<string> Fields(string path) => string.Join(' ', ((await directory.Send(HttpMethod.Get, path)).Body is { } b && b["Resources"] is JsonArray all ? all[0]! : (await directory.Send(HttpMethod.Get, path)).Body!).AsObject().Select(f => f.Key).Order());
        (await Fields($"Users/{id}?attributes=USERNAME,{UserSchema}:active")).ShouldBe("active id schemas userName");
        (await Fields("Users?attributes=userName")).ShouldBe("id schemas userName");
        (await directory.Send(HttpMethod.Get, $"Users/{id}?attributes=emails.value")).Body!["emails"]!.ToJsonString().ShouldBe("[{\"value\":\"cora\"}]");
        (await directory.Send(HttpMethod.Get, $"Users/{id}?excludedAttributes=emails.primary,meta")).Body!["emails"]!.ToJsonString().ShouldBe("[{\"value\":\"cora\"}]");
        // As Entra asks for groups, so that a thousand members are not sent each time; and what is always there stays.
        (await Fields("Groups?filter=displayName eq \"many\"&excludedAttributes=members,id")).ShouldBe("displayName id meta schemas");
        (await Fields($"Groups/{group}?excludedAttributes=members")).ShouldBe("displayName id meta schemas");
        (await directory.Patch($"Groups/{group}?attributes=displayName", new { op = "replace", value = new { id = group, displayName = "more" } })).Body!.AsObject().Select(f => f.Key).Order().ShouldBe(["displayName", "id", "schemas"]);
        var both = await directory.Send(HttpMethod.Get, "Users?attributes=userName&excludedAttributes=meta");
        (both.Status, both.Body!["scimType"]!.ToString()).ShouldBe((HttpStatusCode.BadRequest, "invalidValue"));

        foreach (var operation in (object[])[new { op = "replace", path = "id", value = Guid.NewGuid() }, new { op = "remove", path = "ID" }, new { op = "add", value = new { id = "x", displayName = "other" } }, new { op = "replace", path = $"{UserSchema}:id", value = "x" }])
        {
            var (status, refused, _) = await directory.Patch($"Users/{id}", operation);
            (status, refused!["scimType"]!.ToString()).ShouldBe((HttpStatusCode.BadRequest, "mutability"));
        }
        (await directory.Send(HttpMethod.Get, $"Users/{id}")).Body!["displayName"]!.ToString().ShouldBe("cora");
    }

    [Fact]
    public async Task Group_GivesItsMembersTheRole_AndTakesItAgain()
    {
        var directory = await MakeAsync("scim-groups", new { groupRoles = new[] { new { group = "Release Managers", role = "planner" } } });
        var (ana, ben) = (await directory.Add("ana@corp.example"), await directory.Add("ben@corp.example"));
        var group = (await directory.Send(HttpMethod.Post, "Groups", new { displayName = "Release Managers", members = new[] { new { value = ana } } })).Body!["id"]!.ToString();
        async Task<string[]> Roles(string user) => await directory.Corp.RolesOf((await directory.Corp.Ok(HttpMethod.Get, "/v1/members"))["members"]!.AsArray().Select(m => m!["actor"]!.ToString()).First(a => a.StartsWith($"user:{user}", StringComparison.Ordinal)));
        (await Roles("ana")).ShouldBe(["planner"]);
        (await Roles("ben")).ShouldBe(["viewer"]);

        (await directory.Patch($"Groups/{group}", new { op = "add", path = "members", value = new[] { new { value = ben } } }, new { op = "remove", path = $"members[value eq \"{ana}\"]" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Roles("ana")).ShouldBe(["viewer"]);
        (await Roles("ben")).ShouldBe(["planner"]);
        (await directory.Send(HttpMethod.Get, $"Users/{ben}")).Body!["groups"]![0]!["display"]!.ToString().ShouldBe("Release Managers");
        (await directory.Patch($"Groups/{group}", new { op = "replace", value = new { displayName = "Others" } })).Status.ShouldBe(HttpStatusCode.OK);
        (await Roles("ben")).ShouldBe(["viewer"]);
        (await directory.Patch($"Groups/{group}", new { op = "replace", value = new { displayName = "release managers" } })).Status.ShouldBe(HttpStatusCode.OK);
        (await Roles("ben")).ShouldBe(["planner"]);
        (await directory.Send(HttpMethod.Delete, $"Groups/{group}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Roles("ben")).ShouldBe(["viewer"]);
    }

    [Fact]
    public async Task List_IsFiltered_AndPaged_AndVersioned()
    {
        var directory = await MakeAsync("scim-list");
        for (var i = 0; i < 5; i++) await directory.Add($"u{i}@corp.example", $"ext-{i}");
        var found = (await directory.Send(HttpMethod.Get, "Users?filter=" + Uri.EscapeDataString("userName eq \"U3@corp.example\""))).Body!;
        found["totalResults"]!.GetValue<int>().ShouldBe(1);
        found["Resources"]![0]!["externalId"]!.ToString().ShouldBe("ext-3");
        (await directory.Send(HttpMethod.Get, "Users?filter=" + Uri.EscapeDataString("externalId eq \"ext-1\" and active eq true"))).Body!["totalResults"]!.GetValue<int>().ShouldBe(1);
        (await directory.Send(HttpMethod.Get, "Users?filter=" + Uri.EscapeDataString("userName eq \"' OR 1=1 --\""))).Body!["totalResults"]!.GetValue<int>().ShouldBe(0);
        var bad = await directory.Send(HttpMethod.Get, "Users?filter=" + Uri.EscapeDataString("password eq \"x\""));
        bad.Status.ShouldBe(HttpStatusCode.BadRequest);
        bad.Body!["scimType"]!.ToString().ShouldBe("invalidFilter");

        var seen = new List<string>();
        for (var start = 1; start <= 5; start += 2)
        {
            var page = (await directory.Send(HttpMethod.Get, $"Users?startIndex={start}&count=2")).Body!;
            (page["totalResults"]!.GetValue<int>(), page["startIndex"]!.GetValue<int>()).ShouldBe((5, start));
            seen.AddRange(page["Resources"]!.AsArray().Select(u => u!["userName"]!.ToString()));
        }
        seen.ShouldBe(["u0@corp.example", "u1@corp.example", "u2@corp.example", "u3@corp.example", "u4@corp.example"]);

        var user = (await directory.Send(HttpMethod.Get, "Users?count=1")).Body!["Resources"]![0]!;
        var (path, tag) = ($"Users/{user["id"]}", user["meta"]!["version"]!.ToString());
        (await directory.Send(HttpMethod.Get, path, null, ("If-None-Match", tag))).Status.ShouldBe(HttpStatusCode.NotModified);
        (await directory.Send(HttpMethod.Patch, path, new { schemas = new[] { PatchSchema }, Operations = new[] { new { op = "replace", path = "name.givenName", value = "U" } } }, ("If-Match", tag))).Status.ShouldBe(HttpStatusCode.OK);
        (await directory.Send(HttpMethod.Patch, path, new { schemas = new[] { PatchSchema }, Operations = new[] { new { op = "replace", path = "title", value = "X" } } }, ("If-Match", tag))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await directory.Send(HttpMethod.Get, path)).Body!["name"]!["givenName"]!.ToString().ShouldBe("U");
        (await directory.Send(HttpMethod.Post, "Users", new { userName = "U1@CORP.example" })).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Descriptions_AreThere()
    {
        var directory = await MakeAsync("scim-about");
        (await directory.Send(HttpMethod.Get, "ServiceProviderConfig")).Body!["patch"]!["supported"]!.GetValue<bool>().ShouldBeTrue();
        (await directory.Send(HttpMethod.Get, "ResourceTypes")).Body!["Resources"]!.AsArray().Select(t => t!["endpoint"]!.ToString()).ShouldBe(["/Users", "/Groups"]);
        (await directory.Send(HttpMethod.Get, "Schemas")).Body!["totalResults"]!.GetValue<int>().ShouldBe(2);
        (await directory.Send(HttpMethod.Get, $"Schemas/{UserSchema}")).Body!["name"]!.ToString().ShouldBe("User");
        (await directory.Send(HttpMethod.Get, "Schemas/none")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Token_OpensItsConnectionOnly_UntilItIsReplacedOrRevoked()
    {
        var (one, other) = (await MakeAsync("scim-one"), await MakeAsync("scim-other"));
        var id = await one.Add("ana@corp.example");
        (await other.Send(HttpMethod.Get, $"Users/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.Send(HttpMethod.Delete, $"Users/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.Send(HttpMethod.Get, "Users")).Body!["totalResults"]!.GetValue<int>().ShouldBe(0);
        foreach (var token in (string[])["", "psc_guess", one.Token + "x"]) (await (one with { Token = token }).Send(HttpMethod.Get, "Users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var second = (await one.Corp.Ok(HttpMethod.Post, $"/v1/connections/{one.Connection}/scim-token"))["secret"]!.ToString();
        (await one.Send(HttpMethod.Get, "Users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        one = one with { Token = second };
        (await one.Send(HttpMethod.Get, "Users")).Status.ShouldBe(HttpStatusCode.OK);
        await one.Corp.Ok(HttpMethod.Delete, $"/v1/connections/{one.Connection}/scim-token");
        (await one.Send(HttpMethod.Get, "Users")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        var rows = (await one.Corp.Ok(HttpMethod.Get, "/v1/admin/audit-logs?action=ScimPost"))["items"]!.AsArray();
        rows.Select(r => $"{r!["actor"]} {r["credential"]} {r["outcome"]}").ShouldBe([$"system:scim scim:{one.Connection} accepted", $"system:scim scim:{one.Connection} requested"]);
    }

    [Theory]
    [InlineData("{"), InlineData("[]"), InlineData("null"), InlineData("{}"), InlineData("{\"userName\":5}"), InlineData("{\"userName\":\"a\\u0000b\"}"), InlineData("{\"userName\":\"\\ud800\"}"), InlineData("{\"userName\":\"a\",\"active\":\"maybe\"}")]
    [InlineData("{\"userName\":\"a\",\"userName\":\"b\"}"), InlineData("{\"userName\":\"x\",\"emails\":5,\"active\":7}")]
    public async Task Body_ThatIsNone_IsRefusedAsScimRefuses(string body)
    {
        var directory = await MakeAsync($"scim-bad-{Math.Abs(body.GetHashCode(StringComparison.Ordinal))}");
        foreach (var (method, path) in new[] { (HttpMethod.Post, "Users"), (HttpMethod.Post, "Groups") })
        {
            var (status, said, _) = await directory.Send(method, path, body);
            status.ShouldBe(HttpStatusCode.BadRequest, body);
            said!["schemas"]![0]!.ToString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:Error");
        }
        var id = await directory.Add("ana@corp.example");
        (await directory.Send(HttpMethod.Patch, $"Users/{id}", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
