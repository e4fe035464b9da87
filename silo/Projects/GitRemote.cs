using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ProdSprint.Projects;

/// <summary>
/// A branch by git alone. The commit is made in the mirror without a checkout (its own index, objects, tree), so nothing of the repository runs, and is pushed
/// without force. Name, date and text are given, so the same proposal is the same commit: a push that was cut off is simply done again.
/// </summary>
public sealed partial class GitRemote(SourceRules sources) : IChangeRemote
{
    public const int LongestDiff = 1 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task<ProposedChange> ProposeAsync(GitRepository mirror, ChangeProposal proposal, CancellationToken cancellation)
    {
        var work = Directory.CreateTempSubdirectory("prodsprint-branch-").FullName;
        try
        {
            var tree = await TreeAsync(mirror.Directory, proposal, work, cancellation);
            if (tree == await SayAsync(mirror.Directory, ["rev-parse", proposal.Base + "^{tree}"], cancellation))
                throw new GitProblem("branch.nothing-new", "The repository has all of these files already; there is nothing to propose.");
            var commit = await CommitAsync(mirror.Directory, proposal, tree, work, cancellation);
            var diff = await SayAsync(mirror.Directory, ["diff", "--no-ext-diff", "--no-textconv", "--no-color", proposal.Base, commit, "--"], cancellation);
            await PushAsync(mirror.Directory, proposal, commit, cancellation);
            return new(commit, diff.Length > LongestDiff ? diff[..LongestDiff] + $"\n… {diff.Length - LongestDiff} more characters\n" : diff, CompareAddress(proposal.Source, proposal.Branch));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Where GitHub and GitLab open a pull request of a branch.</summary>
    internal static string? CompareAddress(string source, string branch) => Hosted().Match(source) is { Success: true } m
        ? m.Groups["host"].Value.Contains("gitlab", StringComparison.Ordinal)
            ? $"https://{m.Groups["host"].Value}/{m.Groups["path"].Value}/-/merge_requests/new?merge_request%5Bsource_branch%5D={Uri.EscapeDataString(branch)}"
            : $"https://{m.Groups["host"].Value}/{m.Groups["path"].Value}/pull/new/{branch}"
        : null;

    private static async Task<string> TreeAsync(string repository, ChangeProposal proposal, string work, CancellationToken cancellation)
    {
        var index = new Dictionary<string, string> { ["GIT_INDEX_FILE"] = Path.Combine(work, "index") };
        await SayAsync(repository, ["read-tree", proposal.Base], cancellation, index);
        foreach (var (path, text) in proposal.Files.Files)
        {
            var file = Path.Combine(work, "file");
            await File.WriteAllTextAsync(file, text, cancellation);
            var blob = await SayAsync(repository, ["hash-object", "-w", "--no-filters", "--", file], cancellation);
            try
            {
                await SayAsync(repository, ["update-index", "--add", "--cacheinfo", $"100644,{blob},{path}"], cancellation, index);
            }
            catch (GitProblem e) when (e.Code == "git.failed")
            {
                throw new GitProblem("branch.path-taken", $"{path} cannot be written: {e.Message}. Rename what stands in its way in the repository.");
            }
        }
        return await SayAsync(repository, ["write-tree"], cancellation, index);
    }

    private static async Task<string> CommitAsync(string repository, ChangeProposal proposal, string tree, string work, CancellationToken cancellation)
    {
        var message = Path.Combine(work, "message");
        await File.WriteAllTextAsync(message, $"{proposal.Title}\n\n{proposal.Text}", cancellation);
        var at = proposal.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + " +0000";
        return await SayAsync(repository, ["commit-tree", tree, "-p", proposal.Base, "-F", message], cancellation, new Dictionary<string, string>
        {
            ["GIT_AUTHOR_NAME"] = "ProdSprint", ["GIT_AUTHOR_EMAIL"] = "prodsprint@localhost", ["GIT_AUTHOR_DATE"] = at,
            ["GIT_COMMITTER_NAME"] = "ProdSprint", ["GIT_COMMITTER_EMAIL"] = "prodsprint@localhost", ["GIT_COMMITTER_DATE"] = at,
        });
    }

    private async Task PushAsync(string repository, ChangeProposal proposal, string commit, CancellationToken cancellation)
    {
        var to = await sources.AdmitAsync(proposal.Source, cancellation: cancellation);
        // A repository on this machine is served by a process of ours: its hooks are its owner's code, and do not run in the server's name.
        string[] receive = to.IsLocal ? ["--receive-pack=git -c core.hooksPath=/dev/null receive-pack"] : [];
        try
        {
            await GitCommand.RunAsync(repository, ["push", "--quiet", "--no-verify", .. receive, "--", to.Address, $"{commit}:refs/heads/{proposal.Branch}"], Limit, cancellation, to.IsLocal, environment: to.Environment);
        }
        catch (GitProblem e) when (e.Code == "git.failed" && e.Message.Contains("failed to push some refs", StringComparison.Ordinal))
        {
            throw new GitProblem("branch.exists", $"{proposal.Branch} is there already and says something else, or the repository takes no such branch. Choose another name, or delete it there.");
        }
        catch (GitProblem e) when (e.Code == "git.failed")
        {
            throw new GitProblem("branch.refused", $"Cannot write to {to.Address}: {e.Message}. Give the server's user a key that may push, or take the files along: prodsprint blueprint --out .");
        }
    }

    private static async Task<string> SayAsync(string repository, string[] arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null) =>
        Encoding.UTF8.GetString(await GitCommand.RunAsync(repository, arguments, Limit, cancellation, environment: environment)).TrimEnd('\n');

    [GeneratedRegex("^(?:https://(?:[^@/]+@)?|ssh://git@|git@)(?<host>(?:[a-z0-9-]+\\.)*(?:github|gitlab)[a-z0-9.-]*)(?::[0-9]+)?[:/](?<path>[A-Za-z0-9._/-]+?)(?:\\.git)?/?$")]
    private static partial Regex Hosted();
}
