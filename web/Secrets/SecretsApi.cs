using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using ProdSprint.Audit;
using ProdSprint.Data;
using ProdSprint.Identity;
using ProdSprint.Kernel;
using ProdSprint.Plans;
using ProdSprint.Projects;

namespace ProdSprint.Secrets;

/// <summary>Secrets of environments: values go in and are never shown again; versions, rotation and its end are.</summary>
public static partial class SecretsApi
{
    /// <param name="Kind">Of a new secret; it stays of its kind.</param>
    /// <param name="Value">For the kind value; the others are made at their provider.</param>
    /// <param name="Provider">For the kind apiKey.</param>
    public sealed record SecretBody(SecretKind Kind = SecretKind.Value, [property: MaxLength(LongestValue)] string? Value = null, ApiKeyProvider? Provider = null, string? Reason = null) : IReasoned;

    /// <param name="OverlapHours">How long the version before goes on working; left out: as the schedule says.</param>
    public sealed record RotateSecretBody(int? OverlapHours = null, string? Reason = null) : IReasoned;

    /// <param name="EveryDays">Left out: only when somebody asks.</param>
    public sealed record SecretScheduleBody(int? EveryDays = null, int OverlapHours = 24, string? Reason = null) : IReasoned;
    public sealed record SecretReasonBody(string? Reason = null) : IReasoned;

    private const int LongestValue = 16 * 1024, LongestAddress = 2_000;

    public static void MapSecretsApi(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/projects/{project}/secrets").WithTags("Secrets");
        all.MapGet("", List).WithName("ListSecrets").WithSummary("The secrets of all environments, without their values").Refuses(404, "project.not-found").Refuses(422, "page.bad-limit", "page.bad-cursor");
        var one = all.MapGroup("{environment}/{name}");
        one.MapGet("", Get).WithName("GetSecret").WithSummary("One secret: its versions, its schedule, and whether it is let in; no value").Refuses(404, "secret.not-found");
        one.MapPost("versions", Set).WithName("SetSecret").WithSummary("A new version of a value; of the other kinds the first version, which is made at its provider").WithMetadata(new HoldsSecret())
            .Refuses(404, "project.not-found").Refuses(409, "secret.other-kind", "secret.busy", "secret.overlap")
            .Refuses(422, "secret.bad-name", "secret.no-such-environment", "secret.no-value", "secret.bad-value", "secret.no-provider", "secret.bad-provider");
        one.MapPost("rotate", Rotate).WithName("RotateSecret").WithSummary("Makes a version, has it let in beside the current one, tries it, and only then hands it out")
            .Refuses(404, "secret.not-found").Refuses(409, "secret.busy", "secret.overlap", "secret.no-rotator").Refuses(422, "secret.bad-schedule");
        one.MapPost("schedule", Schedule).WithName("ScheduleSecret").WithSummary("How often it is rotated, and how long the version before goes on working")
            .Refuses(404, "secret.not-found").Refuses(409, "secret.no-rotator").Refuses(422, "secret.bad-schedule");
        one.MapPost("check", Check).WithName("CheckSecret").WithSummary("Looks now whether the current version is let in").Refuses(404, "secret.not-found").Refuses(409, "secret.busy", "secret.empty", "secret.no-check");
        one.MapPost("restore", Restore).WithName("RestoreSecret").WithSummary("In the overlap: the version before is current again").Refuses(404, "secret.not-found").Refuses(409, "secret.no-previous", "secret.busy", "secret.doubtful");
        one.MapPost("revoke", Revoke).WithName("RevokeSecret").WithSummary("Ends the version before now, also when running copies use it").Refuses(404, "secret.not-found").Refuses(409, "secret.no-previous");
        one.MapDelete("", Remove).WithName("RemoveSecret").WithSummary("Ends it at its provider and forgets its values; its record stays, and its name may be used again")
            .Refuses(404, "secret.not-found").Refuses(409, "secret.busy").Refuses(422, "secret.no-reason");
    }

