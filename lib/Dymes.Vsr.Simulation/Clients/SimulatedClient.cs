using Dymes.Vsr.Sessions;
using Dymes.Vsr.Simulation.Checking;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Clients;

/// <summary>
/// A client with one request at a time: asks a replica, asks another when no answer comes, and goes on when one does. Now and then it reads, or asks several replicas at once.
/// </summary>
internal sealed class SimulatedClient
{
    private const int MessagesMax = 3;
    private readonly SimulatedCluster _cluster;
    private readonly Dice _dice;
    private ClientRequest _request = null!;
    private ulong _heardBefore;
    private ViewNumber _view;
    private ulong _attempt;
    private int _target;
    private bool _isDead;

    public SimulatedClient(SimulatedCluster cluster, Dice dice)
    {
        _cluster = cluster;
        _dice = dice;
        Register();
    }

    public ClientId Id { get; private set; }

    /// <summary>How many requests of this client were acknowledged, registrations not counted.</summary>
    public int Done { get; private set; }

    public bool IsWaiting { get; private set; }

    public void Die() => _isDead = true;

    public void Hear(ClientReply reply)
    {
        if (_isDead || !IsWaiting || reply.Client != Id || reply.Number != _request.Number)
        {
            return;
        }

        switch (reply.Outcome)
        {
            case ReplyOutcome.Done:
                HearDone(reply);
                break;
            case ReplyOutcome.SessionUnknown:
                RuleBroken.Unless(_cluster.MayForgetSessions, Rule.ExactlyOnce, $"the session of client {Id} is forgotten, and there is room for {_cluster.Plan.SessionsMax}");
                Register();
                break;
            case ReplyOutcome.NotPrimary or ReplyOutcome.Busy:
                _target = (reply.View > _view ? reply.View : _view).PrimaryOf(_cluster.Plan.Replicas).Value;
                AskIn(_cluster.Plan.Hasten(_dice.Between(1_000, 100_000)));
                break;
            default:
                throw new RuleBroken(Rule.ExactlyOnce, $"client {Id} is told {reply.Outcome} for request {reply.Number}");
        }
    }

    private void Register()
    {
        Id = new ClientId(((UInt128)_dice.Next() << 64) | _dice.Next());
        _cluster.SessionsBegun++;
        Make(ClientRequest.Register(Id));
    }

    private void HearDone(ClientReply reply)
    {
        IsWaiting = false;
        _view = reply.View > _view ? reply.View : _view;
        _cluster.Acknowledgements.Heard(reply.Op, _heardBefore);
        Done += reply.Number > 0 ? 1 : 0;
        var session = _request.IsRegistration ? reply.Session : _request.Session;
        var think = _cluster.Plan.ThinkMicroseconds;
        _cluster.Queue.In(think == 0 ? 1 : _dice.Around(think), () => GoOn(session));
    }

    private void GoOn(ulong session)
    {
        if (_isDead || !_cluster.TakesRequest(this))
        {
            return;
        }

        if (_dice.Chance(0.2))
        {
            var host = _cluster.Hosts[_dice.Between(0, _cluster.Hosts.Count - 1)];
            _cluster.Queue.In(100, host.Read);
        }

        var next = _request.Number + 1;
        Make(new ClientRequest(Id, session, next, RequestBody.Ask(Id, next, _dice.Between(0, MessagesMax))));
    }

    private void Make(ClientRequest request)
    {
        _request = request with { View = _view };
        _heardBefore = _cluster.Acknowledgements.HeardOp;
        IsWaiting = true;
        Ask();
    }

    private void AskIn(ulong microseconds)
    {
        var attempt = ++_attempt;
        _cluster.Queue.In(microseconds, () =>
        {
            if (attempt == _attempt && IsWaiting && !_isDead)
            {
                Ask();
            }
        });
    }

    private void Ask()
    {
        var (request, target) = (_request, _target);
        _cluster.Network.Call(() => _cluster.Hosts[target].Submit(request));
        if (_dice.Chance(0.05))
        {
            var other = _dice.Between(0, _cluster.Hosts.Count - 1);
            _cluster.Network.Call(() => _cluster.Hosts[other].Submit(request));
        }

        _target = _dice.Between(0, _cluster.Hosts.Count - 1); // where it asks if no answer comes
        AskIn(_cluster.Plan.Hasten(_dice.Between(100_000, 600_000)));
        if (_dice.Chance(0.5))
        {
            _target = target;
        }
    }
}
