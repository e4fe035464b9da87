namespace Orleans.Calls;

/// <summary>
/// Stands between the caller's token and the grain's. A grain must see the cancellation in a turn of its own, not on the caller's thread.
/// </summary>
internal sealed class CancellationLink(GrainCall call, CancellationToken callers)
{
    private readonly CancellationTokenSource _inside = new();
    private CancellationTokenRegistration _registration;

    public CancellationToken Token => _inside.Token;

    public void Arm()
    {
        if (callers.CanBeCanceled)
        {
            _registration = callers.UnsafeRegister(static state => ((CancellationLink)state!).OnCallerCancelled(), this);
        }
    }

    public void Release() => _registration.Unregister();

    public void CancelInside()
    {
        if (call.Queue is { } target)
        {
            target.Post(Cancel);
        }
        else
        {
            Cancel();
        }
    }

    private void OnCallerCancelled()
    {
        CancelInside();
        call.Fail(new OperationCanceledException(callers));
    }

    private void Cancel()
    {
        try
        {
            _inside.Cancel();
        }
        catch (AggregateException)
        {
            // A callback that the grain registered failed; the call itself has its answer already.
        }
    }
}
