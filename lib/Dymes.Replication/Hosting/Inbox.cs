namespace Dymes.Replication.Hosting;

/// <summary>What a replica's thread has not dealt with yet. Any thread adds; the one takes all at a time.</summary>
internal sealed class Inbox
{
    // Several times what the windows of a group of seven can have under way: more is a flood, and is lost as on any network.
    private const int MessagesMax = 16_384;
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _isNeeded = new(initialState: false);
    private List<Input> _inputs = [];
    private List<Input> _spare = [];
    private bool _isAsleep;

    /// <summary>How many messages of others were lost because too many waited.</summary>
    public long Lost { get; private set; }

    /// <summary>Adds something of this node's own.</summary>
    public void Add(in Input input)
    {
        bool wakes;
        lock (_lock)
        {
            _inputs.Add(input);
            wakes = _isAsleep;
            _isAsleep = false;
        }

        if (wakes)
        {
            _isNeeded.Set();
        }
    }

    /// <summary>Adds something that came over the network, unless too much waits.</summary>
    public void AddFromNetwork(in Input input)
    {
        lock (_lock)
        {
            if (_inputs.Count >= MessagesMax)
            {
                Lost++;
                return;
            }
        }

        Add(input);
    }

    /// <summary>Lets the thread look around, though there is nothing to take.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (!_isAsleep)
            {
                return;
            }

            _isAsleep = false;
        }

        _isNeeded.Set();
    }

    /// <summary>Takes all there is, after waiting for something at most this long. The list is valid until the next call.</summary>
    public List<Input> Take(TimeSpan patience, Func<bool> isIdle)
    {
        _spare.Clear();
        lock (_lock)
        {
            if (_inputs.Count > 0)
            {
                return Swap();
            }

            _isAsleep = true;
        }

        if (isIdle()) // whoever makes something wait after this sees a thread that sleeps
        {
            _isNeeded.WaitOne(patience);
        }

        lock (_lock)
        {
            _isAsleep = false;
            return Swap();
        }
    }

    private List<Input> Swap()
    {
        (_inputs, _spare) = (_spare, _inputs);
        return _spare;
    }
}
