using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProdSprint.Tests.Api.Description;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>Identity providers that nobody here wrote (<c>counterparts/</c>), in a process of their own, which ends with this one: its input closes.</summary>
public sealed class Counterparts : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(ApiDocument.RepositoryRoot(), "tests", "Api", "SignIn", "counterparts");
    private readonly Process _process;
    private readonly JsonNode _addresses;

    private Counterparts(Process process, JsonNode addresses, X509Certificate2 certificate) => (_process, _addresses, Certificate) = (process, addresses, certificate);

    /// <summary>With its key: what the SAML provider signs with.</summary>
    public X509Certificate2 Certificate { get; }

    public Uri this[string provider] => new(_addresses[provider]!.ToString());

    /// <param name="callback">Where providers send browsers back: <c>http://127.0.0.1:PORT/sign-in/callback/</c>.</param>
    public static async Task<Counterparts> StartAsync(string callback)
    {
        await InstallAsync();
        using var rsa = RSA.Create(2048);
        var certificate = new CertificateRequest("CN=idp.corp.example", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
        var process = Process.Start(new ProcessStartInfo("node", ["start.mjs"]) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { callback, cert = certificate.ExportCertificatePem(), key = rsa.ExportPkcs8PrivateKeyPem() }));
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The counterparts do not start: {await complaints}");
        _ = process.StandardOutput.ReadToEndAsync();
        return new(process, JsonNode.Parse(line)!, certificate);
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

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Certificate.Dispose();
    }
}
