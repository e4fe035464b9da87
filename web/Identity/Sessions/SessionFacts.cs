using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>What has to be known of a session at every request.</summary>
/// <param name="Over">Ended, or its account disabled.</param>
/// <param name="EndsAt">When it is over by itself.</param>
/// <param name="AuthenticatedAt">When the person last proved to be themselves.</param>
/// <param name="FactorAt">When they last did it by a second factor, or by a passkey, which is two in one; null: never in this session.</param>
/// <param name="NeedsFactor">The account has a second factor and this session has not shown it yet: it may do nothing else.</param>
/// <param name="Logins">Each as <c>provider:subject</c>, and <c>provider:address</c> where it is verified.</param>
/// <param name="Enrolled">Made an administrator at the machine.</param>
public sealed record SessionFacts(
    Guid Id, string Account, bool Over, DateTimeOffset EndsAt, DateTimeOffset AuthenticatedAt, DateTimeOffset? FactorAt, bool NeedsFactor, IReadOnlyList<string> Logins, bool Enrolled)
{
    public DateTimeOffset ProvedAt => FactorAt > AuthenticatedAt ? FactorAt.Value : AuthenticatedAt;

    // Asked for at every request, and the same each time.
    public Actor Actor { get; } = Actor.User(Account);

    public string Credential { get; } = CredentialOf(Id);

    /// <summary>As it stands in the audit log.</summary>
    public static string CredentialOf(Guid session) => $"session:{session:N}";

    public bool IsAdministrator(IdentityOptions options) => Enrolled || Logins.Any(l => options.Admins.Contains(l, StringComparer.OrdinalIgnoreCase));
}
