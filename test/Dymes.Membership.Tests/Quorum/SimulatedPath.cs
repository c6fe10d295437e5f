using Dymes.Membership.Quorum;

namespace Dymes.Membership.Tests.Quorum;

/// <summary>The way from a replica to an acceptor over a network that loses, repeats and delays: a question may arrive long after nobody waits for its answer. Who has crashed hears nothing.</summary>
internal sealed class SimulatedPath(RegisterSimulation world, SimulatedReplica from, int to) : IAcceptorPath
{
    private const int DelayMax = 20;
    private const int LongDelayMax = 4_000;

    private readonly int _life = from.Life;

    public string? Trouble => null;

    public Task<AcceptorAnswer?> AskAsync(AcceptorRequest request)
    {
        var answer = new TaskCompletionSource<AcceptorAnswer?>();
        world.After((int)RemoteAcceptor.Patience.TotalMilliseconds, () => Hear(answer, null));
        if (!IsLost())
        {
            world.After(Delay(), () => Arrive(request, answer));
        }

        if (world.Random.Next(10) == 0)
        {
            world.After(Delay(), () => Arrive(request, answer));
        }

        return answer.Task;
    }

    private void Arrive(AcceptorRequest request, TaskCompletionSource<AcceptorAnswer?> answer)
    {
        var target = world.Replicas[to];
        if ((target == from && target.Life != _life) || target.Acceptor is not { } acceptor)
        {
            return;
        }

        var said = acceptor.Answer(request);
        if (!IsLost())
        {
            world.After(Delay(), () => Hear(answer, said));
        }
    }

    private void Hear(TaskCompletionSource<AcceptorAnswer?> answer, AcceptorAnswer? said)
    {
        if (from.Life == _life)
        {
            answer.TrySetResult(said);
        }
    }

    private bool IsLost() => !world.IsEnding && world.Random.Next(100) < world.LossPercent;

    private int Delay() => !world.IsEnding && world.Random.Next(50) == 0 ? world.Random.Next(LongDelayMax) : world.Random.Next(1, DelayMax);
}
