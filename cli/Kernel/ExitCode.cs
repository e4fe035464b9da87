namespace ProdSprint.Kernel;

/// <summary>What a script can tell from how the command ended. Stable.</summary>
public static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>By a gate, a policy or the judge.</summary>
    public const int Rejected = 3;
    public const int SignIn = 4;
    public const int NotFound = 5;
    public const int Conflict = 6;
    public const int RateOrQuota = 7;

    /// <summary>The wait ended; the work goes on.</summary>
    public const int StillRunning = 8;
    public const int Interrupted = 130;
}
