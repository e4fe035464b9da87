using ProdSprint.Plans.Blueprints.Scaffolds;
using ProdSprint.Projects;

namespace ProdSprint.Plans.Blueprints.Pipelines;

/// <summary>The pipelines of a project, with a Dockerfile for each service that brings none and a first test for each that has none.</summary>
public static class PipelineFiles
{
    public static FileBundle Build(string project, PlanDocument plan, AuditReport audit, BlueprintOptions? options = null)
    {
        var services = plan.Environments[^1].Services;
        var own = services.ToDictionary(s => s.Name, s => audit.Services.FirstOrDefault(a => a.Path == s.Path)?.Dockerfile?.Path);
        var checks = services.Select(s => own[s.Name] is { } file ? Stacks.For(s) with { Dockerfile = file, Context = file == Dockerfiles.PathOf(s.Name) ? "." : TreePaths.DirectoryOf(file) } : Stacks.For(s));
        return FileBundle.Of(
        [
            (GitHubWorkflow.Path, GitHubWorkflow.Write(project, [.. checks], (options ?? new()).Branches)),
            (GitLabPipeline.Path, GitLabPipeline.Write(project, [.. checks])),
            .. services.Where(s => own[s.Name] is null).Select(s => (Dockerfiles.PathOf(s.Name), Dockerfiles.Write(s))),
            .. TestScaffolds.Build(plan, audit),
        ]);
    }
}
