using Microsoft.Extensions.Configuration;
using ProdSprint.Data;
using ProdSprint.Hosting;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>For what needs the machine and its database instead of a sign-in: the server's settings, not its API.</summary>
internal static class AtTheMachine
{
    public static async Task<T> DoAsync<T>(Func<Database, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            // Log lines would go between those of the command.
            var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Logging:Console:LogLevel:Default", "Error")]).AddEnvironmentVariables().Build();
            await using var database = await SiloServices.StartDatabaseAsync(Cli.Home, settings, cancellation);
            return await work(database);
        }
        catch (Exception e) when (e is DatabaseException or Npgsql.NpgsqlException)
        {
            throw new CliException(ExitCode.Failed, "cli.no-database", "The database does not answer", e.Message, "Give the settings that the server has: ConnectionStrings__prodsprint, or PRODSPRINT_HOME");
        }
    }
}
