using System.CommandLine;
using ProdSprint.Kernel;

namespace ProdSprint.Tenants;

/// <summary>The workspaces you have something to do with, and the organisations that own them.</summary>
public static class WorkspacesCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The workspace's name" };
    private static readonly Argument<string> Organisation = new("organisation") { Description = "The organisation's id" };
    private static readonly Argument<string> User = new("user") { Description = "The user's name" };
    private static readonly Option<string?> Title = new("--title") { Description = "What people read" };
    private static readonly Option<string?> Of = new("--organisation") { Description = "Which is to own it" };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why; stays in the workspace's audit log", Required = true };

    private static readonly Argument<string> Factor = new("what") { Description = "required: nobody comes into its workspaces without one; optional: everybody's own choice" };

    public static Command Workspaces() => new("workspaces", "The workspaces you have something to do with")
    {
        new Command("list", "By name").Runs(async (run, cancellation) =>
        {
            var page = await run.Api.All("/v1/workspaces", cancellation);
            foreach (var w in page["items"]!.AsArray())
                run.Line($"{w!["name"],-30} {w["organisation"],-20} {string.Join(", ", w["roles"]!.AsArray().Select(r => r!.ToString()))}");
            if (page["items"]!.AsArray().Count > 0) run.Next("prodsprint status --workspace NAME");
            else
            {
                run.Line("You are a member of none.");
                run.Next("prodsprint workspaces create NAME");
            }
            return page;
        }),
        new Command("create", "A new one, with you as its Admin") { Name, Title, Of }.Runs(async (run, cancellation) =>
        {
            var made = await run.Api.Post("/v1/workspaces", new { name = run.Get(Name), title = run.Get(Title), organisation = run.Get(Of) }, cancellation);
            run.Line($"Workspace {made["name"]}, and you are its Admin");
            run.Next($"prodsprint import PATH-OR-URL --workspace {made["name"]}");
            return made;
        }),
        new Command("name-admin", "Name an Admin of one whose own are all suspended; for administrators of the installation") { Name, User, Reason }.Runs(async (run, cancellation) =>
        {
            run.Confirm($"Make {run.Get(User)} an Admin of {run.Get(Name)}?");
            var answer = await run.Api.Put($"/v1/workspaces/{Uri.EscapeDataString(run.Get(Name)!)}/admins/{Uri.EscapeDataString(run.Get(User)!)}", new { reason = run.Get(Reason) }, cancellation);
            run.Line($"{run.Get(User)} is an Admin of {run.Get(Name)}");
            return answer;
        }),
    };

    public static Command Organisations()
    {
        Factor.AcceptOnlyFromAmong("required", "optional");
        return All();
    }

    private static Command All() => new("organisations", "Organisations own workspaces")
    {
        new Command("list", "Those you are an Admin of").Runs(async (run, cancellation) =>
        {
            var page = await run.Api.Get("/v1/organisations", cancellation);
            foreach (var o in page["items"]!.AsArray()) run.Line($"{o!["id"],-30} {o["title"]}");
            if (page["items"]!.AsArray().Count == 0)
            {
                run.Line("You are an Admin of none.");
                run.Next("prodsprint organisations create NAME");
            }
            return page;
        }),
        new Command("create", "A new one, with you as its Admin") { Organisation, Title }.Runs(async (run, cancellation) =>
        {
            var made = await run.Api.Post("/v1/organisations", new { id = run.Get(Organisation), title = run.Get(Title) }, cancellation);
            run.Line($"Organisation {made["id"]}, and you are its Admin");
            run.Next($"prodsprint workspaces create NAME --organisation {made["id"]}");
            return made;
        }),
        new Command("show", "Its Admins and workspaces") { Organisation }.Runs(async (run, cancellation) =>
        {
            var found = await run.Api.Get($"/v1/organisations/{Uri.EscapeDataString(run.Get(Organisation)!)}", cancellation);
            run.Line($"{found["id"]}: {found["title"]}");
            if ((bool)found["secondFactor"]!) run.Line("  second factor  asked of everybody in its workspaces");
            foreach (var admin in found["admins"]!.AsArray()) run.Line($"  admin      {admin}");
            foreach (var workspace in found["workspaces"]!.AsArray()) run.Line($"  workspace  {workspace}");
            return found;
        }),
        new Command("second-factor", "Ask everybody in its workspaces for a second factor, or no longer") { Organisation, Factor }.Runs(async (run, cancellation) =>
        {
            var asked = run.Get(Factor) == "required";
            if (!asked) run.Confirm($"Let people into the workspaces of {run.Get(Organisation)} with their sign-in alone?");
            var answer = await run.Api.Put($"/v1/organisations/{Uri.EscapeDataString(run.Get(Organisation)!)}/security-policy", new { secondFactor = asked }, cancellation);
            run.Line(asked ? $"Nobody comes into a workspace of {run.Get(Organisation)} without a second factor" : $"{run.Get(Organisation)} asks for no second factor any more; its workspaces may");
            return answer;
        }),
        new Command("add-admin", "Make someone an Admin of it") { Organisation, User }.Runs(async (run, cancellation) =>
        {
            var answer = await run.Api.Put(Admin(run), new { }, cancellation);
            run.Line($"{run.Get(User)} is an Admin of {run.Get(Organisation)}");
            return answer;
        }),
        new Command("remove-admin", "End that; one always stays") { Organisation, User }.Runs(async (run, cancellation) =>
        {
            run.Confirm($"Take {run.Get(User)} out of the Admins of {run.Get(Organisation)}?");
            var answer = await run.Api.Delete(Admin(run), cancellation);
            run.Line($"{run.Get(User)} is no Admin of {run.Get(Organisation)} any more");
            return answer;
        }),
    };

    private static string Admin(CommandRun run) => $"/v1/organisations/{Uri.EscapeDataString(run.Get(Organisation)!)}/admins/{Uri.EscapeDataString(run.Get(User)!)}";
}
