using ProdSprint.Identity;

namespace ProdSprint.Tests.Machines.Identity;

public sealed class DomainStandingTests
{
    [Theory]
    [InlineData(0, 1, null)]
    [InlineData(12, 13, null)]
    [InlineData(13, 14, "warned")]
    [InlineData(14, 15, null)]
    [InlineData(27, 28, "lapsed")]
    [InlineData(13, 0, null)]
    [InlineData(14, 0, "found")]
    public void Told_OnceEach_AndNotOfAFewDays(int before, int now, string? told) => DomainStanding.Told(before, now).ShouldBe(told);

    [Theory]
    [InlineData(13, null)]
    [InlineData(14, 14)]
    [InlineData(27, 1)]
    [InlineData(28, null)]
    public void DaysLeft_AreOfTheGrace(int missed, int? left) => DomainStanding.DaysLeft(missed).ShouldBe(left);
}
