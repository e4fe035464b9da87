using ProdSprint.Deploy;

namespace ProdSprint.Projects;

/// <summary>Where each project's bare repository lies on this machine.</summary>
public sealed class ProjectMirrors(string root) : ICommitSource
{
    public string Path(string workspace, string project) => System.IO.Path.Combine(root, workspace, $"{project}.git");

    public Task<string> GitDirectoryAsync(string workspace, string project, CancellationToken cancellation)
    {
        var path = Path(workspace, project);
        return File.Exists(System.IO.Path.Combine(path, "HEAD"))
            ? Task.FromResult(path)
            : throw new DeployException($"The repository of {project} is not on this machine. Import it again: prodsprint import <path-or-git-url>.");
    }
}
