using Npgsql;
using NpgsqlTypes;
using ProdSprint.Data;
using ProdSprint.Jobs;

namespace ProdSprint.Webhooks;

/// <summary>Carries out one delivery. May come twice after a crash: the receiver knows a delivery by its <c>webhook-id</c>.</summary>
public sealed class WebhookHandler(Database database, SecretBox box, WebhookSender sender, TimeProvider time) : IJobHandler
{
    /// <summary>Gone for good: the receiver asks not to be told any more.</summary>
    private const int Gone = 410;

    private sealed record Delivery(string Webhook, Uri Url, IReadOnlyList<byte[]> Secrets, bool Paused, string Body);

    public string Kind => WebhookJob.Kind;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var id = context.Read<WebhookJob>().Delivery;
        if (await FindAsync(context.Workspace, id, cancellation) is not { } delivery)
        {
            await NoteAsync(context.Workspace, id, null, "The webhook was removed.", "failed", cancellation);
            return null;
        }
        if (delivery.Paused)
        {
            await NoteAsync(context.Workspace, id, null, "The webhook is paused.", "failed", cancellation);
            return null;
        }
        var answer = await sender.SendAsync(delivery.Url, delivery.Secrets, id, delivery.Body, cancellation);
        var last = answer.Status == Gone || context.Attempt >= context.MaxAttempts;
        await NoteAsync(context.Workspace, id, answer.Status, answer.Problem, answer.Problem is null ? "delivered" : last ? "failed" : "pending", cancellation);
        if (answer.Status == Gone) await PauseAsync(context.Workspace, delivery.Webhook, cancellation);
        if (answer.Problem is not null)
            throw new JobFailedException($"{delivery.Url.Host} did not take {id}: {answer.Problem}", "see the webhook's deliveries, and replay them when the receiver is well", retry: answer.Status != Gone,
                retryAfter: WebhookOptions.PauseAfter(context.Attempt, Random.Shared.NextDouble()));
        return JobContext.Write(new { answer.Status });
    }

    private async Task<Delivery?> FindAsync(string workspace, string id, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            """
            SELECT w.id, w.url, w.secret, CASE WHEN w.previous_until > now() THEN w.previous END, w.paused, d.body
            FROM webhook_delivery d JOIN webhook w ON w.workspace = d.workspace AND w.id = d.webhook WHERE d.workspace = $1 AND d.id = $2
            """);
        foreach (var text in (string[])[workspace, id]) command.Parameters.Add(new() { Value = text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var purpose = Purpose(workspace, reader.GetString(0));
        List<byte[]> secrets = [box.Open(purpose, reader.GetFieldValue<byte[]>(2))];
        if (!await reader.IsDBNullAsync(3, cancellation)) secrets.Add(box.Open(purpose, reader.GetFieldValue<byte[]>(3)));
        return new(reader.GetString(0), new(reader.GetString(1)), secrets, reader.GetBoolean(4), reader.GetString(5));
    }

    /// <summary>What a webhook's secret is sealed for: another workspace's row could not be put in its place.</summary>
    public static string Purpose(string workspace, string webhook) => $"webhook/{workspace}/{webhook}";

    private async Task NoteAsync(string workspace, string id, int? status, string? problem, string state, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand(
            "UPDATE webhook_delivery SET attempts = attempts + 1, status = $3, problem = $4, state = $5, ended_at = CASE WHEN $5 <> 'pending' THEN $6 END WHERE workspace = $1 AND id = $2");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = (object?)status ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)problem ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = state });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task PauseAsync(string workspace, string webhook, CancellationToken cancellation)
    {
        await using var command = database.Worker.CreateCommand("UPDATE webhook SET paused = true, version = version + 1 WHERE workspace = $1 AND id = $2");
        foreach (var text in (string[])[workspace, webhook]) command.Parameters.Add(new() { Value = text });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
