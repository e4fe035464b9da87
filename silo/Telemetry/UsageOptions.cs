using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ProdSprint.Telemetry;

/// <summary>How what services use is observed: section <c>Usage</c>.</summary>
public sealed class UsageOptions
{
    /// <summary>From one look to the next. Short enough for a minute of load to show among 95 of 100 looks of an hour, long enough to cost nothing.</summary>
    public double EverySeconds { get; set; } = 15;

    /// <summary>From one writing to the next: what a crash of the server loses at most.</summary>
    public double WriteSeconds { get; set; } = 60;

    /// <summary>A month: what is billed, and long enough to hold its busiest day.</summary>
    public int KeepDays { get; set; } = 30;

    public TimeSpan Every => TimeSpan.FromSeconds(EverySeconds);

    public TimeSpan WriteEvery => TimeSpan.FromSeconds(WriteSeconds);

    /// <exception cref="OptionsValidationException">Names every setting that cannot stand.</exception>
    public static UsageOptions From(IConfiguration configuration)
    {
        var options = new UsageOptions();
        configuration.GetSection("Usage").Bind(options);
        List<string> errors = [];
        if (options.EverySeconds is not (>= 1 and <= 3600)) errors.Add($"Usage:EverySeconds is {options.EverySeconds}. Set it to 1 to 3600 seconds.");
        if (options.WriteSeconds is not (>= 1 and <= 3600)) errors.Add($"Usage:WriteSeconds is {options.WriteSeconds}. Set it to 1 to 3600 seconds.");
        if (options.KeepDays is not (>= 1 and <= 366)) errors.Add($"Usage:KeepDays is {options.KeepDays}. Set it to 1 to 366 days.");
        return errors.Count == 0 ? options : throw new OptionsValidationException("Usage", typeof(UsageOptions), errors);
    }
}
