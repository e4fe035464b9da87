namespace ProdSprint.Identity;

/// <summary>What signing in at providers takes.</summary>
internal static class SignInParts
{
    public static void AddSignInParts(this IServiceCollection services)
    {
        services.AddSingleton(s => s.GetRequiredService<IdentityOptions>().SignIn);
        services.AddSingleton<ServerProviders>().AddSingleton<Connections>().AddSingleton<ConnectionReader>().AddSingleton<ConnectionTest>().AddSingleton<TxtLookup>().AddSingleton<DomainProof>().AddSingleton<DueDomains>().AddSingleton<DomainWatch>().AddHostedService(s => s.GetRequiredService<DomainWatch>());
        services.AddSingleton<ProviderHttp>().AddSingleton<OidcIssuers>().AddSingleton<OidcProtocol>().AddSingleton<GitHubProtocol>().AddSingleton<SamlProtocol>();
        services.AddSingleton<PendingSignIns>().AddSingleton<SignInCookie>().AddSingleton<SignInFlow>().AddSingleton<SignInAccounts>().AddSingleton<SignInMembers>();
        services.AddSingleton<ScimDirectory>().AddSingleton<ScimProvisioning>().AddSingleton<Logins>();
    }
}
