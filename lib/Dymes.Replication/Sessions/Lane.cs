using Dymes.Common;
using Dymes.Engine.Appending;
using Dymes.Message.Log;
using Dymes.Replication.Requests;
using Dymes.Vsr;
using Dymes.Vsr.Sessions;

namespace Dymes.Replication.Sessions;

/// <summary>
/// A session of this node with the group (VRR 4.1), with one request under way at a time. What waits when the lane is free travels in its next request. A request is sent until it is
/// answered, under its number, so that it is run at most once however often it arrives. Owned by the replica's thread.
/// </summary>
internal sealed class Lane(ClientId firstId, Func<ClientId> drawId)
{
    private readonly List<PendingAppend> _appends = [];
    private ClientId _id = firstId;
    private ulong _session;
    private ulong _number;
    private ClientRequest? _underWay;
    private int _copies; // of the request under way, that nobody has refused: each of them may be run

    /// <summary>Whether nothing is under way.</summary>
    public bool IsFree => _underWay is null;

    /// <summary>Whether the session is known to the group.</summary>
    public bool IsRegistered => _session != 0;

    /// <summary>Whether the session is being begun, for an append that waits.</summary>
    public bool IsRegistering => _underWay is { IsRegistration: true };

    /// <summary>Whether appends wait for the answer.</summary>
    public bool HasAppends => _appends.Count > 0;

    /// <summary>The request that is under way.</summary>
    public ClientRequest UnderWay => _underWay ?? throw new InvariantViolation("a lane that is free has no request");

    /// <summary>Whether the request under way may be run, or was.</summary>
    public bool MayHaveRun => _copies > 0;

    /// <summary>When the request under way began, by the host's clock in milliseconds.</summary>
    public ulong BeganAt { get; private set; }

    /// <summary>When the request is due to be sent again.</summary>
    public ulong SendAgainAt { get; set; }

    public ClientId Id => _id;

    /// <summary>Begins the session.</summary>
    public void Register(ulong now) => Begin(ClientRequest.Register(_id), now);

    /// <summary>Sends appends as the next request of the session.</summary>
    public void Append(IEnumerable<PendingAppend> appends, ViewNumber view, ulong now)
    {
        _appends.AddRange(appends);
        var body = RequestBatch.Write([.. _appends.Select(append => append.Request)]);
        Begin(new ClientRequest(_id, _session, ++_number, body) { View = view }, now);
    }

    /// <summary>The request goes out: from now on it may be run.</summary>
    public void OnSent() => _copies++;

    /// <summary>A replica has not run a copy of the request, and will not.</summary>
    public void OnRefused() => _copies = Math.Max(0, _copies - 1);

    /// <summary>Takes an answer to the request under way; the appends that have theirs with it are in the list, with result or error.</summary>
    public void Answer(ClientReply reply, List<PendingAppend> answered)
    {
        if (reply.Outcome == ReplyOutcome.Done)
        {
            Done(reply, answered);
        }
        else if (reply.Outcome is ReplyOutcome.SessionUnknown or ReplyOutcome.OutOfOrder or ReplyOutcome.TooLarge)
        {
            Fail(Unknown("The group has forgotten this node's session"), answered);
        }
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void GiveUp(string whyUnknown, List<PendingAppend> answered) => Fail(MayHaveRun ? Unknown(whyUnknown) : NotRun(), answered);

    /// <summary>The appends fail, and the session is left, because its last request may still be run.</summary>
    public void Fail(DymesException error, List<PendingAppend> answered)
    {
        foreach (var append in _appends)
        {
            append.Error = error;
            answered.Add(append);
        }

        _appends.Clear();
        _id = drawId();
        (_session, _number, _underWay, _copies) = (0, 0, null, 0);
    }

    public static DymesException NotRun() =>
        new(ErrorCode.NotReady, "The group has no primary that answers; the message was not appended. Send it again later, or look at `dymes cluster status`.");

    public static DymesException NoRoom() => new(
        ErrorCode.DiskFull,
        "Too few members of the group have room on their disks; the message was not appended, and reads go on. `dymes cluster status` says where to free some space; nothing needs a restart.");

    public static DymesException Unknown(string why) =>
        new(ErrorCode.OutcomeUnknown, $"{why}; the message may or may not have been appended. Ask again with its id or idempotency key.");

    private void Begin(ClientRequest request, ulong now)
    {
        _underWay = request;
        _copies = 0;
        BeganAt = now;
    }

    private void Done(ClientReply reply, List<PendingAppend> answered)
    {
        _underWay = null;
        if (reply.Number == 0)
        {
            _session = reply.Session;
            return;
        }

        var receipts = ReceiptList.TryRead(reply.Body.Span, []);
        var next = 0;
        foreach (var append in _appends)
        {
            var count = append.Request.Count;
            if (receipts is null || next + count > receipts.Length)
            {
                append.Error = Unknown("The primary's answer cannot be read");
            }
            else
            {
                append.Result = new AppendResult(receipts[next..(next + count)]);
            }

            next += count;
            answered.Add(append);
        }

        _appends.Clear();
    }
}
