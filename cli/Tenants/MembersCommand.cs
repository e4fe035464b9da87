using System.CommandLine;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>Who belongs to the workspace, and as what.</summary>
public static class MembersCommand
{
    private static readonly Argument<string> Name = new("user") { Description = "The user's name" };
    private static readonly Argument<string> Id = new("id") { Description = "The invitation's id" };
    private static readonly Argument<string> Secret = new("secret") { Description = "What the invitation says, psi_…" };
    private static readonly Option<Role[]> Roles = new("--role") { Description = "Viewer, Planner, Reviewer, Moderator, Operator or Admin; several add up", Required = true, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Days = new("--days") { Description = "How long the invitation is valid", DefaultValueFactory = _ => 7 };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why" };

    public static Command Create() => new("members", "Who belongs to the workspace, and as what")
    {
        new Command("list", "Members and open invitations") { }.Runs(List),
        new Command("set", "Make someone a member, or change what they are") { Name, Roles, Reason }.Runs(async (run, cancellation) =>
        {
            var answer = await run.Api.Put($"/v1/members/{Uri.EscapeDataString(run.Get(Name)!)}", new { roles = run.Get(Roles)!.Select(JsonName), reason = run.Get(Reason) }, cancellation);
            run.Line($"{run.Get(Name)} is {string.Join(" and ", run.Get(Roles)!)}");
            return answer;
        }),
        new Command("remove", "End a membership") { Name, Reason }.Runs(async (run, cancellation) =>
        {
            run.Confirm($"Remove {run.Get(Name)} from the workspace?");
            var answer = await run.Api.Delete($"/v1/members/{Uri.EscapeDataString(run.Get(Name)!)}{(run.Get(Reason) is { } why ? $"?reason={Uri.EscapeDataString(why)}" : "")}", cancellation);
            run.Line($"{run.Get(Name)} is no member any more");
            return answer;
        }),
        new Command("invite", "Make an invitation; its secret is shown once") { Roles, Days, Reason }.Runs(async (run, cancellation) =>
        {
            var made = await run.Api.Post("/v1/invitations", new { roles = run.Get(Roles)!.Select(JsonName), days = run.Get(Days), reason = run.Get(Reason) }, cancellation);
            run.Line($"Invitation {made["id"]}, valid until {made["expires"]}");
            run.Next($"prodsprint members accept {made["secret"]}");
            return made;
        }),
        new Command("accept", "Become a member by an invitation") { Secret }.Runs(async (run, cancellation) =>
        {
            var answer = await run.Api.Post("/v1/invitations/accept", new { secret = run.Get(Secret) }, cancellation);
            run.Line("You are a member now");
            return answer;
        }),
        new Command("withdraw", "Take an invitation back") { Id }.Runs(async (run, cancellation) =>
        {
            var answer = await run.Api.Delete($"/v1/invitations/{Uri.EscapeDataString(run.Get(Id)!)}", cancellation);
            run.Line($"Invitation {run.Get(Id)} is withdrawn");
            return answer;
        }),
    };

    private static string JsonName(Role role) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(role.ToString());

    private static async Task<JsonNode?> List(CommandRun run, CancellationToken cancellation)
    {
        var view = await run.Api.Get("/v1/members", cancellation);
        foreach (var member in view["members"]!.AsArray())
            run.Line($"{member!["actor"],-30} {string.Join(", ", member["roles"]!.AsArray().Select(r => r!.ToString())),-30} since {member["addedAt"]}{(member["suspendedAt"] is { } at ? $", suspended {at}" : "")}");
        foreach (var invitation in view["invitations"]!.AsArray())
            run.Line($"invitation {invitation!["id"],-19} {string.Join(", ", invitation["roles"]!.AsArray().Select(r => r!.ToString())),-30} until {invitation["expires"]}");
        if (view["members"]!.AsArray().Count == 0)
        {
            run.Line("Nobody is a member yet, so everybody may everything.");
            run.Next("prodsprint members set YOU --role Admin");
        }
        return view;
    }
}
