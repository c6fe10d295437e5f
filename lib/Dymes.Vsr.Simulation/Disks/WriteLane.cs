using Dymes.Vsr.Effects;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Disks;

/// <summary>Writes to one file, in order: what waits while a flush is under way goes with the next one.</summary>
/// <param name="queue">True time.</param>
/// <param name="dice">How long each flush takes.</param>
/// <param name="flushMicroseconds">How long it takes on average.</param>
/// <param name="flushed">Is told which writes came to disk, the oldest first; null where the flush failed.</param>
internal sealed class WriteLane(EventQueue queue, Dice dice, ulong flushMicroseconds, Action<List<Effect>?> flushed)
{
    private readonly List<Effect> _waiting = [];
    private ulong _life;
    private bool _isFlushing;

    /// <summary>Nothing comes to disk before.</summary>
    public ulong StalledUntil { get; set; }

    public bool FailsNext { get; set; }

    public void Take(in Effect write)
    {
        _waiting.Add(write);
        if (!_isFlushing)
        {
            Flush();
        }
    }

    /// <summary>The machine is off: nothing is under way any more. Returns what was.</summary>
    public List<Effect> Cut()
    {
        var lost = _waiting.ToList();
        _waiting.Clear();
        _isFlushing = false;
        FailsNext = false;
        _life++;
        return lost;
    }

    private void Flush()
    {
        _isFlushing = true;
        var (life, count) = (_life, _waiting.Count);
        var takes = dice.Around(flushMicroseconds) + 10;
        queue.At(Math.Max(queue.Now, StalledUntil) + takes, () =>
        {
            if (life == _life)
            {
                End(count);
            }
        });
    }

    private void End(int count)
    {
        if (FailsNext)
        {
            flushed(null);
            return;
        }

        var done = _waiting.GetRange(0, count);
        _waiting.RemoveRange(0, count);
        _isFlushing = false;
        if (_waiting.Count > 0)
        {
            Flush();
        }

        flushed(done);
    }
}
