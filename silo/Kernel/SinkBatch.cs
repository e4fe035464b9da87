using Npgsql;
using NpgsqlTypes;
using ProdSprint.Jobs;

namespace ProdSprint.Kernel;

/// <summary>What several grains flush at once, as one transaction in one round trip.</summary>
internal static class SinkBatch
{
    /// <summary>"live" as a number. Held until the commit, so that what readers see in the order of <c>live_seq</c> never gets a number below their cursor.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(1818850917)";

    /// <summary>A command to another grain takes a millisecond and someone waits for it; it does not queue behind builds.</summary>
    private const short TellPriority = 10;

    private const string Facts =
        """
        WITH added AS (
          INSERT INTO timeline (id, workspace, project, grain_key, version, index, at, kind, actor, reason, text, diff, body, trace)
          SELECT id, workspace, project, grain_key, version, index, at, kind, actor, reason, text, diff, body::jsonb, trace
          FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::int[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
            WITH ORDINALITY AS f(id, workspace, project, grain_key, version, index, at, kind, actor, reason, text, diff, body, trace, nth)
          ORDER BY nth
          ON CONFLICT (id) DO NOTHING
          RETURNING workspace, project, grain_key, version, seq)
        SELECT pg_notify('prodsprint_live', json_build_object('ws', workspace, 'kind', 'timeline', 'key', grain_key, 'project', project, 'version', max(version), 'seq', max(seq))::text)
        FROM added GROUP BY workspace, project, grain_key
        """;

    private const string Views =
        """
        WITH changed AS (
          INSERT INTO resource_view AS r (workspace, kind, key, project, version, body)
          SELECT workspace, kind, key, project, version, body::jsonb
          FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) AS v(workspace, kind, key, project, version, body)
          ON CONFLICT (workspace, kind, key) DO UPDATE SET version = excluded.version, body = excluded.body, seq = nextval('live_seq'), updated_at = now()
          WHERE r.version < excluded.version
          RETURNING workspace, kind, key, project, version, seq)
        SELECT pg_notify('prodsprint_live', json_build_object('ws', workspace, 'kind', kind, 'key', key, 'project', project, 'version', version, 'seq', seq)::text) FROM changed
        """;

    public static void Fill(NpgsqlBatch batch, IReadOnlyList<SinkPart> parts)
    {
        var facts = parts.SelectMany(p => p.Facts.Select(f => (Fact: f, p.Trace))).ToList();
        // One statement may not touch a row twice, and only the newest view of a grain is worth writing.
        var views = parts.Where(p => p.ViewJson is not null).GroupBy(p => p.GrainKey).Select(g => g.MaxBy(p => p.Version)!).ToList();
        if (facts.Count > 0 || views.Count > 0) batch.BatchCommands.Add(new(Lock));
        if (facts.Count > 0) batch.BatchCommands.Add(FactsCommand(facts));
        if (views.Count > 0) batch.BatchCommands.Add(ViewsCommand(views));
        var jobs = parts.SelectMany(p => p.Effects.Where(e => e.Effect is EnqueueJob).Select(e => Job(p, e))).ToList();
        if (jobs.Count > 0) JobQueue.Add(batch, jobs);
        // After the jobs: a cancellation reaches only what its grain asked for before it, so this is their order.
        foreach (var part in parts)
        {
            foreach (var (id, cancel) in part.Effects.Where(e => e.Effect is CancelJobs).Select(e => (e.Id, (CancelJobs)e.Effect)))
            {
                var (version, index) = Place(id);
                JobQueue.AddCancel(batch, cancel.Group, cancel.ExceptKinds ?? [], part.GrainKey, version, index);
            }
        }
    }

    private static NewJob Job(SinkPart part, OutboxEntry entry)
    {
        var grainKey = part.GrainKey;
        var job = (EnqueueJob)entry.Effect;
        var (version, index) = Place(entry.Id);
        // Nobody waits for the answer to a command to another grain; waking the sender for it would be for nothing.
        var tell = job.Kind == TellJob.Kind;
        return new(
            entry.Id, GrainKeys.Workspace(grainKey), GrainKeys.ProjectOf(grainKey), job.Kind, Clean(job.PayloadJson), job.TimeLimit, job.MaxAttempts, job.RunAt, job.Group,
            tell ? null : grainKey, version, index, Priority: tell ? TellPriority : (short)0, Trace: part.Trace);
    }

    /// <summary><c>grain-key@version.index</c></summary>
    internal static (long Version, int Index) Place(string id)
    {
        var at = id.LastIndexOf('@');
        var dot = id.LastIndexOf('.');
        return at >= 0 && dot > at && long.TryParse(id.AsSpan(at + 1, dot - at - 1), out var version) && int.TryParse(id.AsSpan(dot + 1), out var index)
            ? (version, index)
            : throw new ArgumentException($"'{id}' is no id of an effect: it must be grain-key@version.index.", nameof(id));
    }

    private static NpgsqlBatchCommand FactsCommand(List<(TimelineEntry Fact, string? Trace)> facts)
    {
        var command = new NpgsqlBatchCommand(Facts);
        JobQueue.Array(command, facts, f => f.Fact.Id);
        JobQueue.Array(command, facts, f => GrainKeys.Workspace(f.Fact.GrainKey));
        JobQueue.Array(command, facts, f => GrainKeys.ProjectOf(f.Fact.GrainKey));
        JobQueue.Array(command, facts, f => f.Fact.GrainKey);
        JobQueue.Array(command, facts, f => f.Fact.Version);
        JobQueue.Array(command, facts, f => f.Fact.Index);
        command.Parameters.Add(new() { Value = facts.Select(f => f.Fact.At.ToUniversalTime()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        JobQueue.Array(command, facts, f => f.Fact.Kind);
        JobQueue.Array(command, facts, f => f.Fact.Actor);
        JobQueue.Array(command, facts, f => Clean(f.Fact.Reason));
        JobQueue.Array(command, facts, f => Clean(f.Fact.Text));
        JobQueue.Array(command, facts, f => Clean(f.Fact.Diff));
        JobQueue.Array(command, facts, f => Clean(f.Fact.BodyJson));
        JobQueue.Array(command, facts, f => f.Trace);
        return command;
    }

    private static NpgsqlBatchCommand ViewsCommand(List<SinkPart> views)
    {
        var command = new NpgsqlBatchCommand(Views);
        JobQueue.Array(command, views, v => GrainKeys.Workspace(v.GrainKey));
        JobQueue.Array(command, views, v => GrainKeys.Kind(v.GrainKey));
        JobQueue.Array(command, views, v => v.GrainKey);
        JobQueue.Array(command, views, v => GrainKeys.ProjectOf(v.GrainKey));
        JobQueue.Array(command, views, v => v.Version);
        JobQueue.Array(command, views, v => Clean(v.ViewJson));
        return command;
    }

    /// <summary>PostgreSQL holds no NUL, neither in text nor escaped in jsonb. One from a program's output must not keep a grain from ever being flushed.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Clean(string? text) => text?.Replace('\0', '\uFFFD').Replace("\\u0000", "\\ufffd", StringComparison.Ordinal);
}

/// <summary>What of one flush goes into one transaction.</summary>
/// <param name="Trace">The W3C trace context of whoever sent the command; null when nobody collects traces.</param>
internal sealed record SinkPart(string GrainKey, long Version, string? ViewJson, IReadOnlyList<TimelineEntry> Facts, IReadOnlyList<OutboxEntry> Effects, string? Trace)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
