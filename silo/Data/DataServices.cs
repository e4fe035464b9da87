using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ProdSprint.Data;

public static class DataServices
{
    /// <summary>Adds <see cref="Database"/> on the owner's connection string. The caller awaits <see cref="Database.StartAsync"/> before it starts the host.</summary>
    public static IServiceCollection AddProdSprintDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var options = new DatabaseOptions();
        configuration.GetSection("Database").Bind(options);
        if (configuration.GetConnectionString("prodsprint") is { Length: > 0 } given) options.ConnectionString = given;
        return services.AddProdSprintDatabase(options);
    }

    public static IServiceCollection AddProdSprintDatabase(this IServiceCollection services, DatabaseOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(_ => new Database(options));
        return services;
    }
}
