using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>One pool of connections per connection string, whoever asks.</summary>
internal static class Databases
{
    private static readonly ConcurrentDictionary<string, NpgsqlDataSource> Known = new();

    public static NpgsqlDataSource Open(string invariant, string? connectionString, DbDataSource? dataSource, string who)
    {
        if (dataSource is NpgsqlDataSource given)
        {
            return given;
        }

        if (invariant != "Npgsql")
        {
            throw new OrleansConfigurationException($"The {who} has Invariant \"{invariant}\". The embedded engine speaks to PostgreSQL: set it to \"Npgsql\".");
        }

        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new OrleansConfigurationException($"The {who} has no ConnectionString. Set it to the PostgreSQL database that holds the Orleans tables.");
        }

        // The statements are few and always the same: preparing them saves the planner's time on every write.
        return Known.GetOrAdd(connectionString, static text => new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(text) { MaxAutoPrepare = 32, AutoPrepareMinUsages = 2 }.ConnectionString).Build());
    }
}
