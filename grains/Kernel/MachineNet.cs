namespace ProdSprint.Kernel;

/// <summary>The reminder under a machine that has something ahead of it. Reminders have a one-minute floor, so the timer is the clock and this the net.</summary>
public static class MachineNet
{
    public const string Name = "net";

    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
}
