namespace ProdSprint.Secrets;

/// <summary>Where the master key comes from, and whom API keys are asked of: section <c>Secrets</c>. All servers of one database need the same.</summary>
public sealed class SecretOptions
{
    /// <summary>
    /// A key service that has the master key and never gives it away: the ARN of a symmetric key of AWS KMS (<c>arn:aws:kms:REGION:ACCOUNT:key/ID</c>, or of an alias), or the address of
    /// an RSA key in Azure Key Vault (<c>https://VAULT.vault.azure.net/keys/NAME</c>). Goes before <see cref="MasterKeyFile"/>.
    /// </summary>
    public string KeyService { get; set; } = "";

    /// <summary>Keys in key services that were in use before.</summary>
    public List<string> PreviousKeyServices { get; set; } = [];

    /// <summary>Where AWS KMS is asked, for an endpoint in a private network. Empty: the region's public one.</summary>
    public string AwsEndpoint { get; set; } = "";

    /// <summary>A file with the master key: 32 bytes in base64. Readable by the server alone. Goes before <see cref="MasterKey"/>.</summary>
    public string MasterKeyFile { get; set; } = "";

    /// <summary>
    /// The master key itself, 32 bytes in base64, for where secrets come as environment variables (<c>Secrets__MasterKey</c>). Empty, and no file: derived from what the
    /// database's roles are derived from, so that a new installation needs nothing and a backup of the database alone opens nothing.
    /// </summary>
    public string MasterKey { get; set; } = "";

    /// <summary>Files with master keys that were in use before: what they wrap is opened, and wrapped anew with the one in use. Take them out when that is done.</summary>
    public List<string> PreviousMasterKeyFiles { get; set; } = [];

    /// <summary>
    /// Also ask providers of API keys in private networks, on this machine, and without TLS. Off, because a member of one workspace could otherwise make the server ask what only
    /// the server can reach.
    /// </summary>
    public bool AllowPrivate { get; set; }

    /// <summary>For one answer of a provider of API keys.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>What cannot go on as it is. One sentence, and what a person can do now. Never holds a value.</summary>
/// <param name="retry">It may go by itself: a provider that is away.</param>
public sealed class SecretException(string message, string next, bool retry = false, Exception? inner = null) : Exception(message, inner)
{
    public string Next { get; } = next;

    public bool Retry { get; } = retry;
}
