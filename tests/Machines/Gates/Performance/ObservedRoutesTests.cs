using System.Text;

namespace ProdSprint.Gates;

/// <summary>What is kept of a request that was seen, and when it is put under load.</summary>
public sealed class ObservedRoutesTests
{
    [Theory]
    [InlineData("/", "GET /")]
    [InlineData("/items?page=2&token=secret", "GET /items")]
    [InlineData("/api/v1/items/42", "GET /api/v1/items/{id}")]
    [InlineData("/u/ana%40example.com/x", "GET /u/{id}/x")]
    [InlineData("/u/ana@example.com", "GET /u/{id}")]
    [InlineData("/reset/kLmNopQrStUvWxYzAbCdEfGh/now", "GET /reset/{id}/now")]
    [InlineData("/assets/app.js", "GET /assets/app.js")]
    [InlineData("/assets/index-b7f3.js", "GET /assets/{id}")]
    [InlineData("/items/", "GET /items/")]
    [InlineData("http://evil.example.com/", null)]
    [InlineData("*", null)]
    [InlineData("", null)]
    [InlineData("/a/b/c/d/e/f/g/h/i/j/k", null)]
    [InlineData("/<script>", null)]
    [InlineData("/{id}", null)]
    public void Of_KeepsWhatIsTheSameForEverybody(string target, string? route) => ObservedRoutes.Of(Encoding.UTF8.GetBytes(target)).ShouldBe(route);

    [Fact]
    public void Of_TooLong_IsNothing() => ObservedRoutes.Of(Encoding.ASCII.GetBytes("/" + new string('a', 300))).ShouldBeNull();

    [Fact]
    public void Merge_SeenRoutes_AreNamed_AndLoadedOnlyOnceTheyHaveABudget()
    {
        var list = ObservedRoutes.Merge(RouteList.Nothing, ["GET /", "GET /items/{id}", "GET /logout"], []);
        (list.Source, list.Routes.Length).ShouldBe(("", 0));
        list.LeftOut.Select(l => l.Why).ShouldBe(
        [
            "it was seen in production: give it a budget, and it is put under load", "it was seen in production, and what stands for {id} is not kept: an OpenAPI document can give an example",
            "it was seen in production, and its name says that it does something: give it a budget if it does no harm",
        ]);
        var chosen = ObservedRoutes.Merge(RouteList.Nothing, ["GET /", "GET /items/{id}"], ["GET /", "HEAD /ping", "GET /items/{id}"]);
        (chosen.Source, string.Join(' ', chosen.Routes.Select(r => $"{r.Method}{r.Path}"))).ShouldBe(("budgets", "GET/ HEAD/ping"));
        chosen.LeftOut.ShouldHaveSingleItem().Name.ShouldBe("GET /items/{id}");
    }

    [Fact]
    public void Merge_WithADocument_TheDocumentHasTheWord()
    {
        var document = OpenApiRoutes.Read("openapi.json", """{ "openapi": "3.0.0", "paths": { "/items": { "get": {}, "post": {} }, "/me": { "get": { "security": [ { "a": [] } ] } } } }""");
        var list = ObservedRoutes.Merge(document, ["GET /items", "GET /me", "GET /other"], ["GET /items"]);
        list.Routes.ShouldBe(document.Routes);
        list.LeftOut.Select(l => l.Name).ShouldBe(["GET /me", "POST /items", "GET /other"]);
        ObservedRoutes.Merge(document, [], []).ShouldBeSameAs(document);
        // a person who gives it a budget knows better than the document
        ObservedRoutes.Merge(document, [], ["GET /me"]).Routes.Select(r => r.Name).ShouldBe(["GET /items", "GET /me"]);
    }
}
