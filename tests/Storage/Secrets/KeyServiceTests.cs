using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProdSprint.Data;
using ProdSprint.Postgres;

namespace ProdSprint.Secrets;

/// <summary>
/// Master keys in key services. Neither service can be had here: the counterpart plays the two calls of each over HTTP, with real keys, and makes each AWS signature again with a signer that
/// nobody here wrote.
/// </summary>
public sealed class KeyServiceTests(PostgresFixture postgres, KeyServiceCounterpart services) : IClassFixture<PostgresFixture>, IClassFixture<KeyServiceCounterpart>
{
    private const string One = "arn:aws:kms:eu-central-1:111122223333:key/one", Two = "arn:aws:kms:eu-central-1:111122223333:key/two";

    private static readonly Dictionary<string, string> Given = new() { ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE", ["AWS_SECRET_ACCESS_KEY"] = "example-of-nothing" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(One)]
    [InlineData("vault")]
    public async Task DataKey_IsWrappedByTheService_AndOpenedByItAlone(string which)
    {
        var name = new SecretName($"service-{which.Length}", "shop", "production", "TOKEN");
        IMasterKey key = which == "vault" ? Vault() : Kms(One);
        await Store(new(key)).PutAsync(name, "one", "kept", null, Stop);
        (await postgres.ScalarAsync<string>($"SELECT master FROM prodsprint.secret_key WHERE workspace = '{name.Workspace}'")).ShouldBe(key.Id);
        (await Store(new(key)).OpenAsync(name, "one", Stop))!.Value.ShouldBe("kept");
        (await Should.ThrowAsync<SecretException>(() => Store(new(new SecretOptions(), postgres.Database)).OpenAsync(name, "one", Stop))).Message.ShouldContain("which this server does not have");
    }

    [Fact]
    public async Task DataKey_GoesOverToAService_AndToAnother()
    {
        var name = new SecretName("goes-over", "shop", "production", "TOKEN");
        await Store(new(new SecretOptions(), postgres.Database)).PutAsync(name, "one", "kept", null, Stop);
        var derived = new MasterKeys(new SecretOptions(), postgres.Database).Current;
        foreach (var masters in (MasterKeys[])[new(Kms(One), derived), new(Kms(Two), Kms(One)), new(Vault(), Kms(Two)), new(Vault())])
        {
            (await Store(masters).OpenAsync(name, "one", Stop))!.Value.ShouldBe("kept");
            (await postgres.ScalarAsync<string>("SELECT master FROM prodsprint.secret_key WHERE workspace = 'goes-over'")).ShouldBe(masters.Current.Id);
        }
    }

    [Theory]
    [InlineData(One)]
    [InlineData("vault")]
    public async Task Wrapped_ForAnotherContext_OrChanged_IsNotOpened(string which)
    {
        IMasterKey key = which == "vault" ? Vault() : Kms(One);
        var wrapped = await key.WrapAsync(RandomNumberGenerator.GetBytes(32), "one", Stop);
        await Should.ThrowAsync<CryptographicException>(() => key.UnwrapAsync(wrapped, "two", Stop).AsTask());
        foreach (var at in (int[])[wrapped.Length - 1, wrapped.Length / 2])
        {
            var changed = wrapped.ToArray();
            changed[at] = (byte)(changed[at] == 'A' ? 'B' : 'A');
            await Should.ThrowAsync<CryptographicException>(() => key.UnwrapAsync(changed, "one", Stop).AsTask());
        }
    }

    [Fact]
    public async Task KeyVault_KeyRotatedInTheVault_GoesOnOpening()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var wrapped = await Vault().WrapAsync(key, "one", Stop);
        (await services.Http.PostAsync("test/rotate", null, Stop)).EnsureSuccessStatusCode();
        (await Vault().UnwrapAsync(wrapped, "one", Stop)).ShouldBe(key);
        System.Text.Encoding.UTF8.GetString(await Vault().WrapAsync(key, "one", Stop)).ShouldNotStartWith(System.Text.Encoding.UTF8.GetString(wrapped).Split(' ')[0]);
    }

    [Fact]
    public async Task KeyVault_NamingAnotherServer_IsNotAsked() =>
        await Should.ThrowAsync<CryptographicException>(() => Vault().UnwrapAsync("http://127.0.0.1:9/keys/master/v1 AA AA"u8.ToArray(), "one", Stop).AsTask());

    [Fact]
    public async Task Kms_CredentialsOfAContainer_AreAskedOnce_AndTheSessionIsSigned()
    {
        var environment = new Dictionary<string, string> { ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(services.Address, "credentials").AbsoluteUri, ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "container-token" };
        var key = Kms(One, environment);
        var wrapped = await key.WrapAsync(new byte[32], "one", Stop);
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "another";
        (await key.UnwrapAsync(wrapped, "one", Stop)).ShouldBe(new byte[32]);
        (await Should.ThrowAsync<SecretException>(() => Kms(One, environment).WrapAsync(new byte[32], "one", Stop).AsTask())).Next.ShouldContain("AWS_ACCESS_KEY_ID");
    }

