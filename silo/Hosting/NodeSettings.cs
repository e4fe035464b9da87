using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ProdSprint.Audit;
using ProdSprint.Plans;
using ProdSprint.Projects;
using ProdSprint.Telemetry;
using ProdSprint.Tenants;

namespace ProdSprint.Hosting;

/// <summary>The settings, read once before anything is started, so that all that cannot stand is said at once and nothing is left running because of it.</summary>
public static class NodeSettings
{
    /// <param name="others">What the layers above read; each says what is wrong in its exception.</param>
    /// <exception cref="OptionsValidationException">Names every setting that cannot stand.</exception>
    public static void Check(IConfiguration configuration, string home, params Action[] others)
    {
        Action[] own =
        [
            () => LimitOptions.From(configuration), () => UsageOptions.From(configuration), () => TelemetryOptions.From(configuration), () => AuditRetention.From(configuration),
            () => SourceOptions.Read(configuration, home), () => RightsizingSettings.From(configuration),
        ];
        var faults = new List<string>();
        foreach (var read in (Action[])[.. others, .. own])
        {
            try
            {
                read();
            }
            catch (OptionsValidationException e)
            {
                faults.AddRange(e.Failures);
            }
            catch (InvalidOperationException e)
            {
                // Of the binder: "Failed to convert configuration value 'abc' at 'Limits:Read:PerSecond' to type 'System.Double'."
                faults.Add(e.Message);
            }
        }
        if (faults.Count > 0) throw new OptionsValidationException("Settings", typeof(Node), faults.Distinct());
    }
}
