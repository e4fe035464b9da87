namespace ProdSprint.Traffic.Tests;

public sealed class ReportBufferTests
{
    [Fact]
    public void Seal_TooMuchForTheBuffer_DropsTheOldestAndCountsIt()
    {
        var buffer = new ReportBuffer("r", maxRows: 10);
        for (var second = 0; second < 25; second++)
        {
            buffer.Add([Row(second, requests: 3)]);
            buffer.Seal();
        }
        buffer.Rows.ShouldBe(10);
        buffer.Dropped.ShouldBe(15 * 3);
        var first = buffer.Next(null, out _)!;
        first.Sequence.ShouldBe(16);
        first.DroppedRequests.ShouldBe(45);
    }

    [Fact]
    public void Acknowledge_Forgets_AndAnotherInstancesCursorDoesNot()
    {
        var buffer = new ReportBuffer("r", maxRows: 10);
        buffer.Add([Row(1, 1)]);
        buffer.Seal();
        buffer.Acknowledge(new("earlier", 99));
        buffer.Next(new("earlier", 99), out _)!.Sequence.ShouldBe(1);
        buffer.Acknowledge(new("r", 1));
        buffer.Next(null, out _).ShouldBeNull();
        buffer.Rows.ShouldBe(0);
    }

    [Fact]
    public void Add_SameSecondFromTwoLoops_IsOneRow()
    {
        var buffer = new ReportBuffer("r", maxRows: 10);
        buffer.Add([Row(1, 2)]);
        buffer.Add([Row(1, 3)]);
        buffer.Seal();
        buffer.Next(null, out _)!.Seconds.ShouldHaveSingleItem().Requests.ShouldBe(5);
    }

    [Fact]
    public async Task Next_Waits_UntilThereIsOne()
    {
        var buffer = new ReportBuffer("r", maxRows: 10);
        buffer.Next(null, out var changed).ShouldBeNull();
        changed.IsCompleted.ShouldBeFalse();
        buffer.Add([Row(1, 1)]);
        buffer.Seal();
        await changed;
    }

    private static TrafficSecond Row(long second, long requests) =>
        new("w", "p", "e", "v", second, requests, 0, StatusClasses.None with { Success = requests }, 0, LatencyHistogram.Of(Enumerable.Repeat(1.0, (int)requests)));
}
