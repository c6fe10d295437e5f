using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Simulation.Telling;

/// <summary>A message in a few words, for people who know the protocol.</summary>
internal static class MessageText
{
    public static string Of(VsrMessage message) => $"{message.Kind} v{message.View}{Detail(message)}";

    private static string Detail(VsrMessage message) => message switch
    {
        Prepare it => $" op {it.Entry.Op} commit {it.CommitOp}",
        PrepareOk it => $" op {it.Op}",
        Commit it => $" commit {it.CommitOp}/{it.LastOp}",
        PreVote it => $" for v{it.Candidate}",
        PreVoteReply it => it.IsGranted ? " yes" : " no",
        DoViewChange it => $" log v{it.LogView} {it.Suffix.BaseOp}..{it.Suffix.LastOp}",
        StartView it => $" {it.Suffix.BaseOp}..{it.Suffix.LastOp}",
        GetState it => $" {it.FromOp}..{it.ToOp}",
        NewState { Entries.Count: 0 } => " none",
        NewState it => $" {it.Entries[0].Op}..{it.Entries[^1].Op} commit {it.CommitOp}",
        Recover { Incarnation: > 0 } it => $" {it.Standing} as {it.Incarnation}",
        Recover it => $" {it.Standing}",
        RecoverReply it => $" {it.Standing}",
        ReadOp it => $" op {it.Op}",
        _ => "",
    };
}
