namespace Orleans.Calls;

/// <summary>A doubly linked list through the calls themselves: nothing is allocated to queue a call.</summary>
internal struct CallQueue
{
    public GrainCall? First;
    private GrainCall? _last;

    public int Count { get; private set; }

    public void Append(GrainCall call)
    {
        call.Next = null;
        call.Previous = _last;
        if (_last is null)
        {
            First = call;
        }
        else
        {
            _last.Next = call;
        }

        _last = call;
        Count++;
    }

    public void Remove(GrainCall call)
    {
        if (call.Previous is null)
        {
            First = call.Next;
        }
        else
        {
            call.Previous.Next = call.Next;
        }

        if (call.Next is null)
        {
            _last = call.Previous;
        }
        else
        {
            call.Next.Previous = call.Previous;
        }

        call.Next = call.Previous = null;
        Count--;
    }
}
