using System.Collections.Immutable;

namespace ProdSprint.Identity;

/// <summary>The server's own providers, as its configuration names them.</summary>
public sealed class ServerProviders(SignInOptions options)
{
    public ImmutableArray<IdentityProvider> All { get; } = [.. options.Providers.Select(Of)];

    public IdentityProvider? Find(string id) => All.FirstOrDefault(p => p.Id == id);

    private static IdentityProvider Of(ProviderOptions o)
    {
        var (name, settings) = o.KindOf()!.Value switch
        {
            ProviderKind.Google => ("Google", new OAuthSettings(o.Issuer ?? new("https://accounts.google.com"), o.ClientId, ["email", "profile"])),
            ProviderKind.Apple => ("Apple", new(o.Issuer ?? new("https://appleid.apple.com"), o.ClientId, ["name", "email"], PostsBack: true,
                Apple: new(o.TeamId!, o.KeyId!, File.ReadAllText(o.PrivateKeyFile!)))),
            ProviderKind.GitHub => ("GitHub", new(o.Issuer ?? new("https://github.com"), o.ClientId, ["read:user", "user:email"], Api: o.Api ?? GitHubApi(o.Issuer))),
            _ => ("Single sign-on", new OAuthSettings(o.Issuer!, o.ClientId, ["email", "profile"])),
        };
        return new(o.Key, o.KindOf()!.Value, o.Name ?? name, settings, o.Secret(), null, null);
    }

    private static Uri GitHubApi(Uri? enterprise) => enterprise is null ? new("https://api.github.com/") : new(enterprise, "/api/v3/");
}
