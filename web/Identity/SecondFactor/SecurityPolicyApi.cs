using ProdSprint.Audit;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Whether everybody in the workspace needs a second factor.</summary>
public static class SecurityPolicyApi
{
    public sealed record SecurityPolicyBody(bool SecondFactor, string? Reason = null) : IReasoned;

    public static void MapSecurityPolicyApi(this IEndpointRouteBuilder routes)
    {
        var policy = routes.MapGroup("/v1/security-policy").WithTags("Identity");
        policy.MapGet("", Get).WithName("GetSecurityPolicy").WithSummary("What the workspace asks of those who come into it");
        policy.MapPut("", Set).WithName("SetSecurityPolicy").WithSummary("Ask everybody for a second factor, or no longer").Refuses(409, "security.not-yourself");
    }

    private static async Task<JsonBody<WorkspacePolicy>> Get(Caller caller, KnownCredentials known, CancellationToken cancellation) =>
        JsonBody<WorkspacePolicy>.Of(await known.PolicyAsync(caller.Workspace, cancellation));

    private static async Task<WorkspacePolicy> Set(SecurityPolicyBody body, Caller caller, SecurityPolicies policies, KnownCredentials known, CancellationToken cancellation)
    {
        // Whoever asks it of others would otherwise have locked themselves out with the next click.
        if (body.SecondFactor && caller.WithoutFactor) throw NotYourself();
        await policies.SetAsync(caller.Workspace, new(body.SecondFactor), caller.Actor.Id, cancellation);
        return await known.PolicyAsync(caller.Workspace, cancellation);
    }

    internal static ProblemException NotYourself() => new(
        StatusCodes.Status409Conflict, "security.not-yourself", "You first", "You have not shown a second factor in this session yourself.", "Set one up in your account and confirm the session with it");
}
