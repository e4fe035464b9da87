using System.Text;

namespace ProdSprint.Drills;

/// <summary>A request that is wrong, and what is to be said to it.</summary>
/// <param name="Path">Below <c>/v1</c>; <c>{p}</c> is a project in production.</param>
/// <param name="Type">The problem's type.</param>
internal sealed record BadRequest(string Method, string Path, byte[]? Body, int Status, string Type, string ContentType = "application/json")
{
    private static BadRequest Post(string path, string body, int status, string type) => new("POST", path, Encoding.UTF8.GetBytes(body), status, type);

    private static BadRequest Put(string path, string body, int status, string type) => Post(path, body, status, type) with { Method = "PUT" };

    private static BadRequest Get(string path, int status, string type) => new("GET", path, null, status, type);

    public static IReadOnlyList<BadRequest> All { get; } =
    [
        Post("projects", "", 400, "request.no-body"),
        Post("projects", "null", 400, "request.no-body"),
        Post("projects", "{\"source\":", 400, "request.bad-json"),
        Post("projects", "{\"source\":5}", 400, "request.bad-field"),
        Post("projects", new string('[', 200_000), 400, "request.bad-json"),
        new("POST", "projects", [.. "{\"source\":\""u8, 0xFF, 0xFE, .. "\"}"u8], 400, "request.bad-field"),
        new("POST", "projects", "source=/x"u8.ToArray(), 415, "request.not-json", "application/x-www-form-urlencoded"),
        Post("projects", "{\"source\":\"/x\",\"sauce\":1}", 400, "request.unknown-field"),
        Post("projects", "{\"source\":\"/x\",\"name\":\"../../etc\"}", 422, "project.bad-name"),
        Post("projects", "{\"source\":\"/there/is/nothing\",\"name\":\"new\"}", 422, "project.bad-source"),
        Post("projects", "{\"source\":\"/etc\",\"name\":\"new\"}", 422, "project.bad-source"),
        Post("projects", "{\"source\":\"/x\\u0000y\",\"name\":\"new\"}", 400, "request.bad-text"),
        Post("projects", "{\"source\":\"--upload-pack=touch /tmp/x\",\"name\":\"new\"}", 422, "project.bad-source"),
        Post("projects", "{\"source\":\"ext::sh -c touch% /tmp/x\",\"name\":\"new\"}", 422, "project.bad-source"),
        Post("projects", "{\"source\":\"ftp://example.com/x\",\"name\":\"new\"}", 422, "project.bad-source"),
        Post("projects/{p}/plans", "{\"profile\":\"reckless\"}", 422, "plan.no-such-profile"),
        Post("projects/{p}/plans", "{\"care\":\"reckless\"}", 422, "plan.no-such-care"),
        Post("projects/{p}/plans/1/approve", "{\"waivers\":[null]}", 422, "request.null-item"),
        Post("projects/{p}/plans/999/approve", "{}", 404, "plan.not-found"),
        Post("projects/{p}/releases", "{\"plan\":999}", 409, "release.plan-not-approved"),
        Post("projects/{p}/releases", "{\"plan\":99999999999}", 400, "request.bad-field"),
        Post("projects/{p}/releases", "{\"version\":\"v1\"}", 400, "request.unknown-field"),
        Post("projects/{p}/releases/1/explode", "{}", 404, "release.no-such-verb"),
        Post("projects/{p}/releases/999/abort", "{}", 404, "release.not-found"),
        Post("projects/{p}/rollback", "{\"version\":\"../v0\"}", 404, "rollback.no-target"),
        Put("projects/{p}/freeze", "{\"windows\":[null]}", 422, "request.null-item"),
        Put("projects/{p}/freeze", "{\"windows\":[{\"from\":\"2030-01-02T00:00:00Z\",\"until\":\"2030-01-01T00:00:00Z\",\"reason\":\"x\"}]}", 422, "project.bad-window"),
        Put("projects/{p}/variables", "{\"values\":{\"LD=PRELOAD\":\"x\"}}", 422, "project.bad-variable"),
        Put("projects/{p}/variables", "{\"values\":{\"A\":\"\\u0000\"}}", 400, "request.bad-text"),
        Get("projects/..%2F..%2Fetc", 404, "project.not-found"),
        Get("projects/{p}/timeline?after=abc", 422, "page.bad-cursor"),
        Get("projects/{p}/timeline?limit=-1", 422, "page.bad-limit"),
        Get("projects/{p}/logs?release=1&source=../../etc/passwd", 400, "request.bad-parameter"),
        Get("projects/{p}/traffic?seconds=-1", 422, "traffic.bad-seconds"),
    ];

    public override string ToString() => $"{Method} {Path} {(Body is null ? "" : Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, 60))))}";
}
