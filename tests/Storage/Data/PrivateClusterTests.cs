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
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(first, "SELECT 1"));

        var again = await Cluster.StartAsync();
        (await ExecuteAsync(again, "SELECT n FROM kept")).ShouldBe(42);
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
