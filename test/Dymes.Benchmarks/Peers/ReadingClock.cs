using System.Diagnostics;
using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers;

/// <summary>Counts and times the messages of one answer. Owned by the reader that asks.</summary>
internal sealed class ReadingClock
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _firstSeconds;
    private long _messages;

    public void Count(long messages = 1)
    {
        if (_messages == 0 && messages > 0)
        {
            _firstSeconds = _watch.Elapsed.TotalSeconds;
        }

        _messages += messages;
    }

    public ReadResult Stop() => new(_messages, _watch.Elapsed.TotalSeconds, _firstSeconds);
}
