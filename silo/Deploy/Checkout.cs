using ProdSprint.Projects;

namespace ProdSprint.Deploy;

/// <summary>
/// Writes the files of a commit into a fresh directory (<see cref="GitExport"/>: no work tree, no filter, no hook, nothing that leads out), in the words of
/// a deployment.
/// </summary>
internal static class Checkout
{
    /// <param name="Submodules">Left out; paths.</param>
    public sealed record Result(int Files, long Bytes, IReadOnlyList<string> Submodules);

    /// <param name="gitDirectory">A bare repository or a <c>.git</c> directory.</param>
    /// <param name="commit">A full object name.</param>
    /// <param name="limitBytes">Refused when the files come to more.</param>
    public static async Task<Result> ExportAsync(string gitDirectory, string commit, string directory, long limitBytes, CancellationToken cancellation)
    {
        try
        {
            using var tree = await GitRepository.Open(gitDirectory).TreeAsync(commit, cancellation);
            GitExport.Write(tree, directory, limitBytes, cancellation);
            var files = tree.Entries.Where(e => e.Kind is TreeEntryKind.File or TreeEntryKind.Executable).ToList();
            return new(files.Count, files.Sum(f => f.Size), [.. tree.Entries.Where(e => e.Kind == TreeEntryKind.Submodule).Select(e => e.Path)]);
        }
        catch (GitProblem e)
        {
            var next = e.Code switch
            {
                "source.too-large" => " Raise the build's disk limit, or take large files out of the repository.",
                "export.refused" => "",
                _ => " Release a branch, tag or commit that the project has, or import the project again.",
            };
            throw new DeployException($"Commit {ArtifactStore.Short(commit)} cannot be checked out: {e.Message}{next}", inner: e);
        }
        catch (IOException e)
        {
            throw IsDiskFull(e)
                ? new DeployException("The disk is full: the checkout was taken away again. Free some space, then retry.", retry: true, e)
                : new DeployException($"Commit {ArtifactStore.Short(commit)} cannot be checked out: {e.Message} Repair the repository (git fsck), then import it again.", inner: e);
        }
    }

    public static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) is 28 or 122; // ENOSPC, EDQUOT
}
