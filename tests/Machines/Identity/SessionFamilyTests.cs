using FsCheck;
using FsCheck.Fluent;

namespace ProdSprint.Identity;

/// <summary>Of all refresh tokens of a session one is good, and a copy is found out.</summary>
public sealed class SessionFamilyTests
{
    private static FamilyState At(int generation, double seconds = 0, bool over = false) => new(generation, TimeSpan.FromSeconds(seconds), over);

    [Theory]
    [InlineData(5, 5, 100_000, false, Refreshing.Rotate)]
    [InlineData(5, 4, 9.9, false, Refreshing.Again)]
    [InlineData(5, 4, 10.1, false, Refreshing.Reused)]
    [InlineData(5, 3, 0, false, Refreshing.Reused)]
    [InlineData(5, 6, 0, false, Refreshing.Reused)]
    [InlineData(5, 5, 0, true, Refreshing.Over)]
    [InlineData(5, 4, 0, true, Refreshing.Over)]
    public void Decide_ByGenerationAndAge(int generation, int shown, double seconds, bool over, Refreshing expected) =>
        SessionFamily.Decide(At(generation, seconds, over), shown).ShouldBe(expected);

    /// <summary>An owner and a thief who copied one token, refreshing in any order with any pauses: at the latest at the second use after the grace the family is dead.</summary>
    [Fact]
    public void Decide_OwnerAndThief_NeverBothGoOn() => Prop.ForAll(
        Gen.Zip(Gen.Elements(0, 1), Gen.Choose(0, 30)).ListOf(60).ToArbitrary(),
        turns =>
        {
            var (generation, rotated, now, dead) = (1, 0, 0, false);
            int[] held = [1, 1];
            var apart = false;
            foreach (var (who, pause) in turns)
            {
                now += pause;
                switch (SessionFamily.Decide(At(generation, now - rotated, dead), held[who]))
                {
                    case Refreshing.Rotate: (generation, rotated, held[who]) = (generation + 1, now, generation + 1); break;
                    case Refreshing.Again: held[who] = generation; break;
                    case Refreshing.Reused: dead = true; break;
                    case Refreshing.Over: break;
                }
                // Two generations apart with the family alive would be two people going on.
                apart |= !dead && Math.Abs(held[0] - held[1]) > 1 && held[who] != generation;
            }
            return !apart;
        }).QuickCheckThrowOnFailure();
}
