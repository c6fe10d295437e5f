using System.Text;
using Dymes.Vsr.Effects;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Tests.Group;

/// <summary>Tells what happens in a group, a line each, for people who know the paper.</summary>
internal sealed class Narrator
{
    private readonly StringBuilder _lines = new();
    private readonly Dictionary<ClientId, string> _clients = [];
    private readonly HashSet<PrepareOk> _acknowledgements = [];

    public bool IsQuiet { get; set; } = true;

    public string Take()
    {
        var text = _lines.ToString();
        _lines.Clear();
        return text;
    }

    public void Name(ClientId client, string name) => _clients[client] = name;

    public void Say(string line)
    {
        if (!IsQuiet)
        {
            _lines.Append("  ").Append(line).Append('\n');
        }
    }

    public void Delivered(InFlight message) => Tell(message, "->");

    public void Dropped(InFlight message) => Tell(message, "-x");

    public void Wrote(ReplicaNumber replica, in Effect write) => Say(write.Kind switch
    {
        EffectKind.Append => $"{replica} has op {write.Op} on disk",
        EffectKind.Truncate => $"{replica} has cut its log after op {write.Op}",
        EffectKind.Rewrite => $"{replica} has repaired op {write.Op}",
        _ => $"{replica} has view {write.State.View}, log of view {write.State.LogView}{(write.State.IsRecovering ? ", recovering" : "")}{LossesOf(write.State)} on disk",
    });

    private static string LossesOf(DurableState state) => state.Incarnations.Equals(Incarnations.None) ? "" : $", incarnations {state.Incarnations}";

    public void Applied(ReplicaNumber replica, ulong op) => Say($"{replica} applies up to op {op}");

    public void Changed(Replica replica, ReplicaNumber number) => Say(replica.Status switch
    {
        ReplicaStatus.Normal => $"{number} is {(replica.IsPrimary ? "the primary" : "a backup")} of view {replica.View}",
        ReplicaStatus.ViewChange => $"{number} is in the view change of view {replica.View}",
        ReplicaStatus.Recovering => $"{number} recovers in view {replica.View}",
        _ => $"{number} has stopped",
    });

    public void Replied(ClientReply reply) => Say(
        $"client {NameOf(reply.Client)}: request {reply.Number} is {(reply.Outcome == ReplyOutcome.Done ? $"done, op {reply.Op}{Answer(reply)}" : reply.Outcome)}");

    public void Read(ulong number, ulong? appliedOp) => Say(appliedOp is { } op ? $"read {number} may be served as of op {op}" : $"read {number} is refused");

    private static string Answer(ClientReply reply) => reply.Body.IsEmpty ? "" : $", '{TestMachine.Text(reply.Body)}'";

    private string NameOf(ClientId client) => _clients.GetValueOrDefault(client, client.ToString());

    private void Tell(InFlight message, string arrow)
    {
        if (!IsHeartbeat(message))
        {
            Say($"{message.From} {arrow} {message.To}  {Describe(message.Message)}");
        }
    }

    // Heartbeats, and acknowledgements that say nothing new, are left out.
    private bool IsHeartbeat(InFlight message) => message.Message is Commit || (message.Message is PrepareOk acknowledgement && !_acknowledgements.Add(acknowledgement));

    private static string Describe(VsrMessage message) => message switch
    {
        Prepare it => $"Prepare view {it.View} op {it.Entry.Op} commit {it.CommitOp}",
        PrepareOk it => $"PrepareOk view {it.View} op {it.Op}{(it.Round > 0 ? $" round {it.Round}" : "")}",
        Commit it => $"Commit view {it.View} commit {it.CommitOp} last {it.LastOp}{(it.Round > 0 ? $" round {it.Round}" : "")}",
        PreVote it => $"PreVote for view {it.Candidate}",
        PreVoteReply it => $"PreVoteReply {(it.IsGranted ? "yes" : "no")} for view {it.Candidate}",
        StartViewChange it => $"StartViewChange view {it.View}",
        DoViewChange it => $"DoViewChange view {it.View}, log of view {it.LogView}, ops {it.Suffix.BaseOp}..{it.Suffix.LastOp}",
        StartView it => $"StartView view {it.View}, ops {it.Suffix.BaseOp}..{it.Suffix.LastOp}",
        GetStartView it => $"GetStartView from view {it.View}",
        GetState it => $"GetState ops {it.FromOp}..{it.ToOp}",
        NewState { Entries.Count: 0 } => "NewState without entries",
        NewState it => $"NewState ops {it.Entries[0].Op}..{it.Entries[^1].Op} commit {it.CommitOp}",
        Recover { Incarnation: > 0 } it => $"Recover, {it.Standing}, incarnation {it.Incarnation}",
        Recover it => $"Recover, {it.Standing}",
        RecoverReply it => $"RecoverReply view {it.View}, {it.Standing}",
        GetReadOp => "GetReadOp",
        ReadOp it => $"ReadOp {it.Op}",
        _ => message.Kind.ToString(),
    };
}
