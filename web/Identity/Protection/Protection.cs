using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace ProdSprint.Identity;

/// <summary>Data protection, the same on every server: <c>IDataProtectionProvider.CreateProtector("what for")</c>.</summary>
internal static class Protection
{
    public static void AddProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("ProdSprint");
        services.AddSingleton<KeyRing>().AddSingleton<KeyCipher>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => new ConfigureOptions<KeyManagementOptions>(o =>
        {
            o.XmlRepository = s.GetRequiredService<KeyRing>();
            o.XmlEncryptor = s.GetRequiredService<KeyCipher>();
        }));
    }
}
