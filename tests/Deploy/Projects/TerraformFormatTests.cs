using System.Diagnostics;
using ProdSprint.Plans;
using ProdSprint.Plans.Blueprints;
using ProdSprint.Plans.Blueprints.Infrastructure;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>What we write is what <c>terraform fmt</c> would write. Needs terraform or tofu on this machine.</summary>
public sealed class TerraformFormatTests
{
    [Theory, InlineData(ComputePlatform.Ecs), InlineData(ComputePlatform.Eks)]
    public async Task Write_EveryModuleAndARootWithEverything_IsFormatted(ComputePlatform compute)
    {
        var program = new[] { "terraform", "tofu" }.FirstOrDefault(p => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, p))));
        Assert.SkipWhen(program is null, "neither terraform nor tofu is installed");
        var folder = Directory.CreateTempSubdirectory("prodsprint-terraform-");
        try
        {
            var source = Directory.CreateDirectory(Path.Combine(folder.FullName, "source"));
            Directory.CreateDirectory(Path.Combine(source.FullName, "api"));
            await File.WriteAllTextAsync(Path.Combine(source.FullName, "package.json"), """{ "name": "web", "scripts": { "start": "node s.js" }, "dependencies": { "ioredis": "5", "mysql2": "3" } }""");
            await File.WriteAllTextAsync(Path.Combine(source.FullName, "s.js"), "require('http').createServer().listen(process.env.PORT); process.env.API_KEY; process.env.API_URL");
            await File.WriteAllTextAsync(Path.Combine(source.FullName, "api", "package.json"), """{ "name": "api", "scripts": { "start": "node s.js" }, "dependencies": { "pg": "8", "@aws-sdk/client-s3": "3" } }""");
            await File.WriteAllTextAsync(Path.Combine(source.FullName, "api", "s.js"), "require('http').createServer().listen(process.env.PORT)");
            var tree = new CheckoutTree(source.FullName);
            var audit = Auditor.Run(tree);
            var plan = PlanBuilder.Build(audit);
            foreach (var (path, text) in AwsRoot.Build("shop", plan, AwsNeeds.Of(plan, audit), new(Compute: compute)).Files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.FullName, path))!);
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, path), text);
            }
            using var process = Process.Start(new ProcessStartInfo(program!, ["fmt", "-check", "-recursive", "-diff", "-no-color", AwsRoot.Folder]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true })!;
            (await process.StandardOutput.ReadToEndAsync()).ShouldBeEmpty();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
