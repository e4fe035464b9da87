using System.Collections.Frozen;
using System.Collections.Immutable;
using ProdSprint.Tenants;
using static ProdSprint.Tenants.Role;

namespace ProdSprint.Identity;

/// <summary>
/// Who may do what: the one table. A permission belongs to roles; an action (the operation's name in the API, of <c>Steer…</c> its verb's) needs one permission.
/// A test sees that every route of <c>/v1</c> is in it; <c>docs/permissions.md</c> and <c>GET /v1/permissions</c> are made from it.
/// </summary>
public static class Permissions
{
    /// <param name="Roles">Besides <see cref="Admin"/>, who may everything.</param>
    /// <param name="StepUp">Cannot be taken back easily: whoever is signed in by a session has to have proved lately who they are (<see cref="IdentityOptions.StepUpMinutes"/>).</param>
    /// <param name="Own">About oneself: needs to be signed in as a person and no membership, and no token has it.</param>
    /// <param name="People">Says who may what: no token has it, so none makes another or lets anybody in.</param>
    public sealed record Permission(string Name, string Meaning, ImmutableArray<Role> Roles, ImmutableArray<string> Actions, bool StepUp = false, bool Own = false, bool People = false)
    {
        /// <summary>Whether a token can have it. No property: it is not part of the answer.</summary>
        public bool MayBeATokens() => !Own && !People;
    }

    private static readonly ImmutableArray<Role> Everyone = [Viewer, Planner, Reviewer, Moderator, Operator];

    public static readonly ImmutableArray<Permission> All =
    [
        new("projects.read", "See projects, plans, releases, traffic, logs and the timeline", Everyone,
            ["ListProjects", "GetProject", "GetAudit", "GetTimeline", "ListReleases", "GetRelease", "ListLooks", "ListRuns", "ListPlans", "GetPlan", "ListArtifacts", "ListAttestations", "ListAttestationKeys", "GetLogs", "GetTraffic", "GetUsage", "GetBlueprint", "GetPlanBranch", "GetReadiness", "ListWaivers", "ListFindings", "GetTests", "ListTestRuns", "GetTestHistory", "ListQuarantinedTests", "GetPerformance", "ListPerformanceRuns", "GetLoadScript", "ListPerformanceBudgets", "ListInfrastructure", "GetInfrastructure", "ListInfrastructureStates", "GetWorkspaceFreeze"]),
        new("server.read", "See what this server is", Everyone, ["GetServer", "GetAuditSchema"]),
        new("projects.import", "Import a repository", [Planner], ["ImportProject"]),
        new("plans.request", "Ask for a plan and its blueprint", [Planner], ["RequestPlan", "GenerateBlueprint", "WritePlanBranch", "PlanInfrastructure", "CheckDrift"]),
        new("releases.start", "Release what has been approved", [Planner], ["StartRelease", "RetryRelease"]),
        new("infrastructure.apply", "Apply what was approved, and put back what is otherwise", [Planner, Operator], ["ApplyInfrastructure", "ReapplyInfrastructure"]),
        new("secrets.read", "See which secrets there are and how they are, never a value", Everyone, ["ListSecrets", "GetSecret"]),
        new("secrets.write", "Set secrets, and say how often they are rotated", [Planner, Operator], ["SetSecret", "ScheduleSecret"]),
        new("secrets.rotate", "Rotate secrets, look whether they are let in, and take a rotation back", [Planner, Operator], ["RotateSecret", "CheckSecret", "RestoreSecret"]),
        new("secrets.revoke", "End a secret's previous version at once, and remove secrets", [Operator], ["RevokeSecret", "RemoveSecret"], StepUp: true),
        new("infrastructure.restore", "Make an earlier state of the infrastructure the newest", [Operator], ["RestoreInfrastructureState"], StepUp: true),
        new("releases.steer", "Promote, pause and resume a release", [Planner], ["PromoteRelease", "PauseRelease", "ResumeRelease"]),
        new("releases.stop", "Take a release back", [Planner, Reviewer, Operator], ["AbortRelease", "RollBack"]),
        new("settings.write", "Change variables and freeze windows", [Planner], ["SetVariables", "SetFreezeWindows"]),
        new("freeze.everywhere", "Say when nothing is released in any project of the workspace", [], ["SetWorkspaceFreeze"]),
        new("decisions.read", "See what waits for a person", Everyone, ["ListDecisions"]),
        new("decisions.decide", "Approve plans and releases, waive blockers", [Reviewer], ["ApprovePlan", "ApproveRelease", "CreateWaiver", "RevokeWaiver", "QuarantineTest", "ReleaseTest", "SetPerformanceBudgets", "ApproveInfrastructure", "AcceptDrift"]),
        new("freeze.override", "Let a release go on in a freeze window, with a second person", [Planner, Reviewer], ["OverrideFreeze"], StepUp: true),
        new("operations.read", "See jobs, grains, router and reminders", Everyone, ["ListJobs", "GetJob", "GetGrains", "GetRouter", "ListReminders"]),
        new("operations.steer", "Try jobs again and replay dead letters", [Operator], ["RetryJob", "ReplayJob"]),
        new("support.use", "Write tickets to those who run the server, and read them", Everyone, ["ListTickets", "GetTicket", "CreateTicket"]),
        new("support.answer", "Answer and close tickets", [Operator], ["SetTicket"]),
        new("community.use", "Write posts, and read them", Everyone, ["ListPosts", "GetPost", "CreatePost"]),
        new("community.moderate", "Answer and hide posts", [Moderator], ["SetPost"]),
        new("webhooks.read", "See where what happens is told of, and what was sent", [Planner, Operator], ["ListWebhooks", "GetWebhook", "ListDeliveries"]),
        new("webhooks.write", "Say where what happens is told of", [], ["CreateWebhook", "SetWebhook", "RemoveWebhook", "RotateWebhookSecret"], StepUp: true),
        new("webhooks.send", "Send a webhook a test, or once more what did not arrive", [], ["TestWebhook", "ReplayDelivery"]),
        new("attestations.rotate", "Replace the key that signs what is built", [], ["RotateAttestationKey"], StepUp: true),
        new("quotas.read", "See the workspace's limits and what of them is used", Everyone, ["ListQuotas"]),
        new("members.read", "See who belongs to the workspace", Everyone, ["GetMembers"]),
        new("members.write", "Say who belongs to the workspace, and as what", [], ["SetMember", "RemoveMember", "InviteMember", "WithdrawInvitation"], StepUp: true, People: true),
        new("connections.read", "See by which providers members sign in", [], ["ListConnections", "GetConnection", "TestConnection"]),
        new("connections.write", "Say by which providers members sign in, and which directory keeps them", [],
            ["CreateConnection", "ChangeConnection", "RemoveConnection", "StateDomain", "VerifyDomain", "DropDomain", "MakeScimToken", "RevokeScimToken"], StepUp: true, People: true),
        new("advisories.read", "See what advisories the workspace has", Everyone, ["GetAdvisories"]),
        new("advisories.write", "Import advisories", [Operator], ["ImportAdvisories"]),
        new("audit.read", "Read, export and verify the audit log", [Operator], ["ListAuditLog", "ExportAuditLog", "VerifyAuditLog"]),
        new("audit.prune", "Take what lies in a sealed archive out of the database", [], ["PruneAuditLog"], StepUp: true),
        new("audit.erase", "Erase from the audit log from where and with which program somebody acted", [], ["EraseAuditPerson"], StepUp: true),
        new("security.read", "See what the workspace asks of those who come into it", Everyone, ["GetSecurityPolicy"]),
        new("security.write", "Ask everybody in the workspace for a second factor", [], ["SetSecurityPolicy"], StepUp: true, People: true),
        new("tokens.read", "See the workspace's service tokens", [Operator], ["ListServiceTokens"]),
        new("tokens.write", "Make and end tokens of services", [], ["CreateServiceToken", "RevokeServiceToken"], StepUp: true, People: true),
        new("account.read", "See one's own sessions, tokens, second factors, workspaces and organisations", Everyone, ["ListWorkspaces", "ListOrganisations", "GetOrganisation", "GetSession", "ListLogins", "ListSessions", "ListTokens", "GetDevice", "GetSecondFactor", "ListPasskeys"], Own: true),
        new("account.tokens", "Let tools in that act for oneself", Everyone, ["CreateToken", "ApproveDevice"], StepUp: true, Own: true),
        new("account.logins", "Link and unlink one's own logins", Everyone, ["LinkLogin", "UnlinkLogin"], StepUp: true, Own: true),
        new("account.factors", "Change one's own second factors", Everyone, ["StartTotp", "ConfirmTotp", "RemoveTotp", "NewRecoveryCodes", "StartPasskey", "AddPasskey", "RemovePasskey"], StepUp: true, Own: true),
        new("account.workspaces", "Make workspaces and organisations, and name an Admin where none is left", Everyone, ["CreateWorkspace", "CreateOrganisation", "NameWorkspaceAdmin"], StepUp: true, Own: true),
        new("account.organisations", "Say who administers an organisation of one's own and what it asks for, and become an Admin of its workspaces", Everyone,
            ["SetOrganisationAdmin", "RemoveOrganisationAdmin", "JoinWorkspace", "SetOrganisationPolicy"], StepUp: true, Own: true),
        new("account.confirm", "Show that it is oneself", Everyone, ["ConfirmSession"], Own: true),
        new("account.sessions", "End one's own sessions and tokens", Everyone, ["EndSession", "RevokeSession", "RevokeSessions", "RevokeToken", "DenyDevice"], Own: true),
    ];

