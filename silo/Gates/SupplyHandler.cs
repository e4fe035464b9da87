using ProdSprint.Data;
using ProdSprint.Jobs;
using ProdSprint.Kernel;
using ProdSprint.Projects;
using ProdSprint.Supply;

namespace ProdSprint.Gates;

/// <summary>Holds the bill of materials of a commit against the workspace's advisories and the policy's licences. Reads files; executes nothing of the repository and asks nobody outside.</summary>
public sealed class SupplyHandler(ProjectMirrors mirrors, AdvisoryStore advisories, DocumentStore documents) : IJobHandler
{
    public string Kind => GateJobs.Supply;

    public async Task<string?> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var request = context.Read<SupplyRequest>();
        try
        {
            context.Progress(10, $"reading the lock files of {request.Commit[..Math.Min(10, request.Commit.Length)]}");
            var repository = GitRepository.Open(await mirrors.GitDirectoryAsync(request.Workspace, request.Project, cancellation), new());
            using var tree = await repository.TreeAsync(request.Commit, cancellation);
            var bill = SbomReader.Read(tree);
            context.Progress(60, $"{bill.Components.Length} packages");
            var imported = await advisories.AnyAsync(request.Workspace, cancellation);
            var (about, read) = await advisories.AboutAsync(request.Workspace, [.. bill.Components.Select(c => Findings.Key(c.Ecosystem, c.Name))], cancellation);
            var findings = Findings.Find(bill, about);
            var report = await documents.PutAsync(request.Workspace, "findings", KernelJson.Write(FindingsReport.Of(bill, findings, read, imported, request.Licences)), cancellation);
            var result = SupplyGate.Judge(bill, findings, read, imported, request.Licences) with { Report = report };
            foreach (var f in result.Findings.Take(50)) context.Log($"{f.Level} {f.Id} in {f.Package}{(f.FixedIn is { } v ? $", mended in {v}" : "")}");
            return JobContext.Write(result);
        }
        catch (GitProblem e)
        {
            throw new JobFailedException(e.Message, "import the project again: prodsprint import", retry: e.Code == "git.timeout", inner: e);
        }
        catch (Deploy.DeployException e)
        {
            throw new JobFailedException(e.Message, "import the project again: prodsprint import", inner: e);
        }
    }
}
