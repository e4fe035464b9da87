using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ProdSprint.Data;

public sealed class PrivateClusterTests : IAsyncLifetime
{
    private readonly PrivateClusterOptions _options = new() { Directory = Path.Combine(Path.GetTempPath(), "prodsprint-cluster-" + Guid.NewGuid().ToString("N")[..10]) };

    public PrivateClusterTests() => _options.Settings["fsync"] = "off";

    private PrivateCluster Cluster => new(_options, NullLogger<PrivateCluster>.Instance);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Cluster.StopAsync();
        Directory.Delete(_options.Directory, recursive: true);
    }

    [Fact]
    public async Task Start_Twice_AdoptsTheOneThatRuns_AndKeepsDataOverAStop()
    {
        var first = await Cluster.StartAsync();
        await ExecuteAsync(first, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");

        var adopted = await Cluster.StartAsync();
        adopted.ShouldBe(first);

        await Cluster.StopAsync();
        Directory.Exists(new NpgsqlConnectionStringBuilder(first).Host).ShouldBeFalse("the socket's folder goes with it");
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(first, "SELECT 1"));

        var again = await Cluster.StartAsync();
        (await ExecuteAsync(again, "SELECT n FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Revive_KilledOne_IsThereAgainAtTheSamePlace_ButOneStoppedInOrderIsLeftAlone()
    {
        var connection = await Cluster.StartAsync();
        await ExecuteAsync(connection, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
        (await Cluster.ReviveAsync()).ShouldBeFalse();
        var pidFile = Path.Combine(_options.Directory, "data", "postmaster.pid");
        using (var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(pidFile).First())))
        {
            postmaster.Kill();
            await postmaster.WaitForExitAsync();
        }

        // What is left of the old one may still be ending.
        for (var revived = false; !revived;)
            try
            {
                revived = await Cluster.ReviveAsync();
            }
            catch (DatabaseException)
            {
            }
        (await ExecuteAsync(connection, "SELECT n FROM kept")).ShouldBe(42);

        await Cluster.StopAsync();
        (await Cluster.ReviveAsync()).ShouldBeFalse();
        File.Exists(pidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_FromTwoServersAtOnce_StartsOne()
    {
        var both = await Task.WhenAll(Cluster.StartAsync(), Cluster.StartAsync());
        both[0].ShouldBe(both[1]);
    }

    [Fact]
    public async Task Connection_WrongPassword_IsRefusedOnSocketAndPort()
    {
        var right = new NpgsqlConnectionStringBuilder(await Cluster.StartAsync());
        foreach (var host in new[] { right.Host!, "127.0.0.1" })
        {
            (await ExecuteAsync(new NpgsqlConnectionStringBuilder(right.ConnectionString) { Host = host }.ConnectionString, "SELECT 1")).ShouldBe(1);
            var wrong = new NpgsqlConnectionStringBuilder(right.ConnectionString) { Host = host, Password = "guess" };
            (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(wrong.ConnectionString, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        }
    }

    [Fact]
    public async Task Start_BinariesAreNotThere_SaysWhatToDo()
    {
        _options.Binaries = "/nowhere";
        (await Should.ThrowAsync<DatabaseException>(() => Cluster.StartAsync())).Message.ShouldContain("Next:");
        _options.Binaries = null;
        Directory.CreateDirectory(_options.Directory);
    }

    private static async Task<object?> ExecuteAsync(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await open.OpenAsync();
        return await new NpgsqlCommand(sql, open).ExecuteScalarAsync();
    }
}
