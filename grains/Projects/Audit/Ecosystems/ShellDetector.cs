namespace ProdSprint.Projects;

/// <summary>A start.sh in the root, run by the shell its first line names. Last of all: whatever has a manifest says more.</summary>
public sealed class ShellDetector : IServiceDetector
{
    public IEnumerable<ServiceDraft> Detect(AuditContext context)
    {
        if (context.Files.Manifest("start.sh") is not { } text) yield break;
        var first = text.Split('\n')[0];
        var named = first.StartsWith("#!", StringComparison.Ordinal) ? TreePaths.NameOf(first[2..].Trim().Split(' ')[0] is "/usr/bin/env" ? first.Trim().Split(' ')[^1] : first[2..].Trim().Split(' ')[0]) : "sh";
        // dash is what sh is; a shell that is not POSIX's is not expected on the machine
        var shell = named switch { "dash" or "sh" => "sh", "zsh" => "zsh", _ => "bash" };
        var draft = new ServiceDraft("shell", ".", "start.sh");
        draft.Start = draft.Command($"{shell} start.sh", "file start.sh");
        yield return draft;
    }
}
