using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;

namespace ProdSprint.Projects;

/// <summary>
/// Runs git so that nothing of the repository and nothing of the user's own configuration gets a say: no hooks, no prompts, no credential helpers,
/// no file-system monitor, only the transports that were asked for, and a time limit.
/// </summary>
public static class GitCommand
{
    /// <summary>An answer is never longer than this: a tree of 200,000 files fits.</summary>
    public const int MaxAnswer = 64 << 20;

    internal const string Ssh = "ssh -oBatchMode=yes -oConnectTimeout=20";

    public static ProcessStartInfo StartInfo(string? repository, IEnumerable<string> arguments, bool local = false)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        string[] settings =
        [
            "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.askPass=", "credential.helper=", "protocol.allow=never", "protocol.https.allow=always", "protocol.http.allow=always",
            "protocol.ssh.allow=always", $"protocol.file.allow={(local ? "always" : "never")}", "submodule.recurse=false", "fetch.recurseSubmodules=false", "gc.auto=0", "core.symlinks=false",
            "transfer.fsckObjects=false", "http.lowSpeedLimit=1000", "http.lowSpeedTime=60", "advice.detachedHead=false", "core.quotePath=false",
        ];
        foreach (var setting in settings) { start.ArgumentList.Add("-c"); start.ArgumentList.Add(setting); }
        if (repository is not null) start.ArgumentList.Add("--git-dir=" + repository);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = GlobalConfiguration.Value;
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_SSH_COMMAND"] = Ssh;
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>The whole standard output as bytes; a failure is a <see cref="GitProblem"/> with git's own last line.</summary>
    public static async Task<byte[]> RunAsync(string? repository, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellation, bool local = false, Func<string?>? watch = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = StartInfo(repository, arguments, local);
        foreach (var (name, value) in environment ?? ImmutableDictionary<string, string>.Empty) start.Environment[name] = value;
        using var process = Start(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        string? stopped = null;
        try
        {
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput.BaseStream, MaxAnswer, limit.Token);
            var error = ReadAsync(process.StandardError.BaseStream, 1 << 20, limit.Token);
            var watching = watch is null ? Task.CompletedTask : WatchAsync(watch, reason => { stopped = reason; limit.Cancel(); }, process, limit.Token);
            var bytes = await output;
            var said = Encoding.UTF8.GetString(await error);
            await process.WaitForExitAsync(limit.Token);
            await watching;
            if (process.ExitCode == 0) return bytes;
            throw new GitProblem("git.failed", LastLine(said));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw stopped is not null ? new GitProblem("source.too-large", stopped)
                : new GitProblem("git.timeout", $"git {arguments[0]} did not finish within {timeout.TotalSeconds:0} s. Try again, or raise the time limit.");
        }
        finally
        {
            Kill(process);
        }
    }

    public static Process Start(ProcessStartInfo start)
    {
        try { return Process.Start(start)!; }
        catch (System.ComponentModel.Win32Exception) { throw new GitProblem("git.missing", "git is not installed. Install it (apt-get install git) and try again."); }
    }

    public static void Kill(Process process)
    {
        try { if (!process.HasExited) process.Kill(entireProcessTree: true); }
        catch (InvalidOperationException) { /* it ended in between */ }
    }

    private static async Task WatchAsync(Func<string?> watch, Action<string> stop, Process process, CancellationToken cancellation)
    {
        while (!process.HasExited)
        {
            try { await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(1), cancellation); }
            catch (TimeoutException) { if (watch() is { } reason) { stop(reason); return; } }
            catch (OperationCanceledException) { return; }
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int limit, CancellationToken cancellation)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
            if (memory.Length + read <= limit) memory.Write(buffer, 0, read);
            else throw new GitProblem("source.too-large", $"git's answer is longer than {limit >> 20} MiB.");
        return memory.ToArray();
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault(l => !l.StartsWith("hint:", StringComparison.Ordinal)) ?? "git failed without a word";

    /// <summary>
    /// A file of our own in place of the user's ~/.gitconfig. It trusts folders of other owners, because reading a local repository is what was asked;
    /// upload-pack, which reads it, takes no hooks from there.
    /// </summary>
    private static readonly Lazy<string> GlobalConfiguration = new(() =>
    {
        var path = Path.Combine(Path.GetTempPath(), $"prodsprint-gitconfig-{Environment.ProcessId}-{Guid.NewGuid():N}");
        File.WriteAllText(path, "[safe]\n\tdirectory = *\n");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => { try { File.Delete(path); } catch (IOException) { /* a leftover of 22 bytes */ } };
        return path;
    });
}
