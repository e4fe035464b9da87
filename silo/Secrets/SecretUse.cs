using ProdSprint.Deploy;

namespace ProdSprint.Secrets;

/// <summary>Who may still hold a version that is to be ended.</summary>
public interface ISecretUse
{
    /// <summary>One sentence; null: nobody.</summary>
    string? Find(SecretRequest request);

    /// <summary>Who holds any version of the secret; one sentence, null: nobody.</summary>
    string? Holders(SecretRequest request);
}

/// <summary>
/// Running copies that were started before the version now current became so: what a process was given when it started stays in it. They get the current one when they are
/// started again: by the next release, or by the supervisor.
/// </summary>
internal sealed class RunningCopies(InstanceRegistry registry) : ISecretUse
{
    /// <summary>What a copy is given is read a moment before its process begins.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(30);

    public string? Find(SecretRequest request)
    {
        // A value from outside goes on working wherever it is let in: forgetting it here takes it from nobody.
        if (request.Kind == SecretKind.Value || request.Since is not { } since) return null;
        var old = Releases(request, r => MayHold(r, request) && (r.StartedAt ?? r.CreatedAt) <= since + Moment);
        return old.Count == 0 ? null : $"release {string.Join(", ", old)} was started with it, and gets the current one with the next release";
    }

    public string? Holders(SecretRequest request)
    {
        var given = Releases(request, r => r.Given?.Contains(request.Name) is true);
        if (given.Count > 0) return $"release {string.Join(", ", given)} of {request.Environment} is running, and was given it";
        var doubtful = Releases(request, r => r.Given is null);
        return doubtful.Count == 0 ? null : $"release {string.Join(", ", doubtful)} of {request.Environment} is running or being started, and may have been given it";
    }

    private static bool MayHold(InstanceRecord r, SecretRequest request) => r.Given?.Contains(request.Name) is not false;

    private List<int> Releases(SecretRequest request, Func<InstanceRecord, bool> which) =>
        [.. registry.All().Where(r => r.Key.Workspace == request.Workspace && r.Key.Project == request.Project && r.Key.Environment == request.Environment && which(r)).Select(r => r.Key.Release).Distinct().Order()];
}
