using Dymes.Common;
using Dymes.Vsr.Simulation.Clients;
using Dymes.Vsr.Simulation.Faults;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Checking;

/// <summary>
/// The second half of a run: a majority is made well, the others often stay as they are for good, and within a bounded time requests must be answered and the majority must be one.
/// </summary>
internal sealed class Convergence
{
    private const int RequestsToAnswer = 3;
    private const ulong StepMicroseconds = 50_000;
    private const ulong PatienceMicroseconds = 40_000_000;
    private readonly SimulatedCluster _cluster;
    private readonly List<SimulatedHost> _healed;
    private readonly SimulatedClient _last;

    public Convergence(SimulatedCluster cluster, Dice dice)
    {
        _cluster = cluster;
        _healed = Choose(dice);
        Heal();
        cluster.StopRequests();
        _last = cluster.AddLastClient();
    }

    /// <summary>Lets time pass until all is well; returns how many events that took.</summary>
    public long Await()
    {
        var deadline = _cluster.Queue.Now + PatienceMicroseconds;
        var events = 0L;
        while (!IsReached)
        {
            RuleBroken.Unless(_cluster.Queue.Now < deadline, Rule.Liveness, $"a majority is healed ({string.Join(' ', _healed.Select(host => host.Number))}), and after {PatienceMicroseconds / 1_000_000} s: {Describe()}");
            events += _cluster.Queue.RunUntil(_cluster.Queue.Now + StepMicroseconds);
            _healed.ForEach(host => host.ReportDamage());
        }

        CheckIdentical();
        return events;
    }

    // Everything that was asked for is answered and is everywhere. The last client goes on, so that the end is one that moves.
    private bool IsReached =>
        _last.Done >= RequestsToAnswer
        && _cluster.Clients.All(client => client == _last || !client.IsWaiting)
        && _healed.All(host => host.Running is { Status: ReplicaStatus.Normal } replica
            && replica.View == _healed[0].Running!.View
            && replica.DurableOp == replica.LastOp && replica.AppliedOp == replica.LastOp && replica.LastOp == _healed[0].Running!.LastOp
            && Disks(host));

    private static bool Disks(SimulatedHost host) => host.Disk.Damaged.Count == 0 && host.Disk.LastOp == host.Running!.LastOp;

    // Those that have lost something cannot do it alone, so that a majority of the others is among the healed.
    private List<SimulatedHost> Choose(Dice dice)
    {
        var sound = _cluster.Hosts.Where(host => !host.IsImpaired).ToList();
        var impaired = _cluster.Hosts.Where(host => host.IsImpaired).ToList();
        if (dice.Chance(0.5) || !_cluster.HasFormed)
        {
            return [.. _cluster.Hosts];
        }

        dice.Shuffle(sound);
        var count = dice.Between(_cluster.Plan.Quorum, Math.Max(_cluster.Plan.Quorum, sound.Count));
        return [.. sound.Take(count), .. impaired.Where(_ => dice.Chance(0.5))];
    }

    private void Heal()
    {
        var left = _cluster.Hosts.Except(_healed).Select(host => host.Number).ToHashSet();
        _cluster.EndStorm();
        _cluster.Network.Cuts.CutForGood(CutShapes.AllWays(_cluster.Plan.Replicas).Where(way => left.Contains(way.From) || left.Contains(way.To)));
        foreach (var host in _healed)
        {
            host.Heal();
        }

        _cluster.Timeline?.Note(-1, $"healed: {string.Join(' ', _healed.Select(host => host.Number))}");
    }

    private void CheckIdentical()
    {
        var first = _healed[0].Disk;
        foreach (var host in _healed)
        {
            for (var op = 1UL; op <= first.LastOp; op++)
            {
                var (one, other) = (first.Log[(int)op - 1], host.Disk.Log[(int)op - 1]);
                var isSame = one == other || Bytes(one).AsSpan().SequenceEqual(Bytes(other));
                RuleBroken.Unless(isSame, Rule.Identical, $"replicas {_healed[0].Number} and {host.Number} have other bytes at op {op}");
                RuleBroken.Unless(op > _cluster.Log.LastOp || one.Checksum == _cluster.Log[op].Checksum, Rule.Durability, $"op {op} is not the one that was committed");
            }
        }

        RuleBroken.Unless(first.LastOp >= _cluster.Log.LastOp, Rule.Durability, $"the log ends at op {first.LastOp}, and op {_cluster.Log.LastOp} was committed");
    }

    private static byte[] Bytes(LogEntry entry)
    {
        var bytes = new byte[EntryLimits.HeaderBytes + entry.Body.Length];
        entry.Write(bytes);
        return bytes;
    }

    private string Describe() => string.Join("; ", _healed.Select(host => host.Running is { } replica
        ? $"{host.Number} is {(replica.IsPrimary ? "primary" : replica.Status)} ({replica.Standing}) in view {replica.View}, log of view {replica.LogView}, last op {replica.LastOp}, on disk {replica.DurableOp}, committed {replica.CommitOp}, applied {replica.AppliedOp}, damaged {host.Disk.Damaged.Count}"
        : $"{host.Number} is down")) + $"; the last client has {_last.Done} answers, {_cluster.Clients.Count(client => client.IsWaiting)} clients wait";
}
