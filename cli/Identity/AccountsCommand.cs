using System.CommandLine;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>What whoever has the machine and its database may do without being signed in: let the first person in.</summary>
public static class AccountsCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The account's id; made if it is not there: a-z, 0-9, '.', '_', '@' and '-'" };
    private static readonly Option<bool> Admin = new("--admin") { Description = "May make workspaces and their first Admins" };

    public static Command Create() => new("accounts", "Accounts of this installation, at its machine")
    {
        new Command("enrol", "A code that lets somebody in once, for an hour; uses the server's database settings, not its API") { Name, Admin }.Runs(EnrolAsync),
    };

    private static async Task<JsonNode?> EnrolAsync(CommandRun run, CancellationToken cancellation)
    {
        var name = run.Get(Name)!;
        if (!AccountIds.IsOne(name)) throw new CliException(ExitCode.Usage, "account.bad-name", "Not a name of an account", $"'{name}' cannot be one.", "1 to 64 of a-z, 0-9, '.', '_', '@' and '-'");
        var code = await AtTheMachine.DoAsync(database => new Enrolments(database).MakeAsync(name, run.Get(Admin), cancellation), cancellation);
        run.Line(code);
        Screen.Note($"  lets {name} in once, within {Enrolments.Life.TotalMinutes:0} minutes{(run.Get(Admin) ? ", as an administrator" : "")}");
        run.Next("prodsprint login --enrol CODE");
        return new JsonObject { ["account"] = name, ["code"] = code, ["administrator"] = run.Get(Admin) };
    }
}
