using Dymes.Vsr.Sessions;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Protocol;

/// <summary>One storm, and what it must not break.</summary>
/// <param name="count">How many replicas.</param>
/// <param name="seed">What makes it happen.</param>
/// <param name="isTold">Whether a failure tells all that happened: needed only to look into one.</param>
internal sealed class Storm(int count, ulong seed, bool isTold)
{
    private const int Steps = 3000;
    private readonly SeededRandom _random = new(seed * 7919);
    private readonly TestGroup _group = new(count);
    private readonly Dictionary<ulong, UInt128> _committed = [];
    private readonly Dictionary<(ClientId Client, ulong Number), ulong> _acknowledged = [];
    private readonly List<StormClient> _clients = [];
    private readonly Dictionary<ulong, ulong> _reads = [];
    private ulong _lastRead;
    private int _repliesSeen;
    private int? _lost;
    private bool _hasFormed;

    public void Run()
    {
        _group.Narrator.IsQuiet = !isTold;
        foreach (var replica in _group.Replicas)
        {
            replica.Start();
        }

        for (var id = 1UL; id <= 4; id++)
        {
            _clients.Add(new StormClient(new ClientId((id << 32) | seed)));
        }

        try
        {
            for (var step = 0; step < Steps; step++)
            {
                Shake();
                Check();
            }

            Calm();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{error.Message}\n{string.Join('\n', _group.Describe())}\n{_group.Narrator.Take()}", error);
        }
    }

    private void Shake()
    {
        var choice = _random.Between(0, 999);
        switch (choice)
        {
            case < 550 when _group.Network.Count > 0:
                _group.DeliverAt(_random.Between(0, Math.Min(_group.Network.Count - 1, 12)));
                break;
            case < 580 when _group.Network.Count > 0:
                _group.DropAt(_random.Between(0, _group.Network.Count - 1));
                break;
            case < 600 when _group.Network.Count is > 0 and < 500:
                var copied = _group.Network[_random.Between(0, _group.Network.Count - 1)];
                _group.Duplicate(message => ReferenceEquals(message, copied));
                break;
            case < 760:
                _group.Tick();
                break;
            case < 850:
                Ask();
                break;
            case < 860:
                Read();
                break;
            case < 930:
                ToggleDisk();
                break;
            case < 945:
                CrashOrStart();
                break;
            case < 955:
                _group.Cut(_random.Between(0, count - 1), _random.Between(0, count - 1));
                break;
            case < 965:
                _group.Heal();
                break;
            case < 967:
                LoseDisk();
                break;
            case < 970:
                PowerCut();
                break;
            default:
                _group.Clock += _random.Between(-60_000, 60_000);
                break;
        }
    }

    private void Read()
    {
        _reads.Add(++_lastRead, _acknowledged.Values.DefaultIfEmpty().Max());
        _group[_random.Between(0, count - 1)].Step(live => live.Read(_lastRead));
    }

    private void Ask() => _clients[_random.Between(0, _clients.Count - 1)].Ask(_group, _random.Between(0, count - 1));

    private void ToggleDisk()
    {
        var replica = _group[_random.Between(0, count - 1)];
        replica.Disk.IsHeld = !replica.Disk.IsHeld && _random.Between(0, 2) == 0;
        replica.Flush();
    }

    private void CrashOrStart()
    {
        var replica = _group[_random.Between(0, count - 1)];
        if (replica.Running is null)
        {
            replica.Start();
        }
        else
        {
            Crash(replica);
        }
    }

    private void Crash(TestReplica replica) => replica.Crash(_random.Between(0, 3), _random.Between(0, 2));

    private void PowerCut()
    {
        foreach (var replica in _group.Replicas)
        {
            Crash(replica);
        }

        _group.Drop(_ => true);
    }

