namespace ProdSprint.Identity;

/// <summary>What knowing people takes.</summary>
internal static class IdentityParts
{
    public static void AddIdentityParts(this IServiceCollection services)
    {
        services.AddSingleton<DevelopmentIdentity>().AddSingleton<IIdentity, RequestIdentity>();
        services.AddSingleton<KnownCredentials>().AddHostedService(s => s.GetRequiredService<KnownCredentials>());
        services.AddSingleton<SessionTokens>().AddSingleton<SessionCookies>();
        services.AddSingleton<LastUse>().AddHostedService(s => s.GetRequiredService<LastUse>());
        services.AddSingleton<LiveSessions>().AddHostedService(s => s.GetRequiredService<LiveSessions>());
        services.AddProtection();
        services.AddSignInParts();
        services.AddSingleton<Authentication>().AddSingleton<Accounts>().AddSingleton<Sessions>().AddSingleton<SessionInventory>().AddSingleton<AccessTokens>().AddSingleton<DeviceCodes>();
        services.AddSingleton<SecondFactors>().AddSingleton<SecurityPolicies>().AddSingleton<Enrolments>();
        services.AddPasskeys();
    }

    /// <summary>
    /// SignalR brings ASP.NET's own authorization with it, and the host then puts that before every endpoint. Nothing here asks it, <see cref="Authorisation"/> stands there; by this mark the
    /// host knows that it need not add it. Were the mark ever called otherwise, it would cost time and no more.
    /// </summary>
    public static void WithoutFrameworksAuthorization(this IApplicationBuilder app) => app.Properties["__AuthorizationMiddlewareSet"] = true;
}
