using Microsoft.Extensions.Options;
using ProdSprint.Data;

namespace ProdSprint.Secrets;

/// <summary>The master key in use, and those before it that may still be needed to open what they wrapped.</summary>
public sealed class MasterKeys
{
    private readonly IReadOnlyList<IMasterKey> _former;

    /// <exception cref="OptionsValidationException">A key that was given cannot be read: all that is wrong with them at once.</exception>
    public MasterKeys(SecretOptions options, Database database)
    {
        var wrong = new List<string>();
        var derived = new LocalMasterKey("derived", database.Key("secrets master key"));
        Current = options.MasterKeyFile.Length > 0 ? File(options.MasterKeyFile, "Secrets:MasterKeyFile", wrong)
            : options.MasterKey.Length > 0 ? Of("environment", options.MasterKey, "Secrets:MasterKey", wrong)
            : derived;
        // Also the derived one: what was sealed before somebody gave a key goes on being opened.
        _former = [derived, .. options.PreviousMasterKeyFiles.Select((f, i) => File(f, $"Secrets:PreviousMasterKeyFiles:{i}", wrong))];
        if (wrong.Count > 0) throw new OptionsValidationException("Secrets", typeof(SecretOptions), wrong);
    }

    public IMasterKey Current { get; }

    /// <summary>Null: it is not among those that this server knows. Ids are compared without their source, which may change from file to environment.</summary>
    public IMasterKey? Find(string id) => _former.Prepend(Current).FirstOrDefault(k => Bare(k.Id) == Bare(id));

    private static string Bare(string id) => id[(id.IndexOf(':') + 1)..];

    private static LocalMasterKey File(string path, string name, List<string> wrong)
    {
        try
        {
            const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(path) & others) != 0) wrong.Add($"{name}: others than the server may read {path}. Next: chmod 600 {path}");
            return Of("file", System.IO.File.ReadAllText(path).Trim(), name, wrong);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            wrong.Add($"{name}: {path} cannot be read ({e.GetType().Name}). Next: put the key there, readable by the server");
            return new("file", new byte[LocalMasterKey.Bytes]);
        }
    }

    private static LocalMasterKey Of(string source, string text, string name, List<string> wrong)
    {
        var key = new byte[LocalMasterKey.Bytes];
        if (!Convert.TryFromBase64String(text, key, out var length) || length != key.Length) wrong.Add($"{name} is not {LocalMasterKey.Bytes} bytes in base64. Next: make one with: openssl rand -base64 {LocalMasterKey.Bytes}");
        return new(source, key);
    }
}
