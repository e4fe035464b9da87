namespace Orleans.Serialization.Invocation;

/// <summary>What a call came to: a result or an exception.</summary>
public abstract class Response : IDisposable
{
    public static Response Completed { get; } = new Response<object>();

    public abstract object? Result { get; set; }

    public abstract Exception? Exception { get; set; }

    public static Response FromResult<TResult>(TResult value) => new Response<TResult> { TypedResult = value };

    public static Response FromException(Exception exception) => new Response<object> { Exception = exception };

    public abstract T GetResult<T>();

    public virtual Type? GetSimpleResultType() => null;

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

public sealed class Response<TResult> : Response
{
    public TResult? TypedResult { get; set; }

    public override Exception? Exception { get; set; }

    public override object? Result
    {
        get
        {
            ThrowIfFailed();
            return TypedResult;
        }

        set => TypedResult = (TResult?)value;
    }

    public override T GetResult<T>()
    {
        ThrowIfFailed();
        return (T)(object)TypedResult!;
    }

    public override Type GetSimpleResultType() => typeof(TResult);

    private void ThrowIfFailed()
    {
        if (Exception is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(Exception);
        }
    }
}
