using System.Diagnostics;

namespace ProdSprint.Identity;

/// <summary>The desktop's keyring through libsecret's <c>secret-tool</c>. Secrets go through its input and output, never through its arguments.</summary>
public sealed class Keyring
{
    private readonly string _tool;

    private Keyring(string tool) => _tool = tool;

    /// <summary>Null: there is no tool, or no desktop session whose keyring could be open; or <c>PRODSPRINT_KEYRING=off</c>.</summary>
    public static Keyring? Find()
    {
        if (Environment.GetEnvironmentVariable("PRODSPRINT_KEYRING") == "off" || Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS") is null or "") return null;
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "secret-tool")).FirstOrDefault(File.Exists);
        return path is null ? null : new(path);
    }

    public string? Find(string server) => Run(["lookup", .. Of(server)], null) is (0, { Length: > 0 } found) ? found : null;

    public void Keep(string server, string secret)
    {
        if (Run(["store", $"--label=ProdSprint at {server}", .. Of(server)], secret) is not (0, _))
            throw new Kernel.CliException(Kernel.ExitCode.Failed, "cli.keyring", "The keyring did not take it", "secret-tool store failed.", "Unlock the keyring, or keep it in a file: PRODSPRINT_KEYRING=off");
    }

    public void Forget(string server) => Run(["clear", .. Of(server)], null);

    private static string[] Of(string server) => ["service", "prodsprint", "server", server];

    private (int Exit, string Out) Run(string[] arguments, string? input)
    {
        using var process = Process.Start(new ProcessStartInfo(_tool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
