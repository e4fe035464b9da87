using System.Text.Json;

namespace ProdSprint.Jobs;

/// <summary>A job in a list, as <c>JobReads</c> writes it. Times are UTC.</summary>
/// <param name="State">queued, running, succeeded, dead or cancelled.</param>
/// <param name="Owner">The grain that is told its outcome.</param>
/// <param name="Progress">0-1.</param>
/// <param name="NextAt">When a queued one is tried.</param>
public record JobRow(
    string Id, string Kind, string State, string? Owner, string? Project, string? Group, int Attempt, int MaxAttempts, int Interruptions, int Priority, double? Progress,
    string? ProgressText, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? NextAt, string? LeasedBy, bool? Cancelling);

/// <summary>A job with all there is to know of it.</summary>
public sealed record JobView(
    string Id, string Kind, string State, string? Owner, string? Project, string? Group, int Attempt, int MaxAttempts, int Interruptions, int Priority, double? Progress,
    string? ProgressText, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? NextAt, string? LeasedBy, bool? Cancelling,
    JsonElement? Argument, JsonElement? Result, IReadOnlyList<JobLogLine> Log)
    : JobRow(Id, Kind, State, Owner, Project, Group, Attempt, MaxAttempts, Interruptions, Priority, Progress, ProgressText, Error, CreatedAt, StartedAt, EndedAt, NextAt, LeasedBy, Cancelling);

/// <param name="Done">retry or replay.</param>
public sealed record JobSteered(string Id, string Done);
