namespace ProdSprint.Webhooks;

public sealed class WebhookPausesTests
{
    [Fact]
    public void Pauses_Together_AreMoreThanADay_AndEachIsLongerThanTheLast()
    {
        var pauses = Enumerable.Range(1, new WebhookOptions().Attempts - 1).Select(attempt => WebhookOptions.PauseAfter(attempt, 0)).ToList();
        pauses.Aggregate(TimeSpan.Zero, (sum, p) => sum + p).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(24));
        pauses.ShouldBe(pauses.Order());
        pauses.Distinct().Count().ShouldBe(pauses.Count);
        pauses[0].ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(100)]
    public void PauseAfter_IsSpreadOverAFifth_AndNeverShorter(int attempt)
    {
        var least = WebhookOptions.PauseAfter(attempt, 0);
        WebhookOptions.PauseAfter(attempt, 0.999).ShouldBeInRange(least, least * 1.2);
    }
}