    /// <summary>Need to be signed in and no membership: who one is; the secret in an invitation is the right.</summary>
    public static readonly ImmutableArray<string> Open = ["GetMe", "ListPermissions", "AcceptInvitation"];

    /// <summary>Need nobody to be signed in: how one signs in; and of a path that is not there nothing is told. Each that changes something writes the audit log itself.</summary>
    public static readonly ImmutableArray<string> Anonymous = ["GetConfig", "FindWay", "ListSignInFaults", "RefreshSession", "StartDevice", "PollDevice", "StartPasskeySignIn", "SignInByPasskey", "Enrol", NoSuchPath];

    /// <summary>What a session may that has not shown its second factor yet: see which one it has, show it, or go.</summary>
    public static readonly ImmutableArray<string> BeforeFactor = ["GetSession", "GetSecondFactor", "ConfirmSession", "EndSession", "GetMe"];

    /// <summary>Looking at who may come in, and by what, leaves a row in the audit log.</summary>
    public static readonly ImmutableArray<string> Recorded = ["GetMembers", "ListServiceTokens", "ListConnections", "GetConnection", "ListWebhooks", "GetWebhook"];

    public const string NoSuchPath = nameof(NoSuchPath);

    private static readonly FrozenDictionary<string, Permission> OfAction = All.SelectMany(p => p.Actions.Select(a => (a, p))).ToFrozenDictionary(x => x.a, x => x.p, StringComparer.Ordinal);

    /// <summary>Null: no such action, which nobody may.</summary>
    public static Permission? Of(string action) => OfAction.GetValueOrDefault(action);

    public static bool Grants(ImmutableArray<Role> roles, Permission permission)
    {
        foreach (var role in roles) if (role == Admin || permission.Roles.Contains(role)) return true;
        return false;
    }
}
