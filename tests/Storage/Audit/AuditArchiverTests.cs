using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProdSprint.Postgres;

namespace ProdSprint.Audit;

/// <summary>What is old goes from a real PostgreSQL into files, whatever happens in between: each row is in one of both places, and the chain goes on.</summary>
public sealed class AuditArchiverTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ps-archive-").FullName;
    private readonly AuditRetention _retention = new() { KeepDays = 1, ArchiveRows = 4 };
    private AuditLog _log = null!;
    private AuditArchives _archives = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        (_log, _archives, _retention.ArchiveFolder) = (new(_postgres.Database), new(_postgres.Database), _folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Write(string workspace, int rows)
    {
        for (var n = 0; n < rows; n++) await _log.AppendAsync(workspace, new("user:ana", "development", "AbortRelease", $"projects/shop/releases/{n}", "accepted", null, $"sha256:{n}", "slow — p95 ✗", $"req-{n}", "127.0.0.1", "curl/8"));
    }

    /// <summary>PostgreSQL's clock, which is the rows': what is written before it is older.</summary>
    private Task<DateTimeOffset> Now() => _postgres.ScalarAsync<DateTime>("SELECT clock_timestamp()").ContinueWith(t => new DateTimeOffset(t.Result), TaskScheduler.Default);

    private AuditArchiver At(DateTimeOffset now) => new(_postgres.Database, _log, _archives, _retention, new Fixed(now), NullLogger<AuditArchiver>.Instance);

    /// <summary>A day after this moment: what is written until now is old then, and what is written from now on is not.</summary>
    private async Task<AuditArchiver> ADayLater() => At(await Now() + _retention.Keep);

    private string[] Files() => [.. Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    private async Task Whole(string workspace, long firstHere)
    {
        (await _log.VerifyAsync(workspace)).Faults.ShouldBeEmpty();
        (await _log.OldestAsync(workspace))!.Value.Seq.ShouldBe(firstHere);
        long next = 1;
        foreach (var file in Files().Where(f => f.StartsWith($"audit-{workspace}-0", StringComparison.Ordinal)))
        {
            var read = await AuditFile.ReadAsync(Path.Combine(_folder, file), null, default);
            read.Faults.ShouldBeEmpty(file);
            read.Seal!.IsOf(_log.SealKey).ShouldBeTrue();
            read.Seal.From.ShouldBe(next, "nothing lies between two archives");
            next = read.Seal.To + 1;
        }
        next.ShouldBe(firstHere, "each row is in a file or in the database");
    }

    [Fact]
    public async Task Run_TwoWorkspaces_OldRowsAreInSealedFiles_YoungOnesStay_AndItIsOnTheRecord()
    {
        await Write("shop", 6);
        await Write("shop.two", 3);
        var archiver = await ADayLater();
        await Write("shop", 2);

        (await archiver.RunAsync(default)).ShouldBe(0);

        Files().ShouldBe(["audit-shop-000000000001-000000000004.jsonl", "audit-shop-000000000005-000000000006.jsonl", "audit-shop.two-000000000001-000000000003.jsonl"]);
        await Whole("shop", 7);
        await Whole("shop.two", 4);
        var (rows, _) = await _log.ListAsync("shop", new(Actor: "system:audit-archive"), null, 10);
        rows.Count.ShouldBe(2);
        rows[0].Event.ShouldSatisfyAllConditions(e => e.Action.ShouldBe("ArchiveAuditLog"), e => e.Outcome.ShouldBe("archived"), e => e.Resource.ShouldEndWith("archives/audit-shop-000000000005-000000000006.jsonl"), e => e.Reason!.ShouldContain("Rows 5 to 6"));
        var last = (await _archives.ReadAsync("shop")).Last!;
        (last.From, last.To, last.By, last.File).ShouldBe((5, 6, "system:audit-archive", "audit-shop-000000000005-000000000006.jsonl"));
        (await archiver.RunAsync(default)).ShouldBe(0);
        Files().Length.ShouldBe(3, "nothing else is old");
    }

    [Fact]
    public async Task Run_AfterACrashBetweenFileAndDatabase_TakesTheSameFile_AndThrowsPartialsAway()
    {
        await Write("shop", 3);
        var archiver = await ADayLater();
        var before = await Now();
        var written = (await new AuditArchiveFolder(_folder, _log, 2).WriteAsync("shop", before, default))!;
        var bytes = await File.ReadAllBytesAsync(written);
        await File.WriteAllTextAsync(Path.Combine(_folder, AuditFile.PartialName("shop")), "{\"seq\":1,\"at\":");

        (await archiver.RunAsync(default)).ShouldBe(0);

        Files().ShouldBe(["audit-shop-000000000001-000000000002.jsonl", "audit-shop-000000000003-000000000003.jsonl"]);
        (await File.ReadAllBytesAsync(written)).ShouldBe(bytes, "it was not written again");
        await Whole("shop", 4);
    }

    [Theory]
    [InlineData("altered", "is altered")]
    [InlineData("without seal", "is removed")]
    [InlineData("cut off", "no row of an audit log")]
    [InlineData("another's seal", "not this server's")]
    [InlineData("empty", "")]
    public async Task Run_FileThatIsNotWhatWasWritten_PrunesNothing_AndSaysSoOnce(string how, string why)
    {
        await Write("shop", 3);
        await Write("other", 1);
        var archiver = await ADayLater();
        var path = (await new AuditArchiveFolder(_folder, _log, 4).WriteAsync("shop", await Now(), default))!;
        var lines = await File.ReadAllLinesAsync(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllLinesAsync(path, how switch
        {
            "altered" => [lines[0].Replace("user:ana", "user:bob", StringComparison.Ordinal), .. lines[1..]],
            "without seal" => lines[1..^1],
            "cut off" => [.. lines[..2], lines[2][..40]],
            "another's seal" => [.. lines[..^1], lines[^1].Replace("\"seal\":\"", "\"seal\":\"00", StringComparison.Ordinal)],
            _ => [],
        });

        (await archiver.RunAsync(default)).ShouldBe(1);
        (await archiver.RunAsync(default)).ShouldBe(1);

        (await _log.OldestAsync("shop"))!.Value.Seq.ShouldBe(1);
        (await _postgres.ScalarAsync<long>("SELECT count(*) FROM prodsprint.audit_log WHERE workspace = 'shop' AND outcome = 'failed' AND action = 'ArchiveAuditLog'")).ShouldBe(1);
        await Whole("other", 2);
        var problem = (await _archives.ReadAsync("shop")).Problem!;
        problem.Detail.ShouldContain(path);
        problem.Detail.ShouldContain(why);
        (await _archives.ProblemsAsync(default)).ShouldBe(1);

        File.Delete(path);
        (await archiver.RunAsync(default)).ShouldBe(0);
        await Whole("shop", 4);
        (await _archives.ReadAsync("shop")).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Run_FolderIsNotThere_NothingIsLost_AndItGoesOnWhenItIs()
    {
        await Write("shop", 2);
        await Write("other", 2);
        var archiver = await ADayLater();
        _retention.ArchiveFolder = Path.Combine(_folder, "disk");

        (await archiver.RunAsync(default)).ShouldBe(2);

        Directory.Exists(_retention.ArchiveFolder).ShouldBeFalse("a disk that is not mounted is not made up for");
        (await _archives.ReadAsync("shop")).Problem!.Next.ShouldContain("mkdir");
        (await _log.OldestAsync("shop"))!.Value.Seq.ShouldBe(1);
        Directory.CreateDirectory(_retention.ArchiveFolder);
        (await archiver.RunAsync(default)).ShouldBe(0);
        (await _archives.ProblemsAsync(default)).ShouldBe(0);
        (await _log.OldestAsync("shop"))!.Value.Seq.ShouldBe(3);
    }

    [Fact]
    public async Task Run_FolderDoesNotTakeIt_LeavesNoPartial()
    {
        await Write("shop", 1);
        var archiver = await ADayLater();
        _retention.ArchiveFolder = "/proc/self/fd";
        (await archiver.RunAsync(default)).ShouldBe(1);
        (await _archives.ReadAsync("shop")).Problem!.Detail.ShouldContain("/proc/self/fd");
        (await _log.OldestAsync("shop"))!.Value.Seq.ShouldBe(1);
    }

    [Fact]
    public async Task Run_WhileAnotherServerIsAtIt_DoesNothing()
    {
        await Write("shop", 1);
        var archiver = await ADayLater();
        await using (var other = await _postgres.Database.Worker.OpenConnectionAsync())
        {
            await new NpgsqlCommand($"SELECT pg_advisory_lock({AuditArchiver.Lock})", other).ExecuteNonQueryAsync();
            (await archiver.RunAsync(default)).ShouldBeNull();
            Files().ShouldBeEmpty();
            await new NpgsqlCommand($"SELECT pg_advisory_unlock({AuditArchiver.Lock})", other).ExecuteNonQueryAsync();
        }
        (await archiver.RunAsync(default)).ShouldBe(0);
        await Whole("shop", 2);
    }

    [Fact]
    public async Task Run_SomebodyArchivedByHand_GoesOnFromThere()
    {
        await Write("shop", 5);
        var archiver = await ADayLater();
        var byHand = await _log.ReadAsync("shop", new(), newestFirst: false, limit: 3).LastAsync();
        (await _log.PruneAsync("shop", new(3, Convert.ToHexStringLower(byHand.Hash)), await Now(), "user:ana")).ShouldBe(3);
        (await archiver.RunAsync(default)).ShouldBe(0);
        Files().ShouldBe(["audit-shop-000000000004-000000000005.jsonl"]);
        (await _log.VerifyAsync("shop")).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_ArchiveThatWasMadeUp_OrChanged_IsFound_EvenWithTheNotedHead()
    {
        await Write("shop", 6);
        (await (await ADayLater()).RunAsync(default)).ShouldBe(0);
        await Write("shop", 2);
        var (noted, _, faults) = await _log.VerifyAsync("shop");
        faults.ShouldBeEmpty();

        // Everything is gone, and the database's owner says that it was archived.
        await _postgres.ExecuteAsync("ALTER TABLE prodsprint.audit_log DISABLE TRIGGER ALL; DELETE FROM prodsprint.audit_log WHERE workspace = 'shop'; ALTER TABLE prodsprint.audit_log ENABLE TRIGGER ALL");
        await _postgres.ExecuteAsync($"INSERT INTO prodsprint.audit_archive (workspace, from_seq, to_seq, anchor, head, pruned_by) SELECT 'shop', a.to_seq + 1, {noted.Seq}, a.head, decode('{noted.Hash}', 'hex'), 'system:audit-archive' FROM prodsprint.audit_archive a WHERE a.workspace = 'shop' ORDER BY a.to_seq DESC LIMIT 1");
        (await _log.VerifyAsync("shop", noted)).Faults.Select(f => (f.Seq, f.Kind)).ShouldBe([(noted.Seq, "unsealed")]);

        await _postgres.ExecuteAsync("DELETE FROM prodsprint.audit_archive WHERE workspace = 'shop' AND from_seq = 1");
        (await _log.VerifyAsync("shop")).Faults.Select(f => f.Kind).ShouldBe(["removed", "unsealed"], ignoreOrder: true);
    }

    [Fact]
    public async Task Verify_HeadNotedWithinAnArchive_SaysWhereToLook()
    {
        await Write("shop", 2);
        var (noted, _, _) = await _log.VerifyAsync("shop");
        await Write("shop", 2);
        (await (await ADayLater()).RunAsync(default)).ShouldBe(0);

        var fault = (await _log.VerifyAsync("shop", noted)).Faults.ShouldHaveSingleItem();
        (fault.Kind, fault.Detail.Contains($"--head {noted.Seq}:{noted.Hash}", StringComparison.Ordinal)).ShouldBe(("elsewhere", true));
        (await AuditFile.ReadAsync(Path.Combine(_folder, Files().Single()), noted, default)).Faults.ShouldBeEmpty("the archive itself says that it is right");
    }

    [Fact]
    public void Settings_ThatCannotStand_AreAllSaidAtOnce()
    {
        var settings = new Microsoft.Extensions.Configuration.ConfigurationManager { ["Audit:ArchiveFolder"] = "archives", ["Audit:KeepDays"] = "-1", ["Audit:ArchiveHours"] = "0", ["Audit:ArchiveRows"] = "0" };
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(() => AuditRetention.From(settings)).Failures.Count().ShouldBe(4);
    }

    private sealed class Fixed(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
