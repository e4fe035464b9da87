using Npgsql;
using ProdSprint.Postgres;

namespace ProdSprint.Audit;

/// <summary>The chain against a real PostgreSQL, and against someone who owns the database and rewrites rows.</summary>
public sealed class AuditLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly AuditLog _log = new(postgres.Database);
    private readonly string _workspace = $"w-{Guid.NewGuid():N}";

    private static AuditEvent Event(int n, string? reason = null) => new(
        "user:ana", "development", "AbortRelease", $"projects/shop/releases/{n}", "accepted", n == 0 ? null : $"sha256:{n}", "sha256:ä", reason, $"req-{n}", "127.0.0.1", "curl/8");

    private async Task Write(int rows)
    {
        for (var n = 0; n < rows; n++) await _log.AppendAsync(_workspace, Event(n, n % 2 == 0 ? null : "it is slow — p95 ✗"));
    }

    /// <summary>As whoever owns the database could: triggers off.</summary>
    private async Task Tamper(string sql)
    {
        await using var command = postgres.Owner.CreateCommand($"SET session_replication_role = replica; {sql.Replace("$W", $"'{_workspace}'")}; RESET session_replication_role");
        await command.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Verify_UntouchedLog_FindsNothing()
    {
        await Write(20);
        var (head, rows, faults) = await _log.VerifyAsync(_workspace);
        faults.ShouldBeEmpty();
        rows.ShouldBe(20);
        head.Seq.ShouldBe(20);
    }

    [Fact]
    public async Task Verify_EmptyLog_FindsNothing() => (await _log.VerifyAsync(_workspace)).Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("UPDATE prodsprint.audit_log SET reason = 'all was well' WHERE workspace = $W AND seq = 4", 4, "altered")]
    [InlineData("UPDATE prodsprint.audit_log SET actor = 'user:bob' WHERE workspace = $W AND seq = 1", 1, "altered")]
    [InlineData("UPDATE prodsprint.audit_log SET at = at + interval '1 microsecond' WHERE workspace = $W AND seq = 9", 9, "altered")]
    [InlineData("UPDATE prodsprint.audit_log SET reason = '' WHERE workspace = $W AND seq = 3", 3, "altered")]
    [InlineData("UPDATE prodsprint.audit_personal SET origin = '10.0.0.1' WHERE workspace = $W AND seq = 2", 2, "altered")]
    [InlineData("DELETE FROM prodsprint.audit_log WHERE workspace = $W AND seq = 5", 6, "removed")]
    [InlineData("DELETE FROM prodsprint.audit_log WHERE workspace = $W AND seq = 1", 2, "removed")]
    [InlineData("DELETE FROM prodsprint.audit_log WHERE workspace = $W AND seq >= 9", 9, "cut-off")]
    [InlineData("UPDATE prodsprint.audit_log SET seq = CASE seq WHEN 3 THEN 1004 ELSE 1003 END WHERE workspace = $W AND seq IN (3, 4); UPDATE prodsprint.audit_log SET seq = seq - 1000 WHERE workspace = $W AND seq > 1000", 3, "reordered")]
    public async Task Verify_TamperedLog_SaysWhereAndHow(string tampering, long at, string kind)
    {
        await Write(10);
        await Tamper(tampering);
        (await _log.VerifyAsync(_workspace)).Faults.ShouldContain(f => f.Seq == at && f.Kind == kind);
    }

    [Fact]
    public async Task Verify_WholeChainRewritten_IsSeenFromTheHeadNotedDown()
    {
        await Write(3);
        var noted = (await _log.VerifyAsync(_workspace)).Head;
        await Tamper("DELETE FROM prodsprint.audit_log WHERE workspace = $W; DELETE FROM prodsprint.audit_personal WHERE workspace = $W; DELETE FROM prodsprint.audit_head WHERE workspace = $W");
        await Write(3);

        (await _log.VerifyAsync(_workspace)).Faults.ShouldBeEmpty("a chain written anew is a good chain");
        (await _log.VerifyAsync(_workspace, noted)).Faults.ShouldContain(f => f.Seq == 3 && f.Kind == "rewritten");
    }

    [Fact]
    public async Task Verify_PersonalDataErased_ChainHolds()
    {
        await Write(4);
        await using (var worker = await postgres.Database.Worker.OpenConnectionAsync())
        await using (var erase = new NpgsqlCommand("DELETE FROM audit_personal WHERE workspace = $1", worker) { Parameters = { new() { Value = _workspace } } })
            (await erase.ExecuteNonQueryAsync()).ShouldBe(4);
        (await _log.VerifyAsync(_workspace)).Faults.ShouldBeEmpty();
        (await _log.ListAsync(_workspace, new(), null, 10)).Rows.ShouldAllBe(r => r.Event.Origin == null && r.Event.Agent == null);
    }

    [Fact]
    public async Task Append_FromManyAtOnce_IsOneGaplessChain()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(n => _log.AppendAsync(_workspace, Event(n))));
        var (head, rows, faults) = await _log.VerifyAsync(_workspace);
        faults.ShouldBeEmpty();
        (head.Seq, rows).ShouldBe((60, 60));
    }

    [Theory]
    [InlineData("UPDATE audit_log SET reason = 'x'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("TRUNCATE audit_log")]
    [InlineData("UPDATE audit_head SET seq = 0")]
    [InlineData("INSERT INTO audit_head VALUES (current_setting('prodsprint.workspace'), 9, '')")]
    public async Task App_ChangesTheLogPastTheOneWayIn_IsRefused(string change)
    {
        await Write(1);
        await using var app = await postgres.Database.App(_workspace);
        var refused = await Should.ThrowAsync<PostgresException>(() => new NpgsqlCommand(change, app).ExecuteNonQueryAsync());
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Append_ForgedWorkspace_IsRefused()
    {
        await using var app = await postgres.Database.App("mine");
        await new NpgsqlCommand("SELECT set_config('prodsprint.workspace', 'theirs', false)", app).ExecuteNonQueryAsync();
        var refused = await Should.ThrowAsync<PostgresException>(() =>
            new NpgsqlCommand("SELECT prodsprint.audit_append('user:x', 'c', 'a', 'r', 'o', null, null, null, 'q', null, null)", app).ExecuteNonQueryAsync());
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task List_Filters_AndPagesNewestFirst()
    {
        await Write(5);
        await _log.AppendAsync(_workspace, Event(1) with { Actor = "user:bob", Action = "ImportProject", Resource = "projects" });

        (await _log.ListAsync(_workspace, new(Actor: "user:bob"), null, 10)).Rows.Single().Seq.ShouldBe(6);
        (await _log.ListAsync(_workspace, new(Action: "AbortRelease", Resource: "projects/shop"), null, 10)).Rows.Count.ShouldBe(5);
        (await _log.ListAsync(_workspace, new(Resource: "projects/sho"), null, 10)).Rows.ShouldBeEmpty();
        (await _log.ListAsync(_workspace, new(From: DateTimeOffset.UtcNow.AddHours(1)), null, 10)).Rows.ShouldBeEmpty();
        (await _log.ListAsync(_workspace, new(Until: DateTimeOffset.UtcNow.AddHours(1)), null, 10)).Rows.Count.ShouldBe(6);

        var (first, next) = await _log.ListAsync(_workspace, new(), null, 4);
        first.Select(r => r.Seq).ShouldBe([6, 5, 4, 3]);
        var (second, end) = await _log.ListAsync(_workspace, new(), long.Parse(next!), 4);
        second.Select(r => r.Seq).ShouldBe([2, 1]);
        end.ShouldBeNull();
    }
}
