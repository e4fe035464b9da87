using Orleans.Streams;

namespace Orleans.Providers.Streams.Common;

/// <summary>Events are numbered per stream provider; those of one batch share a number and have an index.</summary>
[GenerateSerializer]
public class EventSequenceTokenV2 : StreamSequenceToken
{
    public EventSequenceTokenV2()
    {
    }

    public EventSequenceTokenV2(long seqNumber) : this(seqNumber, 0)
    {
    }

    public EventSequenceTokenV2(long seqNumber, int eventInd)
    {
        SequenceNumber = seqNumber;
        EventIndex = eventInd;
    }

    [Id(0)]
    public sealed override long SequenceNumber { get; protected set; }

    [Id(1)]
    public sealed override int EventIndex { get; protected set; }

    public override bool Equals(StreamSequenceToken? other) =>
        other is not null && other.SequenceNumber == SequenceNumber && other.EventIndex == EventIndex;

    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

    public override int CompareTo(StreamSequenceToken? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byNumber = SequenceNumber.CompareTo(other.SequenceNumber);
        return byNumber != 0 ? byNumber : EventIndex.CompareTo(other.EventIndex);
    }

    public override string ToString() => $"[EventSequenceTokenV2: SeqNum={SequenceNumber}, EventIndex={EventIndex}]";
}
