using System.IO.Pipelines;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>
/// The answers to a batch on their way to a client that may read them late. What it does not take yet is held as receipts, half the size of their text, within a budget. Room is
/// reserved before a request goes to the log, so that no receipt is ever without. The loop of <see cref="BatchStream"/> owns it.
/// </summary>
internal sealed class ReceiptBacklog(HttpContext http, string form, HttpLimits limits, ByteBudget budget) : IDisposable
{
    // What a batch may hold for nothing, under the limit on the number of batches: a client that reads as it should is never in need of more.
    private const long FreeBytes = 4 * 1024 * 1024;

    private readonly Queue<Answer> _held = new();
    private readonly PooledBytes _text = new(16 * 1024);
    private readonly ReceiptLines _lines = new(form);
    private Task<FlushResult>? _sending;
    private long _reserved;
    private long _charged;

    /// <summary>What ends when the client has taken what was written last; null where nothing waits for it.</summary>
    public Task? Sending => _sending;

    /// <summary>Reserves room for the receipts of a gathering.</summary>
    /// <returns>Null, or why there is no room.</returns>
    public Problem? TryReserve(Gathering gathering)
    {
        var reserved = _reserved + gathering.ReceiptBytes;
        var charge = Math.Max(0, reserved - FreeBytes) - _charged;
        if (reserved > Math.Max(limits.UnreadReceiptBytesMax, gathering.ReceiptBytes))
        {
            return Problem.Of(
                ErrorCode.TooLarge,
                $"The client has not read the answers of this batch, and they fill {limits.UnreadReceiptBytesMax} bytes. This message and those behind it were not read: send them again, in smaller batches or reading while you send.");
        }

        if (charge > 0 && !budget.TryTake(charge))
        {
            return Problem.Of(
                ErrorCode.Overloaded,
                "The answers that clients have not read fill the memory for them. This message and those behind it were not read: send them again in a while, and read while you send.");
        }

        _charged += Math.Max(0, charge);
        _reserved = reserved;
        return null;
    }

    /// <summary>Sends the receipts of a gathering that the log has answered, now or when the client takes them.</summary>
    public void Add(Gathering gathering, AppendResult? result) => Add(new Answer(gathering, result, null));

    /// <summary>Sends why the log could not take a gathering.</summary>
    public void Add(Gathering gathering, DymesException error) => Add(new Answer(gathering, null, error));

    /// <summary>Writes what the client takes without waiting.</summary>
    public void Send()
    {
        while (IsFree() && _held.TryDequeue(out var answer))
        {
            _text.Clear();
            _lines.Write(_text, answer.Gathering, answer.Result, answer.Failure);
            GiveBack(answer.Gathering.ReceiptBytes);
            Begin();
        }
    }

    /// <summary>Gives the client time to take something.</summary>
    /// <returns>False where it took nothing, or nothing waits for it.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan patience)
    {
        if (_sending is null || !await PatientOutput.TryWaitAsync(http, _sending, patience, http.RequestAborted).ConfigureAwait(false))
        {
            return false;
        }

        Send();
        return true;
    }

    /// <summary>Writes all that is left and the end, and waits until the client has taken it.</summary>
    /// <param name="line">The first part that was not read, where <paramref name="ending"/> tells why.</param>
    /// <param name="ending">Why the batch ends before its body; null where it does not.</param>
    public async ValueTask FinishAsync(long line, Problem? ending)
    {
        while (_sending is not null)
        {
            await PatientOutput.WaitAsync(http, _sending, http.RequestAborted).ConfigureAwait(false);
            Send();
        }

        _text.Clear();
        _lines.WriteEnd(_text, line, ending);
        BytesAnswer.Begin(http, form);
        await PatientOutput.WriteAsync(http, _text.Written, http.RequestAborted).ConfigureAwait(false);
    }

    public void Dispose()
    {
        GiveBack(_reserved);
        _text.Dispose();
    }

    private void Add(Answer answer)
    {
        _held.Enqueue(answer);
        Send();
    }

    private bool IsFree()
    {
        if (_sending is { IsCompleted: true } sent)
        {
            _sending = null;
            if (sent.GetAwaiter().GetResult().IsCompleted)
            {
                throw new StalledClient();
            }
        }

        return _sending is null;
    }

    private void Begin()
    {
        BytesAnswer.Begin(http, form);
        _sending = http.Response.BodyWriter.WriteAsync(_text.Written).AsTask();
    }

    private void GiveBack(long bytes)
    {
        _reserved -= bytes;
        var charge = Math.Max(0, _reserved - FreeBytes);
        budget.GiveBack(_charged - charge);
        _charged = charge;
    }

    /// <summary>What became of a gathering.</summary>
    private readonly record struct Answer(Gathering Gathering, AppendResult? Result, DymesException? Failure);
}
