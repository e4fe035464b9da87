using ProdSprint.Kernel;
using ProdSprint.Projects;

namespace ProdSprint.Machines.Projects;

/// <summary>Windows that come every week: by the clocks of a place, also in the nights when these are put on or back.</summary>
public sealed class FreezeCalendarTests
{
    private const string Key = "project/default/shop";
    private static readonly Actor Ana = Actor.User("ana");

    private static DateTimeOffset Utc(int month, int day, int hour, int minute = 0, int year = 2026) => new(year, month, day, hour, minute, 0, TimeSpan.Zero);

    private static FreezeWindow Weekly(DateTimeOffset from, DateTimeOffset until, string zone = "Europe/Berlin") => new(from, until, "weekend") { WeeklyIn = zone };

    /// <summary>Friday 16:00 to Monday 08:00 in Berlin.</summary>
    private static readonly FreezeWindow Weekend = Weekly(Utc(3, 13, 15), Utc(3, 16, 7));

    private static (DateTimeOffset, DateTimeOffset) At(FreezeWindow w, DateTimeOffset now) => FreezeCalendar.From(w, now) is { } n ? (n.From, n.Until) : default;

    [Fact]
    public void From_ClocksPutOn_StaysAtTheSameTimeOfTheClocks()
    {
        At(Weekend, Utc(3, 20, 0)).ShouldBe((Utc(3, 20, 15), Utc(3, 23, 7)));
        // the night to 29 March 2026 has no 02:30; the weekend begins in winter time and ends in summer time
        At(Weekend, Utc(3, 28, 0)).ShouldBe((Utc(3, 27, 15), Utc(3, 30, 6)));
        At(Weekend, Utc(4, 1, 0)).ShouldBe((Utc(4, 3, 14), Utc(4, 6, 6)));
        At(Weekend, Utc(10, 30, 0)).ShouldBe((Utc(10, 30, 15), Utc(11, 2, 7)));
    }

    [Fact]
    public void From_TimeThatIsSkipped_IsMovedInThatNightOnly()
    {
        var night = Weekly(Utc(3, 22, 1, 30), Utc(3, 22, 4)); // Sundays 02:30 to 05:00
        At(night, Utc(3, 28, 0)).ShouldBe((Utc(3, 29, 1, 30), Utc(3, 29, 3)));
        At(FreezeCalendar.From(night, Utc(3, 28, 0))!, Utc(3, 30, 0)).ShouldBe((Utc(4, 5, 0, 30), Utc(4, 5, 3)));
    }

    [Fact]
    public void From_TimeThatComesTwice_BeginsWithTheFirstAndEndsWithTheSecond()
    {
        // 25 October 2026: 02:30 comes at 00:30 and at 01:30 UTC
        At(Weekly(Utc(10, 18, 0, 30), Utc(10, 18, 4)), Utc(10, 24, 0)).ShouldBe((Utc(10, 25, 0, 30), Utc(10, 25, 5)));
        At(Weekly(Utc(10, 17, 22), Utc(10, 18, 0, 30)), Utc(10, 24, 0)).ShouldBe((Utc(10, 24, 22), Utc(10, 25, 1, 30)));
    }

    [Fact]
    public void From_Always_IsTheFirstThatIsNotOver_WhateverTheHour()
    {
        for (var now = Utc(3, 1, 0); now < Utc(4, 15, 0, 0, 2027); now += TimeSpan.FromHours(5))
        {
            var (from, until) = At(Weekend, now);
            until.ShouldBeGreaterThan(now);
            if (now >= Utc(3, 16, 7)) (until - now).ShouldBeLessThanOrEqualTo(TimeSpan.FromDays(7) + TimeSpan.FromHours(1));
            TimeZoneInfo.ConvertTime(from, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ShouldSatisfyAllConditions(f => f.Hour.ShouldBe(16), f => f.DayOfWeek.ShouldBe(DayOfWeek.Friday));
        }
    }

    [Fact]
    public void Decide_WeeklyWindow_OpensClosesAndOpensAgain_WithNobodySayingAnything()
    {
        var now = Utc(3, 10, 12);
        var p = ProjectMachine.Apply(null, new ImportStarted("default", "shop", "/src/shop", 1, now, Ana.Id, null));
        p = After(p, new SetFreezeWindows([Weekend], Ana, null), now);
        foreach (var (wakes, frozen) in new[] { (Utc(3, 13, 15), true), (Utc(3, 16, 7), false), (Utc(3, 20, 15), true), (Utc(3, 23, 7), false), (Utc(3, 27, 15), true), (Utc(3, 30, 6), false), (Utc(4, 3, 14), true) })
        {
            ProjectMachine.WakeAt(p).ShouldBe(wakes);
            p = After(p, new ProjectTick(), wakes);
            (p.FrozenAt(wakes) is not null).ShouldBe(frozen);
        }
    }

    [Fact]
    public void FrozenAt_TicksThatNeverCame_DoNotOpenTheDoor()
    {
        var p = ProjectMachine.Apply(null, new ImportStarted("default", "shop", "/src/shop", 1, Utc(3, 10, 12), Ana.Id, null)) with { Freeze = [Weekend] };
        p.FrozenAt(Utc(4, 4, 12))!.Until.ShouldBe(Utc(4, 6, 6));
        p.FrozenAt(Utc(4, 7, 12)).ShouldBeNull();
    }

    [Theory]
    [InlineData("Mars/Olympus", 10)]
    [InlineData("Europe/Berlin", 200)]
    public void Decide_NoZoneOrLongerThanAWeek_IsRefused(string zone, int hours)
    {
        var p = ProjectMachine.Apply(null, new ImportStarted("default", "shop", "/src/shop", 1, Utc(3, 1, 0), Ana.Id, null));
        ProjectMachine.Decide(p, Key, new SetFreezeWindows([Weekly(Utc(3, 13, 15), Utc(3, 13, 15).AddHours(hours), zone)], Ana, null), Utc(3, 1, 0)).Rejection!.Code.ShouldBe("project.bad-window");
    }

    private static Project After(Project p, ProjectCommand command, DateTimeOffset now)
    {
        var decision = ProjectMachine.Decide(p, Key, command, now);
        decision.Rejection.ShouldBeNull();
        return decision.Events.Aggregate(p, ProjectMachine.Apply);
    }
}
