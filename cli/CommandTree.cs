using System.CommandLine;
using ProdSprint.Jobs;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Releases;
using ProdSprint.Server;

namespace ProdSprint.Kernel;

/// <summary>Every verb of <c>prodsprint</c>.</summary>
public static class CommandTree
{
    public static RootCommand Build()
    {
        var root = new RootCommand("From a repository to production and back, judged on live evidence.")
        {
            Cli.Json, Cli.As, Cli.Workspace, Cli.Url, Cli.NoInput, Cli.Yes, Cli.Timeout,
            Demo.DemoCommand.Create(),
            UpCommand.Create(), DownCommand.Create(), StatusCommand.Create(), SmokeCommand.Create(), ServerCommand.Create(),
            ImportCommand.Create(), AuditCommand.Create(), Supply.SbomCommand.Create(), Supply.VulnerabilitiesCommand.Create(), Supply.AttestationCommand.Create(), PlanCommands.Plan(), PlanCommands.Approve(), BlueprintCommand.Create(), Gates.ReadinessCommand.Create(), Gates.WaiversCommand.Create(), Gates.TestsCommand.Create(), Gates.PerformanceCommand.Create(), Gates.FreezeCommand.Create(), Infrastructure.InfrastructureCommands.Create(), Secrets.SecretsCommands.Create(),
            ReleaseCommands.Release(), ReleaseCommands.Rollback(),
            TimelineCommand.Create(), LogsCommand.Create(), Telemetry.UsageCommand.Create(),
            JobsCommand.Create(), Audit.AuditLogCommand.Create(), JudgeCommand.Create(), Bench.BenchCommand.Create(),
            Tenants.MembersCommand.Create(), Tenants.QuotasCommand.Create(), Tenants.WorkspacesCommand.Workspaces(), Tenants.WorkspacesCommand.Organisations(), Webhooks.WebhooksCommand.Create(),
            Identity.LoginCommand.Login(), Identity.LoginCommand.Logout(), Identity.LoginCommand.WhoAmI(), Identity.TokensCommand.Create(), Identity.DomainsCommand.Create(), Identity.AccountsCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (var verb in ReleaseCommands.Steering()) root.Add(verb);
        return root;
    }
}
