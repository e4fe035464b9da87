using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace Orleans.Calls;

/// <summary>A call whose answer is a value. Generated classes implement <see cref="InvokeTarget"/>.</summary>
internal abstract class ResultCall<TResult> : GrainCall
{
    // Continuations never run inside the turn that answers: they belong to the caller.
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<TResult>? _running;

    internal Task<TResult> Task => _answer.Task;

    protected abstract Task<TResult> InvokeTarget(object target);

    protected sealed override void StartMethod()
    {
        Task<TResult> task;
        try
        {
            task = InvokeTarget(Instance!) ?? throw new InvalidOperationException($"{Meta.Name} returned no task.");
        }
        catch (Exception exception)
        {
            Finish(exception);
            return;
        }

        if (task.IsCompleted)
        {
            Finish(task);
            return;
        }

        _running = task;
        task.GetAwaiter().UnsafeOnCompleted(OnRunningCompleted);
    }

    private void OnRunningCompleted() => Finish(_running!);

    private void Finish(Task<TResult> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Finish(TaskFailure.Of(task));
            return;
        }

        var result = DeepCopy<TResult>.Copy(task.Result);
        if (Observer is not null)
        {
            Complete(Response.FromResult(result));
        }
        else if (TryAnswer())
        {
            _answer.SetResult(result);
        }

        Queue!.OnCompleted(this, null);
    }

    private void Finish(Exception exception)
    {
        Fail(exception);
        Queue!.OnCompleted(this, exception);
    }

    protected sealed override async ValueTask<Response> InvokeMethod()
    {
        try
        {
            return Response.FromResult(await InvokeTarget(Instance!));
        }
        catch (Exception exception)
        {
            return Response.FromException(exception);
        }
    }

    internal sealed override void AnswerCaller(Response response)
    {
        if (response.Exception is { } exception)
        {
            TaskFailure.Set(_answer, exception);
        }
        else
        {
            _answer.TrySetResult(response.Result is TResult result ? DeepCopy<TResult>.Copy(result) : default!);
        }
    }
}

/// <summary>A call that answers when it is done, without a value.</summary>
internal abstract class VoidResultCall : ResultCall<VoidResult>
{
    protected abstract Task InvokeVoid(object target);

    protected sealed override Task<VoidResult> InvokeTarget(object target)
    {
        var task = InvokeVoid(target);
        return task is { IsCompletedSuccessfully: true } ? VoidResult.Done : VoidResult.After(task);
    }
}

internal abstract class ValueResultCall<TResult> : ResultCall<TResult>
{
    protected abstract ValueTask<TResult> InvokeValue(object target);

    protected sealed override Task<TResult> InvokeTarget(object target) => InvokeValue(target).AsTask();
}

internal abstract class VoidValueResultCall : VoidResultCall
{
    protected abstract ValueTask InvokeValue(object target);

    protected sealed override Task InvokeVoid(object target) => InvokeValue(target).AsTask();
}

/// <summary>A method without a return value: observers have these; nobody hears of the outcome.</summary>
internal abstract class NoResultCall : VoidResultCall
{
    protected abstract void InvokeNothing(object target);

    protected sealed override Task InvokeVoid(object target)
    {
        InvokeNothing(target);
        return System.Threading.Tasks.Task.CompletedTask;
    }
}

internal readonly struct VoidResult
{
    public static readonly Task<VoidResult> Done = Task.FromResult(default(VoidResult));

    public static async Task<VoidResult> After(Task task)
    {
        await task;
        return default;
    }
}

internal static class TaskFailure
{
    public static Exception Of(Task task) => task.Exception?.InnerException ?? new TaskCanceledException(task);

    /// <summary>A cancelled call is a cancelled task at the caller, too.</summary>
    public static void Set<T>(TaskCompletionSource<T> source, Exception exception)
    {
        if (exception is OperationCanceledException { CancellationToken: { IsCancellationRequested: true } token })
        {
            source.TrySetCanceled(token);
        }
        else
        {
            source.TrySetException(exception);
        }
    }
}
