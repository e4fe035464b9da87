using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ProdSprint.Telemetry;

/// <summary>What is kept of the traffic that was seen: section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Days that each second of each version is kept: what a step of a release was judged by can be looked at that long.</summary>
    public int KeepDays { get; set; } = 30;

    /// <exception cref="OptionsValidationException">Names every setting that cannot stand.</exception>
    public static TelemetryOptions From(IConfiguration configuration)
    {
        var options = new TelemetryOptions();
        configuration.GetSection("Telemetry").Bind(options);
        return options.KeepDays is >= 1 and <= 366 ? options
            : throw new OptionsValidationException("Telemetry", typeof(TelemetryOptions), [$"Telemetry:KeepDays is {options.KeepDays}. Set it to 1 to 366 days."]);
    }
}
