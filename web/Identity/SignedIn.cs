using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>What <see cref="Authentication"/> found out about a request's credential, kept with the request.</summary>
/// <param name="Session">Signed in by a session; null: by nothing that holds, or by a token.</param>
/// <param name="Token">Signed in by a token.</param>
/// <param name="ByCookie">Sent by the browser of itself, so that mutations need a proof that they are meant.</param>
/// <param name="Problem">Why a credential that was shown does not hold.</param>
public sealed record SignedIn(SessionFacts? Session, TokenFacts? Token = null, bool ByCookie = false, ProblemException? Problem = null)
{
    /// <summary>As which this request acts, once that was found out: it is asked several times of every request.</summary>
    public Caller? Caller { get; set; }
}

internal static class SignedInFeature
{
    /// <summary>Null: no credential was shown, or none is asked for there.</summary>
    public static SignedIn? SignedIn(this HttpContext http) => http.Features.Get<SignedIn>();
}
