using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ProdSprint.Data;

public static class DataRegistration
{
    /// <summary>Adds <see cref="Database"/>, what reads it, and the live feed, on the owner's connection string. The caller awaits <see cref="Database.StartAsync"/> before it starts the host.</summary>
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
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ViewReads>();
        services.AddSingleton<TimelineReads>();
        services.AddSingleton<DocumentStore>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        return services;
    }
}
