using ProdSprint.Deploy;

namespace ProdSprint.Projects;

/// <summary>Where each project's bare repository lies on this machine.</summary>
public sealed class ProjectMirrors(string root, SourceRules sources) : ICommitSource
{
    public string Path(string workspace, string project) => System.IO.Path.Combine(root, workspace, $"{project}.git");

    /// <summary>Brings the project's mirror up to date. Whether its source may be read is asked each time: what a host's name means changes, and so do the rules.</summary>
    public async Task<GitRepository> ImportAsync(string workspace, string project, string source, CancellationToken cancellation) =>
        await GitRepository.ImportAsync(await sources.AdmitAsync(source, cancellation: cancellation), Path(workspace, project), cancellation: cancellation);

    /// <summary>What a fetch writes or takes away in the middle of it is not missed: it is counted the next time.</summary>
    public long StoredBytes(string workspace)
    {
        var folder = new DirectoryInfo(System.IO.Path.Combine(root, workspace));
        if (!folder.Exists) return 0;
        long bytes = 0;
        foreach (var file in folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            try { bytes += file.Length; }
            catch (IOException) { /* taken away meanwhile */ }
        return bytes;
    }

    public Task<string> GitDirectoryAsync(string workspace, string project, CancellationToken cancellation)
    {
        var path = Path(workspace, project);
        return File.Exists(System.IO.Path.Combine(path, "HEAD"))
            ? Task.FromResult(path)
            : throw new DeployException($"The repository of {project} is not on this machine. Import it again: prodsprint import <path-or-git-url>.");
    }
}
