using System.Diagnostics;

namespace ProdSprint.Deploy;

/// <summary>
/// The bubblewrap command line around a build or an application: the file system read-only, its own processes only, its own /tmp; writable is only
/// what is named. The network stays: installs need it, and an application is reached through it.
/// </summary>
internal sealed class Sandbox(LocalDeployOptions options, DeployPaths paths)
{
    private static readonly Lazy<bool> Tried = new(Try);

    /// <summary>Where people keep credentials: nothing that is built or deployed has any business there.</summary>
    private static readonly string[] Private =
        [".ssh", ".aws", ".azure", ".config/gcloud", ".config/gh", ".docker", ".gnupg", ".kube", ".netrc", ".git-credentials", ".npmrc", ".pypirc", ".pgpass"];

    /// <summary>bubblewrap is installed and the kernel lets it make namespaces: tried once, with the real thing.</summary>
    public static bool Works => Tried.Value;

    public bool Active { get; } = options.Sandbox != SandboxMode.Off && Works;

    /// <param name="writable">Directory outside → where it appears inside, in order: later ones lie on top.</param>
    /// <param name="readable">Kept visible, read-only, inside what is hidden.</param>
    /// <param name="temporary">Becomes /tmp.</param>
    /// <param name="dieWithServer">True for builds. An application must outlive the server.</param>
    /// <returns>The words before the command; none when there is no sandbox.</returns>
    public IReadOnlyList<string> Arguments(
        string workingDirectory, IReadOnlyList<(string From, string To)> writable, IReadOnlyList<string> readable, string temporary, bool dieWithServer)
    {
        if (!Active) return [];
        var a = new List<string>
        {
            "bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", temporary, "/tmp",
        };
        if (dieWithServer) a.Add("--die-with-parent");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var p in Private.Select(p => Path.Combine(home, p)).Concat(options.HiddenPaths).Append(paths.Root)) Hide(a, p);
        foreach (var r in readable) a.AddRange(["--ro-bind", r, r]);
        foreach (var (from, to) in writable) a.AddRange(["--bind", from, to]);
        a.AddRange(["--chdir", workingDirectory, "--"]);
        return a;
    }

    private static void Hide(List<string> a, string path)
    {
        if (Directory.Exists(path)) a.AddRange(["--tmpfs", path]);
        else if (File.Exists(path)) a.AddRange(["--ro-bind", "/dev/null", path]);
    }

    private static bool Try()
    {
        try
        {
            using var p = Process.Start(new ProcessStartInfo(
                "bwrap", ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--", "/bin/sh", "-c", "exit 0"])
            { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
            p.StandardError.ReadToEnd();
            p.WaitForExit();
            return p.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // not installed
        }
    }
}
