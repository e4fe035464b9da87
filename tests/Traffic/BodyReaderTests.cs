using System.Text;

namespace ProdSprint.Traffic.Tests;

public sealed class BodyReaderTests
{
    private const string Chunked = "5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";

    [Fact]
    public void Chunked_CutAnywhere_EndsAtTheSamePlace()
    {
        var bytes = Encoding.ASCII.GetBytes(Chunked + "GET / HTTP/1.1");
        for (var step = 1; step < bytes.Length; step++)
        {
            var reader = BodyReader.For(BodyKind.Chunked, 0);
            var plain = BodyReader.For(BodyKind.Chunked, 0);
            var taken = 0;
            var payload = new StringBuilder();
            for (var at = 0; at < bytes.Length && !reader.Done; at += step)
            {
                var part = bytes[at..Math.Min(bytes.Length, at + step)];
                taken += reader.Take(part);
                plain.TakePayload(part, out var kept);
                payload.Append(Encoding.ASCII.GetString(part, 0, kept));
            }
            reader.Done.ShouldBeTrue();
            taken.ShouldBe(Chunked.Length);
            payload.ToString().ShouldBe("hello0123456789");
        }
    }

    [Theory]
    [InlineData("g\r\n")]
    [InlineData("\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("0x5\r\nhello\r\n")]
    [InlineData("5\nhello\r\n")]
    [InlineData("5\r\nhelloX\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("1000000000000000000\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0\r\n folded: trailer\r\n\r\n")]
    public void Chunked_Ambiguous_IsRefused(string body) =>
        BodyReader.For(BodyKind.Chunked, 0).TakeAll(body).ShouldBe(-1);

    [Fact]
    public void Length_TakesNoMoreThanItsOwn()
    {
        var reader = BodyReader.For(BodyKind.Length, 5);
        reader.Take("helloGET"u8).ShouldBe(5);
        reader.Done.ShouldBeTrue();
    }
}

internal static class BodyReading
{
    public static int TakeAll(this BodyReader reader, string body) => reader.Take(Encoding.ASCII.GetBytes(body));
}
