using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace ProdSprint.Operations;

/// <summary>The one source of ProdSprint's own spans. Without a collector nobody listens to it, and a span costs one comparison.</summary>
public static class Spans
{
    public static readonly ActivitySource Source = new("ProdSprint");

    public static ActivityTraceId TraceOf(string name) => ActivityTraceId.CreateFromBytes(Digest("trace", name)[..16]);

    /// <summary>The same name is the same span before and after a restart: its parent can be named before it has ended, and told twice it is still one.</summary>
    public static ActivitySpanId SpanOf(string name) => ActivitySpanId.CreateFromBytes(Digest("span", name)[..8]);

    /// <summary>Tells of something that is over, with its true times and an id of our choice.</summary>
    /// <param name="parent">The default span id: the span is the root of its trace.</param>
    public static void Tell(
        string name, ActivityTraceId trace, ActivitySpanId id, ActivitySpanId parent, DateTimeOffset from, DateTimeOffset to, string? failure, IEnumerable<KeyValuePair<string, object?>> tags)
    {
        // Recorded whatever the request was: releases are few, and the one that is missing is the one that is asked for.
        using var span = Source.CreateActivity(name, ActivityKind.Internal, new ActivityContext(trace, parent, ActivityTraceFlags.Recorded, isRemote: true), tags, idFormat: ActivityIdFormat.W3C);
        if (span is null) return;
        span.SetStartTime(from.UtcDateTime);
        span.Start();
        IdOf(span) = id.ToHexString();
        if (failure is not null) span.SetStatus(ActivityStatusCode.Error, failure);
        span.SetEndTime(to.UtcDateTime);
        span.Stop();
    }

    /// <summary>An <see cref="Activity"/> draws its id at its start and offers no way to choose it. A test sees that this field is still where the id is.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? IdOf(Activity span);

    private static byte[] Digest(string kind, string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{name}"));
}
