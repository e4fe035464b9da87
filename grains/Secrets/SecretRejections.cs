using ProdSprint.Kernel;

namespace ProdSprint.Secrets;

/// <summary>Every way a secret can say no. Codes are stable: they are the problem types of the API.</summary>
internal static class SecretRejections
{
    public static Rejection Unknown(string key) => new(
        "secret.not-found", "No such secret", $"There is no {key}.", "See which there are: prodsprint secrets list", RejectionKind.NotFound);

    public static Rejection Removed(SecretState s, DateTimeOffset at) => new(
        "secret.not-found", "No such secret", $"{s.Name} of {s.Environment} was removed on {at:yyyy-MM-dd HH:mm} UTC.", $"Set it anew: prodsprint secrets set {s.Name}", RejectionKind.NotFound);

    public static Rejection ForcedWithoutReason(SecretState s) => new(
        "secret.no-reason", "A reason is missing", $"What runs with {s.Name} is not let in any more at once.", "Say in one sentence why that is right: --reason", RejectionKind.Invalid);

    public static Rejection OtherKind(SecretState s, SecretKind wanted) => new(
        "secret.other-kind", "It is of another kind", $"{s.Name} of {s.Environment} is of the kind {Word(s.Kind)}, and stays so; {Word(wanted)} was asked for.", "Give the new one a name of its own");

    public static Rejection NoValue() => new(
        "secret.no-value", "A value is missing", "A secret of the kind value has nothing but what is set.", "Give it: prodsprint secrets set NAME --stdin", RejectionKind.Invalid);

    public static Rejection NoProvider() => new(
        "secret.no-provider", "Where its keys come from is missing", "An API key is made, verified and revoked at a provider, by three addresses.", "Give them: --create URL --verify URL --revoke URL", RejectionKind.Invalid);

    public static Rejection NoRotator(SecretState s) => new(
        "secret.no-rotator", "Nobody makes a new one", $"{s.Name} comes from outside: ProdSprint cannot make a new value of it.", $"Set the new value: prodsprint secrets set {s.Name} --stdin");

    public static Rejection Busy(SecretState s) => new(
        "secret.busy", "Work is going on", s.Removing ? $"{s.Name} of {s.Environment} is being removed." : $"{s.Name} of {s.Environment} is being rotated or a version of it ended.", $"Wait for it: prodsprint secrets versions {s.Name}");

    public static Rejection Overlap(SecretState s) => new(
        "secret.overlap", "The previous version still works",
        $"Version {s.Previous!.Number} of {s.Name} works until {s.RevokeAt:yyyy-MM-dd HH:mm} UTC{(s.Waiting is { } why ? $" ({why})" : "")}, and a third beside the two has no place.",
        $"Wait, or end it now: prodsprint secrets revoke {s.Name}");

    public static Rejection NothingToRevoke(SecretState s) => new(
        "secret.no-previous", "There is no previous version", $"Of {s.Name} nothing but the current version works.", $"Rotate it: prodsprint secrets rotate {s.Name}");

    public static Rejection Doubtful(SecretState s) => new(
        "secret.doubtful", "The previous version is being ended", $"Ending version {s.Previous!.Number} of {s.Name} was begun, and it may stop working at any moment.", $"End it, then make a new one: prodsprint secrets revoke {s.Name}, then rotate");

    public static Rejection Empty(SecretState s) => new(
        "secret.empty", "There is no version yet", s.Problem is { } problem ? $"The first version of {s.Name} could not be made: {problem}" : $"The first version of {s.Name} is being made.", $"See how far it is: prodsprint secrets versions {s.Name}");

    public static Rejection NothingToCheck(SecretState s) => new(
        "secret.no-check", "Nobody can say whether it works", $"{s.Name} is a value from outside: where it is let in is not known.", "Look where it is used");

    public static Rejection BadSchedule() => new(
        "secret.bad-schedule", "Not a schedule",
        $"Days go from 1 to {SecretMachine.MostDays}, the overlap from 0 to {SecretMachine.MostOverlapHours} hours, and the overlap ends before the next rotation.", "e.g. --every 30 --overlap 24", RejectionKind.Invalid);

    internal static string Word(SecretKind kind) => kind switch { SecretKind.Value => "value", SecretKind.PostgresPassword => "postgres-password", _ => "api-key" };
}
