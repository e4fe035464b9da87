using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ProdSprint.Plans.Blueprints.Policies;

namespace ProdSprint.Plans;

/// <summary>
/// Open Policy Agent, where it is installed on the server: a process for each question, with the facts on its standard input, an environment of its own, and bounds on time, memory and
/// what it may print.
/// </summary>
/// <param name="program">Its path; null: whichever <c>opa</c> is on PATH.</param>
/// <param name="patience">After that it is ended; null: 15 seconds, opa's own deadline is at 10.</param>
public sealed class OpaProgram(string? program = null, TimeSpan? patience = null)
{
    private const int LongestOutput = 4 << 20, MostMemoryMiB = 512;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(15);

    /// <summary>Each may take half a gigabyte.</summary>
    private readonly SemaphoreSlim _turns = new(2);

    public string? Look() => program is not null
        ? File.Exists(program) ? program : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(d => Path.Combine(d, "opa")).FirstOrDefault(File.Exists);

    /// <summary>The built-in results with opa's beside them; as they are where opa is not installed. That it fails is a result, never an exception.</summary>
    public async Task<ImmutableArray<PolicyResult>> BesideAsync(string profile, ImmutableArray<PolicyResult> builtIn, PolicyFacts facts, CancellationToken cancellation)
    {
        if (builtIn.IsEmpty || Look() is not { } found) return builtIn;
        await _turns.WaitAsync(cancellation);
        var folder = Directory.CreateTempSubdirectory("prodsprint-opa-");
        try
        {
            var rules = Path.Combine(folder.FullName, "prodsprint.rego");
            await File.WriteAllTextAsync(rules, RegoRules.Text, cancellation);
            return RegoRules.Compare(profile, builtIn, RegoRules.Read(await EvaluateAsync(found, rules, RegoRules.Input(profile, facts), folder.FullName, cancellation)));
        }
        catch (Exception e) when (e is FormatException or IOException or Win32Exception or TimeoutException)
        {
            return RegoRules.Failed(profile, builtIn, $"{found}: {e.Message}");
        }
        finally
        {
            folder.Delete(recursive: true);
            _turns.Release();
        }
    }

    private async Task<string> EvaluateAsync(string opa, string rules, string input, string folder, CancellationToken cancellation)
    {
        // Address space is not memory: Go reserves far more than it uses. GOMEMLIMIT is what it keeps to, the other is the fuse.
        string[] arguments =
        [
            "-c", $"ulimit -t {(int)_patience.TotalSeconds + 15}; ulimit -v {MostMemoryMiB * 8 * 1024}; exec \"$0\" \"$@\"", opa,
            "eval", "--format", "json", "--timeout", "10s", "--data", rules, "--stdin-input", RegoRules.Query,
        ];
        var start = new ProcessStartInfo("/bin/sh", arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        (start.Environment["PATH"], start.Environment["HOME"], start.Environment["GOMEMLIMIT"]) = ("/usr/local/bin:/usr/bin:/bin", folder, $"{MostMemoryMiB}MiB");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(_patience);
        using var process = Process.Start(start) ?? throw new IOException("it cannot be started");
        try
        {
            var (output, error) = (ReadAsync(process.StandardOutput, LongestOutput, deadline.Token), ReadAsync(process.StandardError, LongestOutput, deadline.Token));
            await WriteAsync(process, input, deadline.Token);
            var text = await output;
            var complaint = await error;
            await process.WaitForExitAsync(deadline.Token);
            // It answers in JSON also when the rules are wrong, and ends with 2.
            return text.TrimStart().StartsWith('{') || process.ExitCode == 0 ? text : throw new IOException($"it ended with {process.ExitCode}: {complaint.Trim()}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"it gave no answer within {_patience.TotalSeconds:0} seconds");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all; its answer says why.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, int most, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new char[16 << 10];
        for (int n; (n = await reader.ReadAsync(buffer, cancellation)) > 0;)
            if (text.Append(buffer, 0, n).Length > most) throw new IOException($"it printed more than {most >> 20} MiB");
        return text.ToString();
    }
}
