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
        Current = options.KeyService.Length > 0 ? Service(options.KeyService, options, "Secrets:KeyService", wrong)
            : options.MasterKeyFile.Length > 0 ? File(options.MasterKeyFile, "Secrets:MasterKeyFile", wrong)
            : options.MasterKey.Length > 0 ? Of("environment", options.MasterKey, "Secrets:MasterKey", wrong)
            : derived;
        // Also the derived one: what was sealed before somebody gave a key goes on being opened.
        _former =
        [
            derived, .. options.PreviousMasterKeyFiles.Select((f, i) => File(f, $"Secrets:PreviousMasterKeyFiles:{i}", wrong)),
            .. options.PreviousKeyServices.Select((k, i) => Service(k, options, $"Secrets:PreviousKeyServices:{i}", wrong)),
            // Who goes over to a key service, or back, leaves the other where it is for that time.
            .. options.KeyService.Length > 0 && options.MasterKeyFile.Length > 0 ? [File(options.MasterKeyFile, "Secrets:MasterKeyFile", wrong)] : (LocalMasterKey[])[],
            .. options.KeyService.Length > 0 && options.MasterKey.Length > 0 ? [Of("environment", options.MasterKey, "Secrets:MasterKey", wrong)] : (LocalMasterKey[])[],
        ];
        if (wrong.Count > 0) throw new OptionsValidationException("Secrets", typeof(SecretOptions), wrong);
    }

    internal MasterKeys(IMasterKey current, params IReadOnlyList<IMasterKey> former) => (Current, _former) = (current, former);

    public IMasterKey Current { get; }

    /// <summary>Null: it is not among those that this server knows. Ids are compared without their source, which may change from file to environment.</summary>
    public IMasterKey? Find(string id) => _former.Prepend(Current).FirstOrDefault(k => Bare(k.Id) == Bare(id));

    private static string Bare(string id) => id[(id.IndexOf(':') + 1)..];

    private static IMasterKey Service(string key, SecretOptions options, string name, List<string> wrong)
    {
        Uri? endpoint = null;
        if (options.AwsEndpoint.Length > 0 && !(Uri.TryCreate(options.AwsEndpoint, UriKind.Absolute, out endpoint) && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback)))
            wrong.Add($"Secrets:AwsEndpoint is '{options.AwsEndpoint}', which is no https address. Next: leave it out, or give the address of your VPC endpoint");
        if (AwsKms.RegionOf(key) is not null) return new AwsKms(key, endpoint, KeyService.NewClient(), Environment.GetEnvironmentVariable, TimeProvider.System);
        if (AzureKeyVault.IsKey(key)) return new AzureKeyVault(new(key), KeyService.NewClient(), AzureKeyVault.DefaultCredential());
        wrong.Add($"{name} is '{key}', which is neither the ARN of a key of AWS KMS nor the address of a key in Azure Key Vault. Next: arn:aws:kms:REGION:ACCOUNT:key/ID, or https://VAULT.vault.azure.net/keys/NAME");
        return new LocalMasterKey("none", new byte[LocalMasterKey.Bytes]);
    }

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
