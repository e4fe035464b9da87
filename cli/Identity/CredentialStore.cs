using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Kernel;

namespace ProdSprint.Identity;

/// <summary>Where sessions are kept between commands: the desktop's keyring where there is one, else a file that nobody but the user may read.</summary>
public sealed class CredentialStore
{
    private readonly Keyring? _keyring = Keyring.Find();

    /// <summary><c>XDG_CONFIG_HOME</c>, else <c>~/.config</c>.</summary>
    public static string File { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "prodsprint", "credentials.json");

    public string Place => _keyring is null ? File : "the keyring";

    public StoredSession? Find(Uri server) => StoredSession.Read(_keyring is { } keyring ? keyring.Find(Key(server)) : All()[Key(server)]?.ToString());

    public void Keep(Uri server, StoredSession session)
    {
        if (_keyring is { } keyring) keyring.Keep(Key(server), session.Write());
        else Write(all => all[Key(server)] = session.Write());
    }

    public void Forget(Uri server)
    {
        if (_keyring is { } keyring) keyring.Forget(Key(server));
        else if (System.IO.File.Exists(File)) Write(all => all.Remove(Key(server)));
    }

    private static string Key(Uri server) => server.GetLeftPart(UriPartial.Authority).ToLowerInvariant();

    private static JsonObject All()
    {
        try
        {
            return System.IO.File.Exists(File) && JsonNode.Parse(System.IO.File.ReadAllText(File)) is JsonObject all ? all : [];
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            // Nothing in it is worth more than signing in again.
            return [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CliException(ExitCode.Failed, "cli.cannot-read", "Cannot be read", $"{File}: {e.Message}", "It belongs to someone else: set XDG_CONFIG_HOME to a directory of your own");
        }
    }

    /// <summary>Whole or not at all, and never, not even for a moment, readable by others.</summary>
    private static void Write(Action<JsonObject> change)
    {
        var all = All();
        change(all);
        try
        {
            const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var part = $"{File}.{Environment.ProcessId}";
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            else Directory.CreateDirectory(Path.GetDirectoryName(File)!, mine | UnixFileMode.UserExecute);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mine;
            using (var writer = new StreamWriter(part, options)) writer.Write(all.ToJsonString(new() { WriteIndented = true }));
            System.IO.File.Move(part, File, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, "cli.cannot-write", "Cannot be written", $"{File}: {e.Message}", "Set XDG_CONFIG_HOME to a directory you may write to");
        }
    }
}
