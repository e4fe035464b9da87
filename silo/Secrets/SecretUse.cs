using ProdSprint.Deploy;

namespace ProdSprint.Secrets;

/// <summary>Who may still hold a version that is to be ended.</summary>
public interface ISecretUse
{
    /// <summary>One sentence; null: nobody.</summary>
    string? Find(SecretRequest request);
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
        var old = registry.All().Where(r => r.Key.Workspace == request.Workspace && r.Key.Project == request.Project && r.Key.Environment == request.Environment && (r.StartedAt ?? r.CreatedAt) <= since + Moment)
            .Select(r => r.Key.Release).Distinct().Order().ToList();
        return old.Count == 0 ? null : $"release {string.Join(", ", old)} was started with it, and gets the current one with the next release";
    }
}
