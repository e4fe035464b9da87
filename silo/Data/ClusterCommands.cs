using System.Diagnostics;

namespace ProdSprint.Data;

/// <summary>Runs PostgreSQL's own programs; as root, through a system user.</summary>
internal sealed class ClusterCommands(string binaries, ClusterHome home)
{
    private readonly string? _user = !Environment.IsPrivilegedProcess ? null
        : File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    public async Task<bool> IsRunningAsync(CancellationToken cancellation) =>
        (await ExecuteAsync(Program("pg_ctl", ["-D", home.Data, "status"]), cancellation)).ExitCode == 0;

    public async Task RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var (exitCode, output) = await ExecuteAsync(Program(program, arguments), cancellation);
        if (exitCode != 0) throw new DatabaseException($"{program} ended with {exitCode}: {output.Trim()}");
    }

    /// <summary>Makes the system user the owner.</summary>
    public async Task GiveAsync(string path, CancellationToken cancellation)
    {
        if (_user is not null) await ExecuteAsync(["chown", _user, path], cancellation);
    }

    public async Task DeleteAsync(string directory, CancellationToken cancellation)
    {
        if (Directory.Exists(directory)) await ExecuteAsync(["rm", "-rf", "--", directory], cancellation);
    }

    private string[] Program(string program, string[] arguments)
    {
        string[] command = [Path.Combine(binaries, program), .. arguments];
        return _user is null ? command : ["runuser", "-u", _user, "--", .. command];
    }

    private static async Task<(int ExitCode, string Output)> ExecuteAsync(string[] command, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        // A private cluster takes its settings from us alone.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        // pg_ctl's child keeps the pipes open for its life, so the end of the output is not waited for, only the end of the process.
        var output = new System.Text.StringBuilder();
        void Keep(object _, DataReceivedEventArgs line)
        {
            lock (output) output.AppendLine(line.Data);
        }
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.HasExited) await Task.Delay(15, cancellation);
        lock (output) return (process.ExitCode, output.ToString());
    }
}