    private static async Task<JsonPage<SecretView>> List(
        string project, [MaxLength(Page.LongestCursor)] string? after, [Range(1, Page.MaxLimit)] int? limit, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonPage<SecretView>.Of(await views.ListAsync(caller.Workspace, new("secret", project, after, Page.Limit(limit), null, ViewOrder.Name), cancellation));

    private static async Task<JsonBody<SecretView>> Get(string project, string environment, [Description("As services are given it: DATABASE_URL")] string name, Caller caller, ViewReads views, CancellationToken cancellation) =>
        JsonBody<SecretView>.Of(await views.FindAsync(caller.Workspace, Key(project, environment, name, caller), cancellation)) ?? throw Missing(name, environment);

    private static async Task<Accepted<CommandAnswer>> Set(
        string project, string environment, [Description("As services are given it: DATABASE_URL")] string name, SecretBody body, Caller caller, IGrainFactory grains, ViewReads views, SecretStore store, SecretOptions options, CancellationToken cancellation)
    {
        if (await views.FindAsync(caller.Workspace, GrainKeys.Project(caller.Workspace, project), cancellation) is null) throw ProblemException.NotFound("project", project, "See which there are: prodsprint projects");
        Checked(environment, name, body, options);
        string? reference = null;
        var secret = new SecretName(caller.Workspace, project, environment, name);
        if (body is { Kind: SecretKind.Value, Value: { } value }) await store.PutAsync(secret, reference = $"set-{Guid.NewGuid():n}", value, null, cancellation);
        try
        {
            return await Do(project, environment, name, new SetSecret(body.Kind, reference, body.Provider, caller.Actor, body.Reason), caller, grains);
        }
        catch (ProblemException) when (reference is not null)
        {
            await store.ForgetAsync(secret, reference, CancellationToken.None);
            throw;
        }
    }

    private static Task<Accepted<CommandAnswer>> Rotate(string project, string environment, string name, RotateSecretBody? body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, name, new RotateSecret(body?.OverlapHours, caller.Actor, body?.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Schedule(string project, string environment, string name, SecretScheduleBody body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, name, new ScheduleSecret(body.EveryDays, body.OverlapHours, caller.Actor, body.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Check(string project, string environment, string name, SecretReasonBody? body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, name, new CheckSecret(caller.Actor, body?.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Restore(string project, string environment, string name, SecretReasonBody? body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, name, new RestoreSecret(caller.Actor, body?.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Revoke(string project, string environment, string name, SecretReasonBody? body, Caller caller, IGrainFactory grains) =>
        Do(project, environment, name, new RevokeSecret(caller.Actor, body?.Reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Remove(
        string project, string environment, string name, [Description("Also when something runs with it; needs a reason")] bool? force, [Description("Why")] string? reason, Caller caller, IGrainFactory grains) =>
        Do(project, environment, name, new RemoveSecret(force ?? false, caller.Actor, reason), caller, grains);

    private static Task<Accepted<CommandAnswer>> Do(string project, string environment, string name, SecretCommand command, Caller caller, IGrainFactory grains) =>
        grains.GetGrain<ISecretGrain>(Key(project, environment, name, caller)).Do(command).Answer($"/v1/projects/{project}/secrets/{environment}/{name}");

    private static void Checked(string environment, string name, SecretBody body, SecretOptions options)
    {
        if (!PlanBuilder.Environments.Contains(environment)) throw ProblemException.Invalid("secret.no-such-environment", $"There is no environment '{Short(environment)}'.", $"Use {string.Join(" or ", PlanBuilder.Environments)}");
        if (!Name().IsMatch(name) || VariableNames.IsPlatform(name)) throw ProblemException.Invalid("secret.bad-name", $"'{Short(name)}' is no name for a secret.", "Capitals, digits and _, 64 at most, e.g. DATABASE_URL; not one that the platform sets, as PORT");
        if (body.Kind == SecretKind.Value ? body.Value is { Length: 0 } || body.Value?.Contains('\0') == true : body.Value is not null)
            throw ProblemException.Invalid("secret.bad-value", body.Kind == SecretKind.Value ? "The value is empty, or has a NUL in it, which no process can be given." : "A secret of this kind is made at its provider, and has no value from outside.", "Use the kind value, or leave the value out");
        if (body.Kind == SecretKind.ApiKey && body.Provider is { } p && (!(Address(p.Create, options) && Address(p.Verify, options) && Address(p.Revoke, options)) || p.Credential is { } credential && !Name().IsMatch(credential)))
            throw ProblemException.Invalid("secret.bad-provider", "'provider' has an address that is not asked, or a credential that is no secret's name.", "https://… without a user or password in it; or have the server allow private networks (Secrets__AllowPrivate)");
    }

    private static bool Address(string? text, SecretOptions options) => text is { Length: > 0 and <= LongestAddress } && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || options.AllowPrivate && url.Scheme == Uri.UriSchemeHttp);

    /// <summary>What is no name reaches no grain.</summary>
    private static string Key(string project, string environment, string name, Caller caller) =>
        PlanBuilder.Environments.Contains(environment) && Name().IsMatch(name) ? GrainKeys.Secret(caller.Workspace, project, environment, name) : throw Missing(Short(name), Short(environment));

    private static ProblemException Missing(string name, string environment) => ProblemException.NotFound("secret", $"{environment}/{name}", "See which there are: prodsprint secrets list");

    private static string Short(string text) => text.Length > 80 ? text[..80] + "…" : text;

    [GeneratedRegex(@"\A[A-Z_][A-Z0-9_]{0,63}\z")]
    private static partial Regex Name();
}
