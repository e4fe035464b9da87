namespace ProdSprint.Kernel;

/// <summary>What takes GET takes HEAD (RFC 9110, 9.3.2): answered by the same route with the same headers, of which Kestrel sends no body, because it goes by what was asked on the wire.</summary>
public static class HeadRequests
{
    /// <summary>Before routes are chosen. Pages and what belongs to them know HEAD themselves; where signing in goes on, HEAD would spend what is good once.</summary>
    public static void UseHeadRequests(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method) && NoPage.IsWithin(context.Request.Path)) context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        app.UseRouting();
    }
}
