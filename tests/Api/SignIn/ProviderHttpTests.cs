using System.Net;
using System.Net.Sockets;
using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>A workspace's Admin chooses where its provider is; the server is not to be led into its own network by that.</summary>
public sealed class ProviderHttpTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task AddressWithinThisNetwork_IsNotConnectedTo_HoweverItIsWritten(string host)
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };
        listener.Start();
        using var http = new ProviderHttp(new SignInOptions { ProviderSeconds = 5 }.Allowing(false));
        var refused = await Should.ThrowAsync<SignInException>(() => http.GetAsync(new($"https://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/"), null, TestContext.Current.CancellationToken));
        refused.Message.ShouldContain("is within this network");
        listener.Pending().ShouldBeFalse("nobody knocked");
    }
}
