using Dymes.Common;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Clients;

/// <summary>Reads the committed log from whichever replica it comes upon, and goes on at another where it left off.</summary>
internal sealed class LogCursor(SimulatedCluster cluster, Dice dice)
{
    private const int EntriesMax = 40;
    private ulong _op;
    private Lsn _position = Lsn.First;

    public void ReadOn()
    {
        var host = cluster.Hosts[dice.Between(0, cluster.Hosts.Count - 1)];
        if (host.Running is not null)
        {
            for (var i = 0; i < EntriesMax && _op < host.Machine.CommitOp; i++)
            {
                Read(host, host.Machine.Find(_op + 1));
            }
        }

        cluster.Queue.In((ulong)dice.Between(5_000, 200_000), ReadOn);
    }

    private void Read(SimulatedHost host, LogEntry? entry)
    {
        RuleBroken.Unless(entry is not null, Rule.Cursor, $"replica {host.Number} does not show op {_op + 1}, and has committed op {host.Machine.CommitOp}");
        RuleBroken.Unless(entry.Header.FirstLsn == _position, Rule.Cursor, $"replica {host.Number} shows position {entry.Header.FirstLsn} to a reader at {_position}");
        RuleBroken.Unless(cluster.Log[entry.Op].Checksum == entry.Checksum, Rule.Cursor, $"replica {host.Number} shows another op {entry.Op} than was committed");
        _op = entry.Op;
        _position = entry.EndLsn;
    }
}
