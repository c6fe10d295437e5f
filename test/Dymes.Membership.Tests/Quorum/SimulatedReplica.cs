using Dymes.Common;
using Dymes.Membership.Quorum;
using Dymes.Membership.Quorum.Register;
using Dymes.Membership.Tests.Tables;

namespace Dymes.Membership.Tests.Quorum;

/// <summary>A replica of a simulated register, through all its lives: what is on its disk stays, all else goes with the process.</summary>
internal sealed class SimulatedReplica(int number, RegisterSimulation world)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private AcceptorState? _disk;

    public int Life { get; private set; }

    public Acceptor? Acceptor { get; private set; }

    /// <summary>Whether it remembers, on its disk at least.</summary>
    public bool HasMemory => _disk is not null;

    public void Start()
    {
        Life++;
        Acceptor = new Acceptor(_disk, state => _disk = state);
        var paths = Enumerable.Range(0, world.Count).Select(to => (IAcceptorPath)new SimulatedPath(world, this, to)).ToArray();
        var register = new QuorumRegister(number, paths, RegisterContent.Empty("sim", world.Count), world.Clock, world.Random);
        _ = LiveAsync(Life, new Admission(number, Acceptor, paths), register);
    }

    public void Crash()
    {
        Life++;
        Acceptor = null;
    }

    /// <summary>Loses its disk; with amnesia it comes back as if it had never promised anything, where it should ask.</summary>
    public void Wipe(bool hasAmnesia) => _disk = hasAmnesia ? AcceptorState.Empty : null;

    private async Task LiveAsync(int life, Admission admission, QuorumRegister register)
    {
        var start = world.Clock.GetTimestamp();
        while (Life == life && !await admission.TryAsync(world.Clock.GetElapsedTime(start)))
        {
            await Task.Delay(Look, world.Clock);
        }

        while (Life == life && !world.IsEnding)
        {
            await UseAsync(life, register);
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(200)), world.Clock);
        }
    }

    private async Task UseAsync(int life, QuorumRegister register)
    {
        try
        {
            var read = new Read(world.Now, default, await register.ReadAsync(default));
            world.History.Add(read with { End = world.Now });
            if (Life != life || world.Random.Next(3) == 0)
            {
                return;
            }

            var row = Silos.Row();
            var change = world.History.Begin(world.Now, row.SiloAddress.ToParsableString(), read.Table.Version);
            var next = read.Table.ToTable([]).Version.Next();
            var isDone = await register.ChangeAsync(table => table.Insert(row, next), default);
            (change.Outcome, change.End) = (isDone, world.Now);
        }
        catch (DymesException refusal) when (refusal.Code == ErrorCode.NotReady)
        {
            // nobody knows
        }
    }
}
