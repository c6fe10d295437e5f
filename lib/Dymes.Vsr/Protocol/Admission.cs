using Dymes.Common;
using Dymes.Vsr.Effects;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Protocol;

/// <summary>
/// VRR 4.1: which requests get an entry. Each at most once: a request that is in the log is answered from it, one that is on its way is answered when it arrives. Requests are judged
/// only once the primary has applied what it began its view with, because only then does it know all sessions.
/// </summary>
internal sealed class Admission(ReplicaCore core, EntryReader reader)
{
    private readonly Queue<AdmittedRequest> _waiting = new();
    private readonly HashSet<ClientId> _preparing = []; // never enumerated
    private long _waitingBytes;

    public void Clear()
    {
        _waiting.Clear();
        _waitingBytes = 0;
        _preparing.Clear();
    }

    public void Enqueue(ClientRequest request, long clockMilliseconds)
    {
        if (_waiting.Count == VsrLimits.RequestsWaitingMax || _waitingBytes > VsrLimits.RequestsWaitingBytesMax)
        {
            Refuse(request, ReplyOutcome.Busy);
            return;
        }

        _waiting.Enqueue(new AdmittedRequest(request, clockMilliseconds));
        _waitingBytes += request.Body.Length;
    }

    /// <summary>The next request that shall be prepared; null where none waits.</summary>
    /// <param name="refusal">Why a new request is not taken now; null where it is.</param>
    public AdmittedRequest? TakeNext(ReplyOutcome? refusal)
    {
        while (_waiting.TryDequeue(out var next))
        {
            _waitingBytes -= next.Request.Body.Length;
            if (!IsNew(next.Request))
            {
                continue;
            }

            if (refusal is { } outcome)
            {
                Refuse(next.Request, outcome);
            }
            else
            {
                _preparing.Add(next.Request.Client);
                return next;
            }
        }

        return null;
    }

    public void Refuse(ClientRequest request, ReplyOutcome outcome) =>
        core.Effects.Add(Effect.Answer(new ClientReply(request.Client, request.Number, outcome) { View = core.View }));

    /// <summary>A request that was taken gets no entry now; its client is to ask again.</summary>
    public void PutOff(ClientRequest request)
    {
        _preparing.Remove(request.Client);
        Refuse(request, ReplyOutcome.Busy);
    }

    public void RefuseAll()
    {
        while (_waiting.TryDequeue(out var next))
        {
            Refuse(next.Request, ReplyOutcome.NotPrimary);
        }

        Clear();
    }

    public void OnApplied(LogEntry entry)
    {
        if (entry.Header.ClientId != UInt128.Zero)
        {
            _preparing.Remove(new ClientId(entry.Header.ClientId));
            Answer(entry);
        }
    }

    private bool IsNew(ClientRequest request)
    {
        if (_preparing.Contains(request.Client))
        {
            return false; // the same request, or one before its time: it is answered, or comes again
        }

        if (!core.Sessions.TryFind(request.Client, out var session))
        {
            return request.IsRegistration || Refused(request, ReplyOutcome.SessionUnknown);
        }

        if (!request.IsRegistration && request.Session != session.Session)
        {
            return Refused(request, ReplyOutcome.SessionUnknown);
        }

        if (request.Number > session.LastNumber)
        {
            return request.Number == session.LastNumber + 1 || Refused(request, ReplyOutcome.OutOfOrder);
        }

        if (request.Number == session.LastNumber)
        {
            AnswerAgain(session);
        }

        return false;
    }

    private void AnswerAgain(ClientSession session)
    {
        if (core.Log.Find(session.LastOp) is { } entry)
        {
            Answer(entry);
        }
        else
        {
            reader.Read(session.LastOp, session.LastOp, entries =>
            {
                if (entries.Count > 0)
                {
                    Answer(entries[0]);
                }
            });
        }
    }

    private void Answer(LogEntry entry)
    {
        var client = new ClientId(entry.Header.ClientId);
        var isRegistration = entry.Header.Kind == EntryKind.Registration;
        if ((isRegistration ? ReadOnlyMemory<byte>.Empty : core.Machine.Reply(entry)) is not { } body)
        {
            return; // who has no answer asks again
        }

        core.Effects.Add(Effect.Answer(new ClientReply(client, entry.Header.RequestNumber, ReplyOutcome.Done)
        {
            Session = isRegistration ? entry.Op : core.Sessions.TryFind(client, out var session) ? session.Session : 0,
            Op = entry.Op,
            Body = body,
            View = core.View,
        }));
    }

    private bool Refused(ClientRequest request, ReplyOutcome outcome)
    {
        Refuse(request, outcome);
        return false;
    }
}

/// <summary>A request in the primary's queue.</summary>
/// <param name="Request">The request.</param>
/// <param name="ClockMilliseconds">The host's clock when it arrived.</param>
internal sealed record AdmittedRequest(ClientRequest Request, long ClockMilliseconds);
