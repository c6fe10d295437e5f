using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// Reads that see everything acknowledged before them (VRR 6.3 asks for leases; this asks a majority, once for all reads that wait, so that no clock is trusted). A round that begins
/// after a read came proves that no later view had begun when it came.
/// </summary>
internal sealed class ReadConfirmation(ReplicaCore core, PrimaryRole primary)
{
    // A question is asked again so often: each time under its number, so that an answer which takes longer than that is as good.
    private const ulong Askings = 4;

    private readonly Queue<WaitingRead> _unconfirmed = new();
    private readonly List<WaitingRead> _unapplied = [];
    private readonly List<AskedRead> _asked = [];
    private ulong? _lastQuestion;

    public void Read(ulong number)
    {
        var isFull = _unconfirmed.Count + _unapplied.Count + _asked.Count >= VsrLimits.ReadsWaitingMax;
        if (isFull || core.Status != ReplicaStatus.Normal)
        {
            core.Effects.Add(Effect.ReadRefused(number));
        }
        else if (core.IsNormalPrimary)
        {
            Enqueue(number, core.Self);
        }
        else
        {
            Ask(number);
        }
    }

    public void OnGetReadOp(GetReadOp message)
    {
        if (core.IsNormalPrimary && _unconfirmed.Count < VsrLimits.ReadsWaitingMax)
        {
            Enqueue(message.Number, message.From);
        }
    }

    public void OnReadOp(ReadOp message)
    {
        var place = _asked.FindIndex(read => read.Question == message.Number);
        if (place >= 0)
        {
            _unapplied.Add(new WaitingRead(_asked[place].Number, core.Self, message.Op, 0));
            _asked.RemoveAt(place);
        }
    }

    /// <summary>After each input: confirms, and lets go what this replica has applied.</summary>
    public void GoOn()
    {
        if (core.IsNormalPrimary)
        {
            Confirm();
            if (_unconfirmed.TryPeek(out var next) && next.Round > primary.Round && primary.ConfirmedRound == primary.Round)
            {
                primary.StartRound();
                Confirm(); // a group of one needs nobody
            }
        }

        for (var i = _unapplied.Count - 1; i >= 0; i--)
        {
            if (_unapplied[i].Op <= core.AppliedOp)
            {
                core.Effects.Add(Effect.ReadReady(_unapplied[i].Number));
                _unapplied.RemoveAt(i);
            }
        }
    }

    public void Tick()
    {
        for (var i = _asked.Count - 1; i >= 0; i--)
        {
            var read = _asked[i];
            var patience = (ulong)core.Settings.SuspectMaxMilliseconds;
            if (core.Now - read.BeganAt >= Askings * patience)
            {
                core.Effects.Add(Effect.ReadRefused(read.Number));
                _asked.RemoveAt(i);
            }
            else if (core.Now - read.AskedAt >= patience)
            {
                _asked[i] = read with { AskedAt = core.Now };
                core.Send(core.Primary, new GetReadOp(core.Envelope, read.Question));
            }
        }
    }

    /// <summary>The view is another: what waits may wait for an entry that will not be.</summary>
    public void End()
    {
        while (_unconfirmed.TryDequeue(out var read))
        {
            if (read.From == core.Self)
            {
                core.Effects.Add(Effect.ReadRefused(read.Number));
            }
        }

        _unapplied.ForEach(read => core.Effects.Add(Effect.ReadRefused(read.Number)));
        _unapplied.Clear();
        _asked.ForEach(read => core.Effects.Add(Effect.ReadRefused(read.Number)));
        _asked.Clear();
    }

    // Questions are counted from a number that no life before began with: hosts count reads from 1 after each start, and an answer of then knows nothing of what was acknowledged since.
    private void Ask(ulong number)
    {
        var question = (_lastQuestion ?? core.Random.Next()) + 1;
        _lastQuestion = question;
        _asked.Add(new AskedRead(number, question, core.Now, core.Now));
        core.Send(core.Primary, new GetReadOp(core.Envelope, question));
    }

    // The requests of older views may have been acknowledged by another primary: a read waits for all of them.
    private void Enqueue(ulong number, ReplicaNumber from) =>
        _unconfirmed.Enqueue(new WaitingRead(number, from, Math.Max(core.CommitOp, primary.ViewStartOp), primary.Round + 1));

    private void Confirm()
    {
        while (_unconfirmed.TryPeek(out var read) && read.Round <= primary.ConfirmedRound)
        {
            _unconfirmed.Dequeue();
            if (read.From == core.Self)
            {
                _unapplied.Add(read);
            }
            else
            {
                core.Send(read.From, new ReadOp(core.Envelope, read.Number, read.Op));
            }
        }
    }

    private readonly record struct WaitingRead(ulong Number, ReplicaNumber From, ulong Op, ulong Round);

    private readonly record struct AskedRead(ulong Number, ulong Question, ulong BeganAt, ulong AskedAt);
}
