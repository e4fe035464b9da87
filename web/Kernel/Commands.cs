using Microsoft.AspNetCore.Http.HttpResults;

namespace ProdSprint.Kernel;

/// <summary>What a mutation answers: the grain's key, its version, and the key of what it set going.</summary>
public sealed record CommandAnswer(string Key, long Version, string? Started);

public static class Commands
{
    /// <summary>202 with what was accepted; a refusal becomes its problem.</summary>
    public static async Task<Accepted<CommandAnswer>> Answer(this Task<CommandResult> command, string location)
    {
        var result = await command;
        if (result.Rejection is { } rejection) throw ProblemException.Of(rejection);
        return TypedResults.Accepted(location, new CommandAnswer(result.Key, result.Version, result.Started));
    }
}
