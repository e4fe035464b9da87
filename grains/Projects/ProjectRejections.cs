using ProdSprint.Kernel;

namespace ProdSprint.Projects;

/// <summary>Every way a project can say no. Codes are stable: they are the problem types of the API.</summary>
internal static class ProjectRejections
{
    public static Rejection Unknown(string id) => new(
        "project.not-found", "No such project", $"There is no project '{id}' in this workspace.", "Import it: prodsprint import <path-or-git-url>", RejectionKind.NotFound);

    public static Rejection Exists(string id, string source) => new(
        "project.exists", "The project exists", $"'{id}' was imported from {source} already.", $"Plan it: prodsprint plan --project {id}; or import under another name with --name");

    public static Rejection NoSuchEnvironment(string environment) => new(
        "infrastructure.no-such-environment", "No such environment", $"There is no environment '{environment}'.", $"Use one of: {string.Join(", ", Plans.PlanBuilder.Environments)}", RejectionKind.Invalid);

    public static Rejection NotImported(Project p) => new(
        "project.not-imported", "Not imported yet",
        p.Import == ImportState.Failed ? $"The import of {p.Source} failed: {p.Problem}" : $"{p.Source} is still being imported.",
        p.Import == ImportState.Failed ? $"Mend it, then import again: prodsprint import {p.Source}" : "Wait for the import to end: prodsprint status");

    public static Rejection NoApprovedPlan(int number) => new(
        "release.plan-not-approved", "The plan is not approved", $"Plan {number} is not the approved one, and nothing of a repository runs before its plan is approved.",
        $"Read and approve it: prodsprint approve --plan {number}", RejectionKind.Gate);

    public static Rejection WaiversOfPlanEnded(ApprovedPlan plan) => new(
        "plan.waiver-ended", "A waiver of the plan has ended", $"Plan {plan.Number} was approved over a blocker that was waived until {plan.WaivedUntil:yyyy-MM-dd HH:mm} UTC.",
        "Resolve it, or plan and approve again with a new waiver: prodsprint plan", RejectionKind.Gate);

    public static Rejection Frozen(FreezeWindow w) => new(
        "release.frozen", "Frozen", $"A freeze window is open until {w.Until:yyyy-MM-dd HH:mm} UTC: {w.Reason}",
        "Wait until it closes, or roll back, which is always allowed", RejectionKind.Gate);

    public static Rejection WindowEndsBeforeItBegins(FreezeWindow w) => new(
        "project.bad-window", "The window ends before it begins", $"From {w.From:yyyy-MM-dd HH:mm} until {w.Until:yyyy-MM-dd HH:mm} UTC is no time at all.",
        "Give an end after the beginning", RejectionKind.Invalid);

    public static Rejection WindowNotWeekly(string problem) => new(
        "project.bad-window", "The window cannot come every week", problem, "Name an IANA time zone (Europe/Berlin), and give a first time shorter than a week", RejectionKind.Invalid);

    public static Rejection WindowOfNoEnvironment(FreezeWindow w) => new(
        "project.bad-window", "No such environment", $"There is no environment '{w.Environment}'.", "Name staging or production, or neither: then no release begins", RejectionKind.Invalid);

    public static Rejection WindowWithoutReason() => new(
        "project.bad-window", "A reason is missing", "A freeze window without a reason stops people who cannot know why.", "Say in one sentence why nothing is released then", RejectionKind.Invalid);

    public static Rejection NoVariableName(string name) => new(
        "project.bad-variable", "No name for a variable", $"'{name}' cannot be the name of an environment variable.",
        "Use letters, digits and '_', not beginning with a digit, at most 128 characters", RejectionKind.Invalid);

    public static Rejection NothingToRollBackTo(string? version, IEnumerable<string> known) => new(
        "rollback.no-target", "Nothing to roll back to",
        version is null ? "No version before the stable one was ever promoted." : $"'{version}' was never promoted here.",
        known.Any() ? $"Choose one of: {string.Join(", ", known)}" : "Release a version first: prodsprint release", RejectionKind.NotFound);

    public static Rejection AlreadyStable(string version) => new(
        "rollback.already-stable", "Already there", $"Production already serves {version}, and no release is in flight.", "Nothing needs to be done");
}
