using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>What a waiver has to say before it is kept. Codes are stable: they are the problem types of the API.</summary>
internal static class WaiverChecks
{
    /// <summary>What is accepted for longer than a year is no exception but the rule, and belongs into the policy.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Valid ones: all of them go with a release, and nobody can mind more.</summary>
    public const int Most = 500;

    /// <summary>Ended ones that can still be read in the list; all of them are in the timeline and the audit log.</summary>
    public const int EndedKept = 200;

    private const int LongestReason = 2000;
    private const int LongestName = 500;

    public static Rejection? Create(Project p, CreateWaiver c, DateTimeOffset now) =>
        Missing(c) ?? Wrong(c, now) ?? OwnChange(p, c.By)
        ?? (p.Waivers.Count(w => w.HoldsAt(now)) >= Most
            ? new("waiver.too-many", "Too many waivers", $"{Most} waivers hold in this project already.", "Mend what they are about, or revoke those that are not needed")
            : p.Waivers.FirstOrDefault(w => w.HoldsAt(now) && w.Covers == c.Covers && w.Subject == c.Subject && w.Package == c.Package) is { } same
                ? new("waiver.exists", "Waived already", $"Waiver {same.Number} of {same.By} covers it until {same.Expires:yyyy-MM-dd HH:mm} UTC.", $"Revoke that one first: prodsprint waivers revoke {same.Number}")
                : null);

    public static Rejection? Revoke(Project p, RevokeWaiver c, DateTimeOffset now) => p.Waivers.FirstOrDefault(w => w.Number == c.Number) switch
    {
        null => new("waiver.not-found", "No such waiver", $"There is no waiver {c.Number} in this project.", "List them: prodsprint waivers list", RejectionKind.NotFound),
        { } w when !w.HoldsAt(now) => new("waiver.ended", "The waiver has ended", $"Waiver {w.Number} {(w.State == WaiverState.Revoked ? $"was revoked by {w.RevokedBy}" : $"expired at {w.Expires:yyyy-MM-dd HH:mm} UTC")}.", "Nothing needs to be done"),
        _ => null,
    };

    /// <summary>Where every plan wants a second pair of eyes, so does every exception: nobody waives for a plan or a release of their own.</summary>
    private static Rejection? OwnChange(Project p, Actor by) =>
        !by.IsUser ? new("waiver.by-machine", "A person has to answer for it", $"{by} is not a person.", "Waive it with your own identity", RejectionKind.Forbidden)
        : p.Approved?.Document.Policy is { Approval: ApprovalMode.EveryPlan } policy && (by.Id == p.LastPlanBy || (p.Active is not null && by.Id == p.ActiveBy))
            ? new("waiver.own-change", "Not for a change of your own", $"The policy '{policy.Name}' wants another pair of eyes than {by.Id}'s, who asked for plan {p.LastPlan}{(p.Active is { } a && by.Id == p.ActiveBy ? $" or started release {a.Number}" : "")}.",
                "Ask someone else to waive it", RejectionKind.Forbidden)
            : null;

    private static Rejection? Missing(CreateWaiver c) =>
        string.IsNullOrWhiteSpace(c.Reason) ? Invalid("waiver.no-reason", "It says no reason.", "Say in one sentence why it is acceptable for a while")
        : string.IsNullOrWhiteSpace(c.Ticket) ? Invalid("waiver.no-ticket", "It names no ticket.", "Name the ticket in which it is being mended")
        : string.IsNullOrWhiteSpace(c.Subject) ? Invalid("waiver.no-subject", "It does not say what is waived.", "Give the advisory's id, the licence's SPDX id or the control's id")
        : c.Covers == WaiverKind.Vulnerability && string.IsNullOrWhiteSpace(c.Package) ? Invalid("waiver.no-package", "A vulnerability is waived in one package at a time.", "Name the package by its URL: pkg:npm/lodash, or pkg:npm/lodash@4.17.20 for one version")
        : null;

    private static Rejection? Wrong(CreateWaiver c, DateTimeOffset now) =>
        c.Package is { } package && (!package.StartsWith("pkg:", StringComparison.Ordinal) || package.Length > LongestName) ? Invalid("waiver.bad-package", "It names no package.", "Give a package URL: pkg:npm/lodash or pkg:npm/lodash@4.17.20")
        : c.Subject.Length > LongestName || c.Ticket.Length > LongestName || c.Reason!.Length > LongestReason ? Invalid("waiver.too-long", "A name in it or its reason is too long.", $"At most {LongestName} characters for a name and {LongestReason} for the reason")
        : c.Expires <= now ? Invalid("waiver.bad-expiry", $"It would end at {c.Expires:yyyy-MM-dd HH:mm} UTC, which is over.", "Give a time to come")
        : c.Expires > now + Longest ? Invalid("waiver.bad-expiry", $"It would hold until {c.Expires:yyyy-MM-dd}.", $"At most {Longest.TotalDays:0} days; what stays for longer belongs into the policy")
        : null;

    private static Rejection Invalid(string code, string detail, string next) => new(code, "Not a waiver", detail, next, RejectionKind.Invalid);
}
