using Dymes.Vsr.Messages;
using Dymes.Vsr.Simulation.Disks;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>
/// What one replica has promised to the others over all its lives. It may not take it back: not say anything in a view that it has left, not claim to have on disk what is not there, and
/// not vote after a loss before it has got everything back.
/// </summary>
internal sealed class Promises(int replica, SimulatedDisk disk, CommittedLog log, ViewLogs views)
{
    private readonly SortedDictionary<ulong, UInt128> _acknowledged = []; // by op: the newest checksum there
    private readonly Dictionary<uint, ulong> _acknowledgedIn = []; // by view: the highest op; never enumerated
    private readonly List<(int Losses, uint View)> _returns = [];
    private uint _view;
    private uint _left;

    /// <summary>How often the replica lost something.</summary>
    public int Losses { get; private set; }

    /// <summary>The replica lost something that it may have promised, and has not got it back yet.</summary>
    public bool HasLostMemory { get; private set; }

    /// <summary>The replica lost something. That it had left a view binds it no longer; <see cref="Election"/> sees to it that nobody relies on that.</summary>
    public void Lose()
    {
        Losses++;
        HasLostMemory = true;
        _left = 0;
    }

    public void Sent(VsrMessage message)
    {
        if (!IsVote(message))
        {
            return;
        }

        RuleBroken.Unless(!HasLostMemory, Rule.Memory, $"replica {replica} sends {message.Kind}, and has lost what it promised before");
        if (message is PreVoteReply)
        {
            return; // nobody's state changes by it: the view may be one that is not on disk yet
        }

        var view = message.View.Value;
        RuleBroken.Unless(view >= Math.Max(_view, _left), Rule.Memory, $"replica {replica} sends {message.Kind} in view {view}, and has taken part in view {Math.Max(_view, _left)}");
        if (message is RecoverReply)
        {
            return;
        }

        (_view, _left) = message is StartViewChange or DoViewChange ? (_view, view) : (view, _left);
        if (message is PrepareOk { Op: var op })
        {
            RuleBroken.Unless(disk.LastOp >= op, Rule.Durability, $"replica {replica} acknowledges op {op}, and has {disk.LastOp} on disk");
            var checksum = disk.Log[(int)op - 1].Checksum;
            views.Acknowledge(replica, view, op, checksum);
            _acknowledged[op] = checksum;
            _acknowledgedIn[view] = Math.Max(AcknowledgedIn(view), op);
        }
    }

    /// <summary>The replica says that it is whole.</summary>
    public void BecameNormal(ViewNumber view)
    {
        if (!HasLostMemory)
        {
            return;
        }

        RuleBroken.Unless(view.Value >= _view, Rule.Memory, $"replica {replica} recovered in view {view}, and had taken part in view {_view}");
        foreach (var (op, checksum) in _acknowledged)
        {
            RuleBroken.Unless(IsOnDisk(op, checksum) || op > log.LastOp || log[op].Checksum != checksum, Rule.Memory, $"replica {replica} recovered without op {op}, which it had acknowledged");
        }

        HasLostMemory = false;
        _returns.Add((Losses, view.Value));
    }

    /// <summary>The highest op that the replica has acknowledged in a view.</summary>
    public ulong AcknowledgedIn(uint view) => _acknowledgedIn.GetValueOrDefault(view);

    /// <summary>Whether the replica became whole again in an older view than this one, after it had lost its memory more often than so many times.</summary>
    public bool HasComeBackBelow(uint view, int losses) => _returns.Exists(back => back.Losses > losses && back.View < view);

    /// <summary>
    /// The replica cuts off its log after an op. What is committed may go only where the replica has never acknowledged it: others have it then. What it gave up in an older view, when it was not
    /// committed, is not there to be cut off; others may have kept it, and committed it in a later view.
    /// </summary>
    public void Cuts(ulong after)
    {
        foreach (var (op, checksum) in _acknowledged)
        {
            var isCommitted = op <= log.LastOp && log[op].Checksum == checksum;
            RuleBroken.Unless(op <= after || !isCommitted || HasLostMemory || !IsOnDisk(op, checksum), Rule.Durability, $"replica {replica} cuts off op {op}, which it has acknowledged and which is committed");
        }
    }

    private bool IsOnDisk(ulong op, UInt128 checksum) => op <= disk.LastOp && disk.Log[(int)op - 1].Checksum == checksum;

    // A backup that follows a primary without having its log yet answers with op 0: that is no promise.
    private static bool IsVote(VsrMessage message) => message switch
    {
        PrepareOk acknowledgement => acknowledgement.Op > 0,
        PreVoteReply answer => answer.IsGranted,
        RecoverReply answer => answer.Standing == Standing.Member, // that it has been in no later view
        Prepare or Commit or StartView or StartViewChange or DoViewChange => true,
        _ => false,
    };
}
