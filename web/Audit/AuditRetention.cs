namespace ProdSprint.Audit;

/// <summary>How long the audit log stays in the database at least: section <c>Audit</c>.</summary>
public sealed class AuditRetention
{
    /// <summary>What is younger cannot be pruned, by nobody: a year is what most rules ask to have at hand. Days.</summary>
    public double KeepDays { get; set; } = 365;

    public TimeSpan Keep => TimeSpan.FromDays(KeepDays);
}
