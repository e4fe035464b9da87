using System.Text;
using ProdSprint.Projects;

namespace ProdSprint.Gates;

/// <summary>Which routes of a document can be put under load, and what becomes of documents that mean harm.</summary>
public sealed class OpenApiRoutesTests
{
    private const string Shop = """
        openapi: 3.1.0
        servers: [{ url: "https://{stage}.example.com/api/", variables: { stage: { default: www } } }]
        paths:
          /items:
            get:
              parameters: [{ $ref: '#/components/parameters/Page' }, { name: sort, in: query }]
              responses: { '200': { description: ok } }
            post: { responses: { '201': { description: made } } }
          /items/{id}:
            parameters: [{ name: id, in: path, required: true, schema: { type: string }, example: a/b 1 }]
            get: { responses: { '200': { description: ok } } }
            head: { responses: { '200': { description: ok } } }
          /people/{id}:
            get: { parameters: [{ name: id, in: path, required: true, schema: { type: integer } }] }
          /me:
            get: { security: [{ cookie: [] }] }
          /maybe:
            get: { security: [{ cookie: [] }, {}] }
          /events:
            get: { responses: { '200': { content: { text/event-stream: {} } } } }
          /odd/{nobody}:
            get: {}
          /versioned:
            get: { parameters: [{ name: X-Version, in: header, required: true, schema: { enum: [2] } }, { name: Accept, in: header, required: true }] }
        components:
          parameters:
            Page: { name: page size, in: query, required: true, schema: { $ref: '#/components/schemas/Page' } }
          schemas:
            Page: { type: integer, default: 25 }
        """;

    [Fact]
    public void Read_GetsThatNeedNothing_AndThoseWhoseParametersHaveExamples()
    {
        var list = OpenApiRoutes.Read("openapi.yaml", Shop);
        list.Routes.Select(r => $"{r.Name} -> {r.Path}").ShouldBe(
        [
            "GET /items -> /api/items?page%20size=25", "GET /items/{id} -> /api/items/a%2Fb%201", "HEAD /items/{id} -> /api/items/a%2Fb%201", "GET /maybe -> /api/maybe", "GET /versioned -> /api/versioned",
        ]);
        list.Routes.Single(r => r.Name == "GET /versioned").Headers.ShouldHaveSingleItem().ShouldBe(new("X-Version", "2"));
        list.LeftOut.ToDictionary(l => l.Name, l => l.Why).ShouldBe(new Dictionary<string, string>
        {
            ["GET /events"] = "it streams, and does not end", ["GET /me"] = "it asks for credentials", ["GET /odd/{nobody}"] = "it has a path parameter that the document does not describe",
            ["GET /people/{id}"] = "its path parameter id has no example in the document", ["POST /items"] = "it may change something",
        }, ignoreOrder: true);
    }

    [Fact]
    public void Read_SecondVersion_BasePathAndDefaults() => OpenApiRoutes.Read("swagger.json",
        """{ "swagger": "2.0", "basePath": "/v1", "paths": { "/a/{n}": { "get": { "parameters": [ { "in": "path", "name": "n", "required": true, "type": "integer", "x-example": 7 } ] } } } }""")
        .Routes.ShouldHaveSingleItem().Path.ShouldBe("/v1/a/7");

    [Fact]
    public void Read_SameDocument_SameBytes()
    {
        var first = Kernel.KernelJson.Write(OpenApiRoutes.Read("openapi.yaml", Shop));
        Kernel.KernelJson.Write(OpenApiRoutes.Read("openapi.yaml", Shop)).ShouldBe(first);
        Kernel.KernelJson.Write(Kernel.KernelJson.Read<RouteList>(first)).ShouldBe(first);
    }

    [Theory]
    [InlineData("{ \"openapi\": ")]
    [InlineData("openapi: 3.0.0\npaths: {")]
    [InlineData("swagger or not")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{ \"paths\": {} }")]
    public void Read_NoDocument_SaysWhy(string text) => Should.Throw<FormatException>(() => OpenApiRoutes.Read("openapi.json", text)).Message.ShouldNotBeEmpty();

