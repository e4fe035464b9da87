using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ProdSprint.Kernel;
using ProdSprint.Tenants;

namespace ProdSprint.Server;

/// <summary><c>/openapi/v1.json</c>: made once, because it is megabytes, the same for everybody, and anybody may ask for it.</summary>
internal static class DescriptionPage
{
    public static void MapDescription(this WebApplication app)
    {
        var made = new Lazy<Task<(byte[] Body, string Tag)>>(() => MakeAsync(app.Services));
        app.MapGet("/openapi/v1.json", async (HttpContext context) =>
        {
            var (body, tag) = await made.Value;
            await Answers.Write(context, body, tag);
        }).ExcludeFromDescription().WithMetadata(new InTier(RateTier.Stranger));
    }

    private static async Task<(byte[] Body, string Tag)> MakeAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        await using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        var body = Encoding.UTF8.GetBytes(text.ToString());
        return (body, EntityTags.OfBytes(body));
    }
}