    // As many at a time as the protocol promises to survive: one, and none before all have been one group.
    private void LoseDisk()
    {
        _hasFormed |= _group.Replicas.All(replica => replica.Disk.State is { View.Value: > 0 });
        var isBack = _lost is not { } lost || (_group[lost].Running is { Status: ReplicaStatus.Normal } && !_group[lost].Disk.IsAnyDamaged);
        if (count < 3 || !_hasFormed || !isBack || _group.Replicas.Any(replica => replica.Disk.State is not { IsRecovering: false }))
        {
            return;
        }

        var replica = _group[_random.Between(0, count - 1)];
        Crash(replica);
        _lost = replica.Number.Value;
        switch (_random.Between(0, 3))
        {
            case 0 when replica.Disk.Log.Count > 0:
                replica.Disk.Damage((ulong)_random.Between(1, replica.Disk.Log.Count));
                break;
            case 1 when replica.Disk.Log.Count > 0:
                replica.Disk.LoseState();
                break;
            default:
                replica.Disk.Wipe();
                break;
        }
    }

    private void Check()
    {
        for (; _repliesSeen < _group.Replies.Count; _repliesSeen++)
        {
            var reply = _group.Replies[_repliesSeen];
            var client = _clients.Find(client => client.Id == reply.Client)!;
            if (reply.Outcome == ReplyOutcome.Done && !_acknowledged.TryAdd((reply.Client, reply.Number), reply.Op))
            {
                Assert.Equal(_acknowledged[(reply.Client, reply.Number)], reply.Op);
            }

            client.Hear(reply, _acknowledged.Values.DefaultIfEmpty().Max());
        }

        foreach (var (read, seen) in _group.Reads)
        {
            Assert.True(seen is null || seen >= _reads[read], $"read {read} saw op {seen}, and op {_reads[read]} was acknowledged before");
        }

        _group.Reads.Clear();
        foreach (var replica in _group.Replicas)
        {
            if (replica.Running is not { } live)
            {
                continue;
            }

            for (var op = replica.CheckedOp + 1; op <= replica.Machine.Committed; op++)
            {
                var checksum = replica.Machine.At(op).Checksum;
                Assert.True(_committed.TryAdd(op, checksum) || _committed[op] == checksum, $"replica {replica.Number} committed another op {op}");
                replica.CheckedOp = op;
            }

            Assert.True(live.AppliedOp <= live.CommitOp && live.CommitOp <= live.LastOp);
        }
    }

    // After the storm everything is repaired, and the group must come to rest with all that it promised.
    private void Calm()
    {
        _group.Heal();
        foreach (var replica in _group.Replicas)
        {
            replica.Disk.IsHeld = false;
            replica.Flush();
            if (replica.Running is null)
            {
                replica.Start();
            }
        }

        _group.RunUntil(() => _group.Replicas.All(replica => replica.Live.Status == ReplicaStatus.Normal));
        _group.Run(3000);
        var last = new TestClient(_group, ulong.MaxValue - seed).Register();
        last.Append("after the storm");
        _group.RunUntil(() => _group.Replicas.All(replica => replica.Live.AppliedOp == _group.Primary.Live.LastOp));
        _group.Run(1000);
        Check(_group.Primary.Disk.Log);
    }

    private void Check(IReadOnlyList<LogEntry> log)
    {
        foreach (var replica in _group.Replicas)
        {
            Assert.Equal(log.Select(entry => entry.Checksum), replica.Disk.Log.Select(entry => entry.Checksum));
            Assert.DoesNotContain(log, entry => replica.Disk.IsDamaged(entry.Op));
        }

        foreach (var ((client, number), op) in _acknowledged)
        {
            var entry = log[(int)op - 1];
            Assert.Equal((client.Value, number), (entry.Header.ClientId, entry.Header.RequestNumber));
        }

        var requests = log.Select(entry => (entry.Header.ClientId, entry.Header.RequestNumber)).ToList();
        Assert.Equal(requests.Count, requests.Distinct().Count());
        foreach (var (op, checksum) in _committed)
        {
            Assert.Equal(checksum, log[(int)op - 1].Checksum);
        }
    }
}
