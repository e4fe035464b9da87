using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ProdSprint.Identity;

/// <summary>Why a sign-in did not come about, as a state a person can act on. The code is stable and goes into the address of the sign-in page; what exactly was wrong stays in the log.</summary>
/// <param name="Title">One sentence for whoever wanted to sign in.</param>
/// <param name="Next">What they, or their Admin, can do.</param>
public sealed record SignInFault(string Code, string Title, string Next)
{
    public static readonly SignInFault Cancelled = new("signin.cancelled", "You did not let ProdSprint know who you are.", "Sign in again, and agree at the provider");
    public static readonly SignInFault ProviderDown = new("signin.provider-down", "The sign-in provider does not answer.", "Try again in a few minutes, or sign in another way");
    public static readonly SignInFault ProviderSlow = new("signin.provider-slow", "The sign-in provider takes too long to answer.", "Try again in a few minutes, or sign in another way");
    public static readonly SignInFault ProviderRefused = new("signin.provider-refused", "The provider refused the sign-in.", "Ask your Admin to compare client id, secret and redirect address with the provider's; the connection's test says which step fails");
    public static readonly SignInFault Untrusted = new("signin.untrusted-answer", "The provider's answer could not be trusted, so nobody was signed in.", "Try again; if it stays so, tell your Admin the request id: the log names what was wrong");
    public static readonly SignInFault Clock = new("signin.clock", "The clocks of this server and of the provider differ too much.", "Ask your Admin to set the server's clock (NTP), then sign in again");
    public static readonly SignInFault Expired = new("signin.expired", "This sign-in took longer than ten minutes.", "Start again");
    public static readonly SignInFault Replayed = new("signin.replayed", "This sign-in was completed already.", "Start again; a link of a sign-in works once");
    public static readonly SignInFault NotAsked = new("signin.not-asked", "Nobody here asked for this sign-in.", "Start at ProdSprint's sign-in page instead of at the provider");
    public static readonly SignInFault OtherBrowser = new("signin.other-browser", "This sign-in was started in another browser.", "Finish it there, or start again here, with cookies allowed");
    public static readonly SignInFault EmailUnverified = new("signin.email-unverified", "The provider has not verified your e-mail address.", "Verify the address at the provider, then sign in again");
    public static readonly SignInFault Incomplete = new("signin.incomplete", "The provider did not say who you are.", "Ask your Admin to release a lasting subject and the e-mail address at the provider");
    public static readonly SignInFault NoMember = new("signin.no-member", "You are not a member of the workspace, and nothing makes you one.", "Ask an Admin of the workspace for an invitation, or for a group that has a role here");
    public static readonly SignInFault Deactivated = new("signin.deactivated", "Your organisation has deactivated your account.", "Ask whoever keeps your organisation's directory");
    public static readonly SignInFault NoWay = new("signin.no-way", "There is no such way to sign in.", "Choose one of those on the sign-in page");
    public static readonly SignInFault LinkedElsewhere = new("signin.linked-elsewhere", "This login belongs to another account.", "Sign in with it, and unlink it there first");
    public static readonly SignInFault LinkChanged = new("signin.link-changed", "You are not signed in any more as who wanted to link this login.", "Sign in, and start linking again");

    public static readonly ImmutableArray<SignInFault> All =
    [
        Cancelled, ProviderDown, ProviderSlow, ProviderRefused, Untrusted, Clock, Expired, Replayed, NotAsked, OtherBrowser, EmailUnverified, Incomplete, NoMember, Deactivated,
        NoWay, LinkedElsewhere, LinkChanged,
    ];

    private static readonly FrozenDictionary<string, SignInFault> ByCode = All.ToFrozenDictionary(f => f.Code, StringComparer.Ordinal);

    public static SignInFault? Of(string code) => ByCode.GetValueOrDefault(code);
}

/// <summary>Ends a sign-in. <paramref name="detail"/> is for the log and the audit log; the person sees the fault's own words.</summary>
public sealed class SignInException(SignInFault fault, string detail, Exception? cause = null) : Exception(detail, cause)
{
    public SignInFault Fault { get; } = fault;
}
