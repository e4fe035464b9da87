using System.Buffers;
using System.Text;

namespace ProdSprint.Traffic;

/// <summary>The grammar of RFC 9110/9112 as far as a forwarder must know it. Strict: what two parsers could read in two ways is refused.</summary>
internal static class HttpSyntax
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> ForbiddenInValue =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(b => b != '\t').Select(b => (byte)b), 0x7f]);

    private static readonly SearchValues<byte> ForbiddenInTarget =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(b => (byte)b), 0x7f]);

    public static bool IsToken(ReadOnlySpan<byte> s) => s.Length > 0 && s.IndexOfAnyExcept(TokenBytes) < 0;
    public static bool IsValue(ReadOnlySpan<byte> s) => s.IndexOfAny(ForbiddenInValue) < 0;
    public static bool IsTarget(ReadOnlySpan<byte> s) => s.Length > 0 && s.IndexOfAny(ForbiddenInTarget) < 0;

    public static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> lowerCase) => a.Length == lowerCase.Length && Ascii.EqualsIgnoreCase(a, lowerCase);

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> s) => s.Trim(" \t"u8);

    /// <summary>1*DIGIT and nothing else: no sign, no list, nothing that overflows.</summary>
    public static bool TryLength(ReadOnlySpan<byte> s, out long length)
    {
        length = 0;
        if (s.Length is 0 or > 18) return false;
        foreach (var b in s)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            length = length * 10 + (b - '0');
        }
        return true;
    }

    /// <summary>Calls back for each member of a comma-separated list, trimmed; false as soon as one is not a token.</summary>
    public static bool NextMember(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> member)
    {
        while (rest.Length > 0)
        {
            var comma = rest.IndexOf((byte)',');
            member = Trim(comma < 0 ? rest : rest[..comma]);
            rest = comma < 0 ? [] : rest[(comma + 1)..];
            if (member.Length > 0) return true;
        }
        member = [];
        return false;
    }
}

/// <summary>An answer that the router gives itself. <paramref name="Code"/> is stable; <paramref name="Detail"/> says what to do next.</summary>
internal sealed record HttpRefusal(int Status, string Code, string Title, string Detail)
{
    /// <summary>The router's (or its orders') fault rather than the client's or the version's.</summary>
    public bool RouterFault { get; init; }
}
