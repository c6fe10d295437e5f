using Dymes.Common;

namespace Dymes.Tools.Stressing;

/// <summary>What one client has measured. Its own client writes, the display reads: under the lock.</summary>
internal sealed class StressTally
{
    private readonly Lock _lock = new();
    private readonly LatencyRecord _appends = new();
    private readonly LatencyRecord _queries = new();
    private readonly SortedDictionary<ErrorCode, long> _errors = [];
    private long _messagesAppended;
    private long _messagesRead;

    public void Appended(TimeSpan time, int messages)
    {
        lock (_lock)
        {
            _appends.Add(time);
            _messagesAppended += messages;
        }
    }

    public void Queried(TimeSpan time, long messages)
    {
        lock (_lock)
        {
            _queries.Add(time);
            _messagesRead += messages;
        }
    }

    public void Failed(ErrorCode code)
    {
        lock (_lock)
        {
            _errors[code] = _errors.GetValueOrDefault(code) + 1;
        }
    }

    /// <summary>Forgets what was measured: the end of the warm-up.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _appends.Clear();
            _queries.Clear();
            _errors.Clear();
            _messagesAppended = 0;
            _messagesRead = 0;
        }
    }

    public void AddTo(StressReport report)
    {
        lock (_lock)
        {
            report.Appends.Add(_appends);
            report.Queries.Add(_queries);
            report.MessagesAppended += _messagesAppended;
            report.MessagesRead += _messagesRead;
            foreach (var (code, count) in _errors)
            {
                report.Errors[code] = report.Errors.GetValueOrDefault(code) + count;
            }
        }
    }
}
