using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ProdSprint.Audit;

/// <summary>How long the audit log stays in the database at least, and where it goes afterwards: section <c>Audit</c>.</summary>
public sealed class AuditRetention
{
    /// <summary>What is younger cannot be pruned, by nobody: a year is what most rules ask to have at hand. Days.</summary>
    public double KeepDays { get; set; } = 365;

    /// <summary>
    /// Absolute path of a folder that is there already; null: nothing is archived but what people archive. It is never made: the folder of a disk that is not mounted would be one on
    /// this machine, and what it holds would be lost with it.
    /// </summary>
    public string? ArchiveFolder { get; set; }

    /// <summary>From one look at what has become old to the next: a day's rows more or less in the database are none too many. Hours.</summary>
    public double ArchiveHours { get; set; } = 24;

    /// <summary>Of one file. While they are taken out nobody writes to the log of that workspace, so every mutation waits: this many take well below a second.</summary>
    public int ArchiveRows { get; set; } = 10_000;

    public TimeSpan Keep => TimeSpan.FromDays(KeepDays);

    public TimeSpan Every => TimeSpan.FromHours(ArchiveHours);

    /// <exception cref="OptionsValidationException">Names every setting that cannot stand.</exception>
    public static AuditRetention From(IConfiguration configuration)
    {
        var options = new AuditRetention();
        configuration.GetSection("Audit").Bind(options);
        if (string.IsNullOrWhiteSpace(options.ArchiveFolder)) options.ArchiveFolder = null;
        List<string> errors = [];
        if (options.KeepDays is not (>= 0 and <= 36_500)) errors.Add($"Audit:KeepDays is {options.KeepDays}. Set it to 0 to 36500 days.");
        if (options.ArchiveFolder is { } folder && !Path.IsPathFullyQualified(folder)) errors.Add($"Audit:ArchiveFolder is '{folder}', which is not absolute. Set it to the whole path of a folder that is there.");
        if (options.ArchiveHours is not (>= 0.01 and <= 744)) errors.Add($"Audit:ArchiveHours is {options.ArchiveHours}. Set it to 0.01 to 744 hours.");
        if (options.ArchiveRows is not (>= 1 and <= 1_000_000)) errors.Add($"Audit:ArchiveRows is {options.ArchiveRows}. Set it to 1 to 1000000 rows.");
        return errors.Count == 0 ? options : throw new OptionsValidationException("Audit", typeof(AuditRetention), errors);
    }
}
