using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Demo;

internal static class DemoRepository
{
    /// <summary>A fresh git repository made of samples/shop, with the tags v1, v2 and v3.</summary>
    public static async Task<string> CreateAsync(string home, CancellationToken cancellation)
    {
        var samples = Path.Combine(Environment.GetEnvironmentVariable("PRODSPRINT_ROOT") ?? Directory.GetCurrentDirectory(), "samples");
        if (!Directory.Exists(Path.Combine(samples, "shop")))
            throw new CliException(ExitCode.Failed, "demo.no-samples", "No samples", $"There is no {samples}/shop.", "Run the demo from a clone of ProdSprint: ./prodsprint demo");
        var target = Path.Combine(home, "demo", "shop");
        if (!Directory.Exists(Path.Combine(target, ".git"))) await SampleRepository.CreateAsync(samples, "shop", target, cancellation);
        return target;
    }
}
