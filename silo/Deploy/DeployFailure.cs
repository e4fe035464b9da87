using ProdSprint.Jobs;

namespace ProdSprint.Deploy;

/// <summary>The target's failures in the words of the job queue.</summary>
internal static class DeployFailure
{
    public static async Task<string?> TellAsync(Func<Task<string>> work, string next)
    {
        try
        {
            return await work();
        }
        catch (DeployException e)
        {
            throw new JobFailedException(e.Message, next, e.Retry, e);
        }
    }
}
