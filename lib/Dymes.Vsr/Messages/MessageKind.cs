namespace Dymes.Vsr.Messages;

/// <summary>The kinds of messages, as they are numbered on the wire.</summary>
public enum MessageKind : byte
{
    /// <summary><see cref="Messages.Prepare"/></summary>
    Prepare = 1,

    /// <summary><see cref="Messages.PrepareOk"/></summary>
    PrepareOk = 2,

    /// <summary><see cref="Messages.Commit"/></summary>
    Commit = 3,

    /// <summary><see cref="Messages.PreVote"/></summary>
    PreVote = 4,

    /// <summary><see cref="Messages.PreVoteReply"/></summary>
    PreVoteReply = 5,

    /// <summary><see cref="Messages.StartViewChange"/></summary>
    StartViewChange = 6,

    /// <summary><see cref="Messages.DoViewChange"/></summary>
    DoViewChange = 7,

    /// <summary><see cref="Messages.StartView"/></summary>
    StartView = 8,

    /// <summary><see cref="Messages.GetStartView"/></summary>
    GetStartView = 9,

    /// <summary><see cref="Messages.GetState"/></summary>
    GetState = 10,

    /// <summary><see cref="Messages.NewState"/></summary>
    NewState = 11,

    /// <summary><see cref="Messages.Recover"/></summary>
    Recover = 12,

    /// <summary><see cref="Messages.RecoverReply"/></summary>
    RecoverReply = 13,

    /// <summary><see cref="Messages.GetReadOp"/></summary>
    GetReadOp = 14,

    /// <summary><see cref="Messages.ReadOp"/></summary>
    ReadOp = 15,
}
