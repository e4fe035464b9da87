using System.Net;
using System.Net.Sockets;
using System.Text;
using ProdSprint.Projects;

namespace ProdSprint.Tests.Projects;

/// <summary>What tenants of one server may have it read.</summary>
public sealed class SourceRulesTests : IDisposable
{
    private static readonly IPAddress Open = IPAddress.Parse("140.82.121.3");
    private readonly string _folder = Directory.CreateTempSubdirectory("prodsprint-sources-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{0}/home/mirrors/wsa/ci.git")]
    [InlineData("file://{0}/home/mirrors/wsa/ci.git")]
    [InlineData("{0}/home/mirrors/wsa/none.git")]
    [InlineData("{0}/elsewhere/own")]
    [InlineData("{0}/opened/../elsewhere/own")]
    [InlineData("{0}/opened-too/own")]
    [InlineData("{0}/opened/link")]
    [InlineData("{0}/opened/chain")]
    [InlineData("{0}/opened/tree/own")]
    [InlineData("{0}/nowhere/at/all")]
    [InlineData("../own")]
    [InlineData("own")]
    [InlineData("localhost:own")]
    [InlineData("/etc")]
    public async Task Path_OfTheServersDisk_IsRefused_InTheSameWords_WhetherItIsThereOrNot(string source)
    {
        foreach (var made in (string[])["home/mirrors/wsa/ci.git", "elsewhere/own", "opened-too/own", "opened/own"]) Bare(made);
        Directory.CreateSymbolicLink(At("opened/link"), At("home/mirrors/wsa/ci.git"));
        Directory.CreateSymbolicLink(At("opened/chain"), At("opened/link"));
        Directory.CreateSymbolicLink(At("opened/tree"), "../elsewhere");
        var refused = await Should.ThrowAsync<GitProblem>(() => Rules(signedIn: true, At("opened")).AdmitAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, source, _folder)));
        refused.Code.ShouldBe("source.refused");
        refused.Message.ShouldBe("Repositories on the server's own disk are not read here, save below the folders that were opened for it.");
    }

    [Fact]
    public async Task Path_BelowAnOpenedFolder_IsRead_ThroughALinkToo()
    {
        Bare("disk/own");
        Directory.CreateSymbolicLink(At("opened"), At("disk"));
        (await Rules(signedIn: true, At("opened")).AdmitAsync(At("opened/own"))).ShouldSatisfyAllConditions(s => s.Address.ShouldBe(At("disk/own")), s => s.IsLocal.ShouldBeTrue());
        (await Should.ThrowAsync<GitProblem>(() => Rules(signedIn: true, At("opened")).AdmitAsync(At("opened/none")))).Code.ShouldBe("source.invalid");
    }

    [Fact]
    public async Task MachineOfOnesOwn_ReadsEveryPath_SaveTheMirrors()
    {
        Bare("elsewhere/own");
        Bare("home/mirrors/wsa/ci.git");
        Bare("home/demo/shop");
        Directory.CreateSymbolicLink(At("link"), At("home/mirrors"));
        foreach (var own in (string[])["elsewhere/own", "home/demo/shop"]) (await Rules(signedIn: false).AdmitAsync(At(own))).Address.ShouldBe(At(own));
        foreach (var mirror in (string[])[At("home/mirrors/wsa/ci.git"), "file://" + At("home/mirrors/wsa/ci.git"), At("link/wsa/ci.git"), At("home/mirrors/wsa/none.git")])
            (await Should.ThrowAsync<GitProblem>(() => Rules(signedIn: false).AdmitAsync(mirror))).Code.ShouldBe("source.refused");
        (await Rules(signedIn: false).AdmitAsync("http://127.0.0.1:3000/x.git")).Environment.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://127.0.0.1:7463/x.git")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("ssh://git@10.0.0.7/x.git")]
    [InlineData("git@192.168.1.1:x.git")]
    [InlineData("https://inside.example.com/x.git")]
    [InlineData("https://both.example.com/x.git")]
    [InlineData("https://none.example.com/x.git")]
    [InlineData("git@inside.example.com:x.git")]
    public async Task Host_WithinThePrivateNetwork_OrUnknown_IsRefused(string source)
    {
        var refused = await Should.ThrowAsync<GitProblem>(() => Rules(signedIn: true).AdmitAsync(source));
        refused.Code.ShouldBe("source.refused");
        refused.Message.ShouldEndWith("is no host of the open internet that is known here, and others are not asked.");
    }

    [Theory]
    [InlineData("http://[::1]/x.git")]
    [InlineData("http://0x7f.1/x.git")]
    [InlineData("https://2130706433/x.git")]
    [InlineData("http://[::ffff:10.0.0.1]/x.git")]
    [InlineData("https://open.example.com@127.0.0.1\\@open.example.com/x")]
    [InlineData("https://open.example.com#@127.0.0.1/x")]
    [InlineData("https://open%2eexample.com/x.git")]
    [InlineData("https://öpen.example.com/x.git")]
    [InlineData("https://open.example.com./x.git")]
    [InlineData("ssh://git@open.example.com:99999/x.git")]
    [InlineData("ssh://-oProxyCommand=id@open.example.com/x.git")]
    public async Task Host_ThatCouldBeReadInTwoWays_IsRefused(string source) =>
        (await Should.ThrowAsync<GitProblem>(() => Rules(signedIn: true).AdmitAsync(source))).Code.ShouldBe("source.invalid");

    [Fact]
    public async Task Host_OfTheOpenInternet_IsPinned_AtEveryFetchAnew()
    {
        var asked = 0;
        var rules = new SourceRules(new(), At("home"), true, (_, _) => Task.FromResult(++asked == 1 ? (IPAddress[])[IPAddress.Parse("2606:50c0:8000::154"), Open] : [IPAddress.Loopback]));
        Settings(await rules.AdmitAsync("https://Open.example.com/x.git")).ShouldBe(["http.followRedirects=false", $"http.curloptResolve=open.example.com:443:{Open},2606:50c0:8000::154"]);
        await Should.ThrowAsync<GitProblem>(() => rules.AdmitAsync("https://Open.example.com/x.git"));

        var ssh = await Rules(signedIn: true).AdmitAsync("git@open.example.com:team/x.git");
        ssh.Address.ShouldBe("git@open.example.com:team/x.git");
        ssh.Environment["GIT_SSH_COMMAND"].ShouldBe($"ssh -oBatchMode=yes -oConnectTimeout=20 -oHostName={Open} -oHostKeyAlias='open.example.com'");
        (await Rules(signedIn: true).AdmitAsync("ssh://git@open.example.com:2222/x.git")).Environment["GIT_SSH_COMMAND"].ShouldEndWith("-oHostKeyAlias='[open.example.com]:2222'");
    }

    [Fact]
    public async Task Host_ThatWasOpened_IsAskedWhereverItIs_AndRedirectsAreNotFollowed()
    {
        var options = new SourceOptions { PrivateHosts = { "git.corp.example", "10.0.0.7" } };
        var rules = new SourceRules(options, At("home"), true, (_, _) => throw new InvalidOperationException("Nobody looks it up here."));
        foreach (var source in (string[])["https://GIT.corp.example/x.git", "http://10.0.0.7:3000/x.git"]) Settings(await rules.AdmitAsync(source)).ShouldBe(["http.followRedirects=false"]);
        await Should.ThrowAsync<Exception>(() => rules.AdmitAsync("http://10.0.0.8:3000/x.git"));
    }

    /// <summary>By git itself: the name means the address that was looked at, and where that sends us nobody goes.</summary>
    [Fact]
    public async Task Git_ConnectsToWhatWasLookedAt_AndFollowsNoRedirect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        using var beyond = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        beyond.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var source = $"http://pinned.invalid:{port}/x.git";
        var pinned = GitSource.Remote(source, RemoteAddress.Read(source)!, [IPAddress.Loopback]);
        // Whoever runs the tests may have a proxy.
        pinned = pinned with { Environment = pinned.Environment.Append(new("no_proxy", "*")).ToDictionary() };
        var import = GitRepository.ImportAsync(pinned, At("mirror.git"));
        var heard = Answer(listener, $"HTTP/1.1 301 Moved\r\nLocation: http://{beyond.LocalEndpoint}/x.git/info/refs\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var problem = await Should.ThrowAsync<GitProblem>(() => import);
        (await heard).ShouldContain($"Host: pinned.invalid:{port}");
        beyond.Pending().ShouldBeFalse();
        problem.Message.ShouldContain("redirects are not followed");
    }

    private static async Task<string> Answer(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var (stream, heard, buffer) = (client.GetStream(), new StringBuilder(), new byte[4096]);
        while (!heard.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)) heard.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return heard.ToString();
    }

    private static IEnumerable<string> Settings(GitSource source) =>
        Enumerable.Range(0, int.Parse(source.Environment["GIT_CONFIG_COUNT"], System.Globalization.CultureInfo.InvariantCulture)).Select(n => $"{source.Environment[$"GIT_CONFIG_KEY_{n}"]}={source.Environment[$"GIT_CONFIG_VALUE_{n}"]}");

    private SourceRules Rules(bool signedIn, params string[] opened)
    {
        var options = new SourceOptions();
        foreach (var folder in opened) options.LocalRoots.Add(folder);
        return new(options, At("home"), signedIn, Names);
    }

    private static Task<IPAddress[]> Names(string host, CancellationToken cancellation) => host switch
    {
        "open.example.com" => Task.FromResult<IPAddress[]>([Open]),
        "both.example.com" => Task.FromResult<IPAddress[]>([Open, IPAddress.Parse("10.0.0.1")]),
        "inside.example.com" => Task.FromResult<IPAddress[]>([IPAddress.Parse("fd00::1")]),
        _ when IPAddress.TryParse(host, out _) => Dns.GetHostAddressesAsync(host, cancellation),
        _ => throw new SocketException((int)SocketError.HostNotFound),
    };

    private string At(string path) => Path.Combine(_folder, path);

    private void Bare(string path)
    {
        Directory.CreateDirectory(At(path + "/objects"));
        File.WriteAllText(At(path + "/HEAD"), "ref: refs/heads/main\n");
    }
}
