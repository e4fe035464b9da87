using ProdSprint.Identity;

namespace ProdSprint.Tests.Api.SignIn;

/// <summary>What a resolver says is read to its end or not at all, whoever wrote it.</summary>
public sealed class DnsMessageTests
{
    private static readonly byte[] Question = DnsMessage.Question(0x1234, "_prodsprint-challenge.corp.example");

    private static byte[] Answer(params byte[][] records) => [0x12, 0x34, 0x81, 0x80, 0, 1, 0, (byte)records.Length, 0, 0, 0, 0, .. Question[12..], .. records.SelectMany(r => r)];

    private static byte[] Text(params byte[] data) => [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data];

    [Fact]
    public void Pieces_AreOneText_AndOtherRecordsAreNone() =>
        DnsMessage.Answer(Answer([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1], Text(2, (byte)'a', (byte)'b', 1, (byte)'c'), Text(0)), Question)!.Texts.ShouldBe(["abc", ""]);

    [Fact]
    public void AnswerToAnotherQuestion_IsNone()
    {
        var answer = Answer(Text(1, (byte)'a'));
        answer[0] ^= 1;
        DnsMessage.Answer(answer, Question).ShouldBeNull();
        DnsMessage.Answer(Question, Question).ShouldBeNull("a question");
        DnsMessage.Answer([.. DnsMessage.Question(0x1234, "_prodsprint-challenge.corp.exampla").Select((b, i) => i == 2 ? (byte)0x81 : b)], Question).ShouldBeNull("another name");
    }

    [Fact]
    public void EveryAnswerThatBreaksOff_OrIsBent_IsNone_OrATextOfIt()
    {
        var whole = Answer(Text(3, (byte)'a', (byte)'b', (byte)'c'));
        for (var length = 0; length < whole.Length; length++) DnsMessage.Answer(whole.AsSpan(0, length), Question)?.Texts.ShouldBeEmpty($"{length} bytes");
        for (var at = 0; at < whole.Length; at++)
            for (var bit = 0; bit < 8; bit++)
            {
                byte[] bent = [.. whole];
                bent[at] ^= (byte)(1 << bit);
                DnsMessage.Answer(bent, Question);
            }
    }
}
