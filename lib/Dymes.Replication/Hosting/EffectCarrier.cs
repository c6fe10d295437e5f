using Dymes.Replication.Sessions;
using Dymes.Vsr;
using Dymes.Vsr.Effects;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Hosting;

/// <summary>Carries out what a replica wants, in its order. Owned by the replica's thread, with the store's gate held.</summary>
internal sealed class EffectCarrier(
    Replica replica, MessageMachine machine, Lanes lanes, ReplicaDisk disk, ReadPromises reads, IReplicaTransport transport)
{
    private readonly List<ClientReply> _ownReplies = [];
    private ViewNumber _view = replica.View;
    private bool _leads;

    /// <summary>How often the replica went to another view.</summary>
    public long ViewChanges { get; private set; }

    /// <summary>Carries out what the replica wants, until it wants nothing more.</summary>
    public void CarryOut()
    {
        var effects = replica.Effects;
        while (effects.Count > 0 || _ownReplies.Count > 0)
        {
            for (var i = 0; i < effects.Count; i++)
            {
                Carry(effects[i]);
            }

            effects.Clear();
            GiveOwnReplies();
        }
    }

    // What an answer sets free may lead to the next request at once.
    private void GiveOwnReplies()
    {
        for (var i = 0; i < _ownReplies.Count; i++)
        {
            lanes.OnReply(_ownReplies[i]);
        }

        _ownReplies.Clear();
    }

    private void Carry(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Send:
                transport.Send(effect.To, effect.Message);
                break;
            case EffectKind.Append or EffectKind.Truncate:
                break; // the state machine has done it: store and replica count the same writes
            case EffectKind.PersistState:
                disk.Write(effect.Number, effect.State);
                break;
            case EffectKind.ReadEntries:
                disk.Read(effect.Number, effect.Op, effect.LastOp);
                break;
            case EffectKind.Rewrite:
                disk.Rewrite(effect.Entry);
                break;
            case EffectKind.Reply:
                Reply(effect.Reply);
                break;
            case EffectKind.Applied:
                disk.Applied(effect.Op, replica.Sessions);
                break;
            case EffectKind.ReadReady:
                reads.Serve(effect.Number);
                break;
            case EffectKind.ReadRefused:
                reads.Refuse(effect.Number);
                break;
            case EffectKind.StatusChanged:
                StatusChanged();
                break;
        }
    }

    /// <summary>What is for others leaves.</summary>
    public void Flush() => transport.Flush();

    /// <summary>Time passes: reads that had no word are asked again.</summary>
    public void Tick() => reads.Tick();

    /// <summary>Sends a request of this node's to the member that is thought to be the primary.</summary>
    public void PassOn(ClientRequest request) => transport.Send(replica.Primary, request);

    /// <summary>No read is confirmed from here on; the sessions are stored for the next start.</summary>
    public void Stop()
    {
        disk.SaveAtEnd(replica.Sessions);
        reads.RefuseAll();
    }

    /// <summary>Gives an answer to whoever asked.</summary>
    public void Reply(ClientReply reply)
    {
        var owner = SessionNames.OwnerOf(reply.Client);
        if (owner == replica.Identity.Self)
        {
            _ownReplies.Add(reply);
        }
        else if (owner.Value < replica.Identity.ReplicaCount)
        {
            transport.Send(owner, reply);
        }
    }

    private void StatusChanged()
    {
        if (replica.IsPrimary && !_leads)
        {
            machine.Lead();
        }
        else if (!replica.IsPrimary && _leads)
        {
            machine.Follow();
        }

        ViewChanges += replica.View == _view ? 0 : 1;
        _view = replica.View;
        _leads = replica.IsPrimary;
    }
}
