using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ProdSprint.Plans.Blueprints.Costs;

namespace ProdSprint.Plans;

internal static class RightsizingSettings
{
    /// <exception cref="OptionsValidationException">Names every setting that cannot stand.</exception>
    public static RightsizingOptions From(IConfiguration configuration)
    {
        var options = configuration.GetSection("Rightsizing").Get<RightsizingOptions>() ?? new();
        var errors = options.Errors().ToList();
        return errors.Count == 0 ? options : throw new OptionsValidationException("Rightsizing", typeof(RightsizingOptions), errors);
    }
}
