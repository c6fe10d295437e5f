namespace Dymes.Vsr.Simulation.Running;

/// <summary>What will happen, by time; what happens at the same time in the order in which it was put in.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, Moment> _events = new();
    private ulong _order;

    /// <summary>Simulated time in microseconds.</summary>
    public ulong Now { get; private set; }

    public void In(ulong microseconds, Action action) => _events.Enqueue(action, new Moment(Now + microseconds, _order++));

    public void At(ulong time, Action action) => _events.Enqueue(action, new Moment(Math.Max(Now, time), _order++));

    /// <summary>Lets happen what is due until a time; returns how much that was.</summary>
    public long RunUntil(ulong time)
    {
        var count = 0L;
        for (; _events.TryPeek(out var action, out var moment) && moment.At <= time; count++)
        {
            _events.Dequeue();
            Now = moment.At;
            action();
        }

        Now = time;
        return count;
    }

    private readonly record struct Moment(ulong At, ulong Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => At != other.At ? At.CompareTo(other.At) : Order.CompareTo(other.Order);
    }
}
