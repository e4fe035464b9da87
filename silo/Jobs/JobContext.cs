using System.Text.Json;
using ProdSprint.Kernel;

namespace ProdSprint.Jobs;

/// <summary>What a handler knows about its job, and how people can watch it. Safe for concurrent use.</summary>
public sealed class JobContext(Job job, IJobWatch watch)
{
    /// <summary>The id of the effect that asked for it; the same in every attempt.</summary>
    public string Id => job.Id;

    public string Workspace => job.Workspace;

    public string? Project => job.Project;

    public string Kind => job.Kind;

    /// <summary>JSON as it was enqueued.</summary>
    public string Payload => job.Payload;

    /// <summary>1, 2, 3 …</summary>
    public int Attempt => job.Attempt;

    public int MaxAttempts => job.MaxAttempts;

    /// <summary>The payload, as <see cref="KernelJson"/> writes it.</summary>
    public T Read<T>()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(job.Payload, KernelJson.Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new JobFailedException($"The argument of {job.Kind} cannot be read as {typeof(T).Name}: {e.Message}.", "report this as a defect of ProdSprint", inner: e);
        }
    }

    public static string Write<T>(T result) => KernelJson.Write(result);

    /// <summary>A line people can watch. Costs nothing to call often: lines are written in batches, and cut off after <see cref="JobOptions.MaxLogLines"/>.</summary>
    public void Log(string line) => watch.Log(job, line);

    /// <param name="percent">0 to 100; NaN when it cannot be known.</param>
    public void Progress(double percent, string text) => watch.Progress(job, percent, text);
}

/// <summary>Where log lines and progress go: the database, or a test's list.</summary>
public interface IJobWatch
{
    void Log(Job job, string line);

    void Progress(Job job, double percent, string text);
}

/// <summary>A job as it was fetched for one attempt.</summary>
/// <param name="OwnerKey">The grain that is told the outcome; null for none.</param>
/// <param name="Trace">The W3C trace context of what led to it; null when nobody collected traces.</param>
public sealed record Job(
    string Id, string Workspace, string? Project, string Kind, string? OwnerKey, string Payload, int Attempt, int MaxAttempts, TimeSpan TimeLimit, int Interruptions, string? Trace = null);