    [Fact]
    public async Task Kms_WrongSecret_IsRefused() => (await Should.ThrowAsync<SecretException>(() =>
        Kms(One, new() { ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE", ["AWS_SECRET_ACCESS_KEY"] = "another" }).WrapAsync(new byte[32], "one", Stop).AsTask())).Message.ShouldContain("InvalidSignatureException");

    [Fact]
    public async Task Check_KeyThatMayNotBeUsed_StopsTheStart_AndOneThatIsAwayDoesNot()
    {
        await Check(Kms(One)).StartAsync(Stop);
        await Check(Vault()).StartAsync(Stop);
        (await Should.ThrowAsync<OptionsValidationException>(() => Check(Kms(One[..^3] + "none")).StartAsync(Stop))).Message.ShouldContain("NotFoundException");
        (await Should.ThrowAsync<OptionsValidationException>(() => Check(new AzureKeyVault(new(services.Address, "keys/other"), services.Http, new Fixed("token-of-the-test"))).StartAsync(Stop))).Message.ShouldContain("is not there");
        (await Should.ThrowAsync<OptionsValidationException>(() => Check(new AzureKeyVault(new(services.Address, "keys/master"), services.Http, new Fixed("another"))).StartAsync(Stop))).Message.ShouldContain("does not let the server use");
        await Check(new AwsKms(One, new("http://127.0.0.1:1/"), services.Http, Given.GetValueOrDefault, TimeProvider.System)).StartAsync(Stop);
    }

    [Theory]
    [InlineData(400, "ThrottlingException", true)]
    [InlineData(500, "KMSInternalException", true)]
    [InlineData(400, "AccessDeniedException", false)]
    [InlineData(400, "DisabledException", false)]
    public async Task Kms_Fault_IsOneThatGoesByItself_OrNot(int status, string type, bool retry)
    {
        await using var alone = new KeyServiceCounterpart();
        await alone.InitializeAsync();
        await alone.Http.PostAsJsonAsync("test/fault", new { status, type }, Stop);
        var fault = await Should.ThrowAsync<SecretException>(() => new AwsKms(One, alone.Address, alone.Http, Given.GetValueOrDefault, TimeProvider.System).WrapAsync(new byte[32], "one", Stop).AsTask());
        fault.Retry.ShouldBe(retry);
        fault.Next.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("arn:aws:kms:eu-central-1:111122223333:alias/prodsprint", true)]
    [InlineData("arn:aws-cn:kms:cn-north-1:111122223333:key/1", true)]
    [InlineData("arn:aws:s3:::bucket", false)]
    [InlineData("https://corp.vault.azure.net/keys/master", true)]
    [InlineData("https://corp.vault.azure.net/keys/master/0123", true)]
    [InlineData("https://corp.vault.azure.net/secrets/master", false)]
    [InlineData("http://corp.vault.azure.net/keys/master", false)]
    [InlineData("key", false)]
    public void KeyService_ThatIsNone_IsToldAtTheStart(string key, bool good)
    {
        var make = () => new MasterKeys(new SecretOptions { KeyService = key }, postgres.Database);
        if (good) make().Current.Id.ShouldContain(key[(key.IndexOf("//", StringComparison.Ordinal) + 1)..].TrimStart('/'));
        else make.ShouldThrow<OptionsValidationException>().Message.ShouldContain("Secrets:KeyService");
    }

    private AwsKms Kms(string key, Dictionary<string, string>? environment = null) => new(key, services.Address, services.Http, (environment ?? Given).GetValueOrDefault, TimeProvider.System);

    private AzureKeyVault Vault() => new(new(services.Address, "keys/master"), services.Http, new Fixed("token-of-the-test"));

    private static MasterKeyCheck Check(IMasterKey key) => new(new(key), NullLogger<MasterKeyCheck>.Instance);

    private SecretStore Store(MasterKeys masters) => new(postgres.Database, new(postgres.Database, masters), new(postgres.Database));

    private sealed class Fixed(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(token, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}

/// <summary><c>counterparts/start.mjs</c> in a process of its own, which ends with this one: its input closes.</summary>
public sealed class KeyServiceCounterpart : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(Root(), "tests", "Storage", "Secrets", "counterparts");
    private static readonly Lazy<Task> Installed = new(InstallAsync);
    private Process? _process;

    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Installed.Value;
        _process = Process.Start(new ProcessStartInfo("node", ["start.mjs"]) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = _process.StandardError.ReadToEndAsync();
        Address = new(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The counterpart does not start: {await complaints}"));
        Http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task InstallAsync()
    {
        var (modules, @lock) = (Path.Combine(Folder, "node_modules", ".package-lock.json"), Path.Combine(Folder, "package-lock.json"));
        if (File.Exists(modules) && File.GetLastWriteTimeUtc(modules) >= File.GetLastWriteTimeUtc(@lock)) return;
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = Folder, RedirectStandardError = true })!;
        var complaints = await npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync();
        npm.ExitCode.ShouldBe(0, complaints);
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ProdSprint.slnx"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("Not in a checkout.");
    }
}
