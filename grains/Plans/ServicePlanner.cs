using System.Collections.Immutable;
using ProdSprint.Projects;

namespace ProdSprint.Plans;

/// <summary>One service in one environment.</summary>
public static class ServicePlanner
{
    public static ServicePlan Plan(ServiceSource source, string environment, IReadOnlySet<string> provided)
    {
        var (audit, given) = (source.Audit, source.Configuration);
        ServiceCommand? Command(string? line, string field, ServiceCommand? found) => line is null ? found : new(line, source.Path, $"{given!.At.Path} {field}");
        var kind = source.Kind;
        var start = source.StaticDirectory is null ? Command(given?.Start, "start", audit?.StartCommand) : null;
        var port = kind == ServiceKind.Worker ? null
            : kind == ServiceKind.Static ? new PortPlan(given?.Port ?? 8080, "PORT")
            : new PortPlan(given?.Port ?? audit?.Port?.Number ?? 8080, given?.PortVariable ?? (given?.Start is not null && audit?.Port is null ? "PORT" : audit?.Port?.Variable));
        var health = kind == ServiceKind.Worker ? null
            : new HealthCheckPlan(given?.Health ?? audit?.HealthPath?.Value ?? "/", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(audit?.Language is "dotnet" or "python" ? 90 : 60), 3);
        var language = audit?.Language ?? "shell";
        return new(
            source.Name, source.Path, kind, language, audit?.LanguageVersion?.Value, audit?.PackageManager?.Value, audit?.Framework,
            Command(given?.Install, "install", audit?.InstallCommand), Command(given?.Build, "build", audit?.BuildCommand), start,
            given?.Migrate is "" ? null : Command(given?.Migrate, "migrate", audit?.Migrations.FirstOrDefault(m => m.Command is not null)?.Command), Command(given?.Test, "test", audit?.Tests?.Command),
            source.StaticDirectory, port, health, Limits(language, given), Variables(source, environment, port, provided));
    }

    private static ResourceLimits Limits(string language, ServiceConfiguration? given) => new(
        given?.MemoryMiB ?? language switch { "go" => 256, "static" => 128, _ => 512 },
        MaxProcesses: 512, MaxOpenFiles: 4096, BuildDeadline: TimeSpan.FromMinutes(15), BuildDiskMiB: 4096, StopGrace: TimeSpan.FromSeconds(15))
    {
        Cpus = given?.Cpus,
    };

    /// <summary>Who sets what: the platform, then prodsprint.yml, then what is provided from outside, then the code's own default. Sorted by name.</summary>
    private static ImmutableArray<VariablePlan> Variables(ServiceSource source, string environment, PortPlan? port, IReadOnlySet<string> provided)
    {
        var variables = new SortedDictionary<string, VariablePlan>(StringComparer.Ordinal);
        foreach (var (name, value) in Platform(source, environment, port)) variables[name] = new(name, VariableState.Platform, value, false, "platform");
        foreach (var (name, value) in source.Configuration?.Environment ?? ImmutableSortedDictionary<string, string>.Empty)
            variables[name] = new(name, VariableState.Repository, value, false, source.Configuration!.At.Path);
        foreach (var name in source.Configuration?.Required ?? [])
            variables.TryAdd(name, new(name, provided.Contains(name) ? VariableState.Provided : VariableState.Missing, null, VariableNames.IsSecret(name), $"{source.Configuration!.At.Path} required"));
        foreach (var read in source.Audit?.EnvironmentVariables ?? [])
        {
            if (variables.ContainsKey(read.Name) || VariableNames.IsPlatform(read.Name) && !provided.Contains(read.Name)) continue;
            var state = provided.Contains(read.Name) ? VariableState.Provided : read.Required ? VariableState.Missing : VariableState.Defaulted;
            variables[read.Name] = new(read.Name, state, null, read.Secret, read.ReadAt.IsEmpty ? "code" : read.ReadAt[0].ToString());
        }
        foreach (var name in provided) variables.TryAdd(name, new(name, VariableState.Provided, null, VariableNames.IsSecret(name), "environment"));
        return [.. variables.Values];
    }

    private static IEnumerable<(string Name, string Value)> Platform(ServiceSource source, string environment, PortPlan? port)
    {
        yield return ("PRODSPRINT_ENVIRONMENT", environment);
        if (port is not null) yield return ("PORT", "${PORT}");
        if (port?.Variable is { } variable && variable != "PORT") yield return (variable, variable == "ASPNETCORE_URLS" ? "http://0.0.0.0:${PORT}" : "${PORT}");
        switch (source.Audit?.Language)
        {
            case "node": yield return ("NODE_ENV", "production"); break;
            case "python": yield return ("PYTHONUNBUFFERED", "1"); break;
            case "dotnet":
                // A program for an older .NET runs on the newer one that the machine has, where its own is not installed.
                yield return ("DOTNET_ROLL_FORWARD", "Major");
                yield return ("ASPNETCORE_ENVIRONMENT", environment == "staging" ? "Staging" : "Production");
                yield return ("DOTNET_ENVIRONMENT", environment == "staging" ? "Staging" : "Production");
                break;
        }
    }
}
