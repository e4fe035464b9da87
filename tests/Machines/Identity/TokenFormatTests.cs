namespace ProdSprint.Identity;

/// <summary>A token can be told from what only looks like one.</summary>
public sealed class TokenFormatTests
{
    [Theory]
    [InlineData(TokenFormat.Personal)]
    [InlineData(TokenFormat.Service)]
    public void New_IsWhole_AndNeverTheSame(string kind)
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => TokenFormat.New(kind)).ToList();
        tokens.ShouldAllBe(t => TokenFormat.IsWhole(t) && t.Length == TokenFormat.Length && t.StartsWith(kind));
        tokens.Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void IsWhole_AnyCharacterChanged_IsNot()
    {
        var token = TokenFormat.New(TokenFormat.Personal);
        for (var i = 0; i < token.Length; i++)
            TokenFormat.IsWhole(string.Concat(token.AsSpan(0, i), token[i] == 'x' ? "y" : "x", token.AsSpan(i + 1))).ShouldBeFalse($"at {i}");
        TokenFormat.IsWhole(token.AsSpan(0, token.Length - 1)).ShouldBeFalse();
        TokenFormat.IsWhole("").ShouldBeFalse();
    }
}