    [Fact]
    public void Read_ReferencesInACircle_AreLeftOut()
    {
        const string circle = """
            openapi: 3.0.0
            paths:
              /a: { $ref: '#/paths/~1a' }
              /b: { get: { parameters: [{ $ref: '#/components/parameters/X' }] } }
              /c: { get: { parameters: [{ name: q, in: query, required: true, schema: { $ref: 'https://example.com/schema.json' } }] } }
            components: { parameters: { X: { $ref: '#/components/parameters/Y' }, Y: { $ref: '#/components/parameters/X' } } }
            """;
        var list = OpenApiRoutes.Read("openapi.yaml", circle);
        list.Routes.Select(r => r.Name).ShouldBe(["GET /b"]);
        list.LeftOut.Select(l => l.Name).ShouldBe(["GET /c"]);
    }

    [Fact]
    public void Read_AnchorsThatMultiply_StayReferences()
    {
        var bomb = new StringBuilder("openapi: 3.0.0\nx0: &a0 [1, 1]\n");
        for (var n = 1; n < 60; n++) bomb.Append($"x{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n");
        bomb.Append("paths: { /a: { get: { parameters: *a59, security: *a59 } } }\n");
        OpenApiRoutes.Read("openapi.yaml", bomb.ToString()).Routes.Length.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Read_TooLargeOrTooMany_IsRefused_WithTheReason()
    {
        Should.Throw<FormatException>(() => OpenApiRoutes.Read("openapi.json", new string(' ', 5 << 20))).Message.ShouldContain("larger than 4 MiB");
        var many = $"{{ \"openapi\": \"3.0.0\", \"paths\": {{ {string.Join(',', Enumerable.Range(0, 6000).Select(n => $"\"/p{n}\": {{ \"get\": {{}} }}"))} }} }}";
        Should.Throw<FormatException>(() => OpenApiRoutes.Read("openapi.json", many)).Message.ShouldContain("5000 operations");
        var deep = $"{{ \"openapi\": \"3.0.0\", \"paths\": {string.Concat(Enumerable.Repeat("[", 5000))}{string.Concat(Enumerable.Repeat("]", 5000))} }}";
        Should.Throw<FormatException>(() => OpenApiRoutes.Read("openapi.json", deep));
    }

    [Theory]
    [InlineData("a\\r\\nHost: evil")]
    [InlineData("\\u0007")]
    public void Read_ExamplesThatWouldBreakARequest_AreEscapedOrLeftOut(string hostile)
    {
        var text = $$"""
            { "openapi": "3.0.0", "paths": {
              "/h": { "get": { "parameters": [ { "in": "header", "name": "X-A", "required": true, "example": "{{hostile}}" } ] } },
              "/p/{x}": { "get": { "parameters": [ { "in": "path", "name": "x", "required": true, "example": "{{hostile}}" } ] } },
              "/with space": { "get": {} }, "/\\\\evil": { "get": {} } } }
            """;
        var list = OpenApiRoutes.Read("openapi.json", text);
        list.Routes.ShouldHaveSingleItem().Path.ShouldAllBe(c => c > ' ' && c <= '~');
        list.LeftOut.Length.ShouldBe(3);
    }

    [Fact]
    public void Files_TheOneNearestToTheRoot_TestsAndPackagesAreNotIt_AndWhatIsBrokenIsNamed()
    {
        const string one = """{ "openapi": "3.0.0", "paths": { "/a": { "get": {} } } }""";
        var list = RouteFiles.Read(MemoryTree.Of(
            ("node_modules/x/openapi.json", one), ("tests/openapi.json", one), ("docs/api/openapi.yaml", "openapi: 3.0.0\npaths: { /deep: { get: {} } }"),
            ("api/openapi.json", "{ broken"), ("k6/load.js", ""), ("src/k6.js", ""), ("perf/readme.md", "")));
        list.Source.ShouldBe("docs/api/openapi.yaml");
        list.Routes.ShouldHaveSingleItem().Name.ShouldBe("GET /deep");
        list.LeftOut.ShouldHaveSingleItem().Name.ShouldBe("api/openapi.json");
        list.Scripts.ShouldBe(["k6/load.js"]);
        RouteFiles.Read(MemoryTree.Of(("index.html", "x"))).ShouldSatisfyAllConditions(l => l.Source.ShouldBeEmpty(), l => l.Routes.ShouldBeEmpty());
    }
}
