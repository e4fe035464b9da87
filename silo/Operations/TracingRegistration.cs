using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ProdSprint.Jobs;

namespace ProdSprint.Operations;

public static class TracingRegistration
{
    /// <summary>
    /// Sends traces by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or <c>…_TRACES_ENDPOINT</c>) names a collector; else nothing is registered and nothing
    /// listens. The other <c>OTEL_*</c> settings are the standard's: protocol, headers, sampler, resource attributes, <c>OTEL_SDK_DISABLED</c>.
    /// </summary>
    public static IServiceCollection AddTracing(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Wanted(configuration)) return services;
        var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(s => s.AddSingleton(configuration))
            .ConfigureResource(r => r.AddService("prodsprint", serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}").AddEnvironmentVariableDetector())
            .AddSource(Spans.Source.Name, "Microsoft.AspNetCore")
            .AddOtlpExporter()
            .Build();
        var calls = new GrainCallSpans();
        // By a factory, so that the container ends it, which sends what is left.
        return services.AddSingleton(_ => provider)
            .AddSingleton<IOutgoingGrainCallFilter>(calls).AddSingleton<IIncomingGrainCallFilter>(calls)
            .AddSingleton<ReleaseJournal>().AddSingleton<IJobSpans, JobSpans>().AddHostedService<ReleaseTracer>();
    }

    private static bool Wanted(IConfiguration configuration) =>
        !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] is { Length: > 0 });
}
