using System.Collections.Immutable;

namespace ProdSprint.Moderation;

/// <summary>A kind of what people write, and what may become of it.</summary>
/// <param name="Name">As stored: <c>ticket</c>, <c>post</c>; also what problems are called by.</param>
/// <param name="Statuses">The first is what a new one has.</param>
public sealed record ThreadKind(string Name, string Plural, ImmutableArray<string> Statuses)
{
    public const string Unknown = "unknown";

    public static ThreadKind Ticket { get; } = new("ticket", "tickets", ["open", "answered", "closed"]);

    public static ThreadKind Post { get; } = new("post", "posts", ["published", "answered", Hidden]);

    /// <summary>Of a post that is not for everybody: its author sees it, and whoever moderates.</summary>
    public const string Hidden = "hidden";

    /// <summary>What a newer server wrote is not guessed at.</summary>
    public string Shown(string stored) => Statuses.Contains(stored) ? stored : Unknown;
}
