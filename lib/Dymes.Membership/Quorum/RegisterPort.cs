using System.Buffers;
using System.Text.Json;
using Dymes.Membership.Joining;
using Dymes.Programs.Replicas;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Dymes.Membership.Quorum;

/// <summary>
/// Lets others ask this silo's acceptor, at the silo's own port: a connection that begins with the register's letters is for it, any other for Orleans. Whoever sends something else after them, or nothing
/// for a while, is cut off and counted.
/// </summary>
/// <param name="acceptor">The acceptor.</param>
/// <param name="group">This silo, in its group.</param>
/// <param name="clock">Measures patience.</param>
/// <param name="logger">Hears how many were cut off.</param>
internal sealed partial class RegisterPort(Acceptor acceptor, ReplicaGroup group, TimeProvider clock, ILogger<RegisterPort> logger)
{
    private const int ConnectionsMax = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _free = new(ConnectionsMax);
    private readonly Lock _gate = new();
    private long _toldAt = -1;
    private int _cutOff;

    /// <summary>Serves a connection to the silo's port.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="pass">Serves those that are for Orleans.</param>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate pass)
    {
        if (await IsForRegisterAsync(connection).ConfigureAwait(false) is not { } isForRegister)
        {
            connection.Abort(new ConnectionAbortedException("nothing was said"));
        }
        else if (isForRegister)
        {
            await using var input = connection.Transport.Input.AsStream(leaveOpen: true);
            await using var output = connection.Transport.Output.AsStream(leaveOpen: true);
            await AnswerAsync(input, output).ConfigureAwait(false);
        }
        else
        {
            await pass(connection).ConfigureAwait(false);
        }
    }

    /// <summary>Answers the one question of a connection, and waits until the other end closes it, for what was sent might be lost if this end did.</summary>
    public async Task AnswerAsync(Stream input, Stream output)
    {
        if (!_free.Wait(TimeSpan.Zero))
        {
            CutOff($"there are {ConnectionsMax} others");
            return;
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            var question = JsonSerializer.Deserialize(await RegisterFrame.ReadAsync(input, patience.Token).ConfigureAwait(false), RegisterJson.Default.RegisterQuestion);
            var reply = new RegisterReply(group.ClusterId, group.Mark, question is not null && MayAsk(question) ? acceptor.Answer(question.Request) : null);
            await output.WriteAsync(RegisterFrame.Of(JsonSerializer.SerializeToUtf8Bytes(reply, RegisterJson.Default.RegisterReply)), patience.Token).ConfigureAwait(false);
            await output.FlushAsync(patience.Token).ConfigureAwait(false);
            await EndAsync(input, patience.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or JsonException or ConnectionAbortedException or OperationCanceledException)
        {
            CutOff(error is OperationCanceledException ? $"it took longer than {Patience.TotalSeconds:0} s" : error.Message);
        }
        finally
        {
            _free.Release();
        }
    }

    // Who was answered and goes away in another way, or not at all, is no stranger.
    private static async Task EndAsync(Stream input, CancellationToken cancellationToken)
    {
        try
        {
            await input.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // gone
        }
    }

    // A content that does not fit would be carried on for ever.
    private bool MayAsk(RegisterQuestion question)
    {
        var isFitting = question.Request.Content is not { } content || (content.Stamps.Count == group.Count && content.Table.Cluster == group.ClusterId);
        return question.Mark is null
            ? question.Cluster == group.ClusterId && question.Request.Verb == AcceptorVerb.Tell
            : isFitting && ReplicaGroup.OfMark(question.Cluster, question.Mark) is { } other && other.Name != group.Name && GroupDifference.Find(group, other, "") is null;
    }

    private async Task<bool?> IsForRegisterAsync(ConnectionContext connection)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync(patience.Token).ConfigureAwait(false);
                var isAlike = IsAlike(read.Buffer);
                var isEnough = !isAlike || read.Buffer.Length >= RegisterFrame.Letters.Length || read.IsCompleted;
                connection.Transport.Input.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
                if (isEnough)
                {
                    return isAlike && read.Buffer.Length >= RegisterFrame.Letters.Length;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            return null;
        }
    }

    private static bool IsAlike(ReadOnlySequence<byte> begun)
    {
        Span<byte> letters = stackalloc byte[RegisterFrame.Letters.Length];
        var count = (int)Math.Min(begun.Length, letters.Length);
        begun.Slice(0, count).CopyTo(letters);
        return letters[..count].SequenceEqual(RegisterFrame.Letters[..count]);
    }

    private void CutOff(string reason)
    {
        int count;
        lock (_gate)
        {
            _cutOff++;
            if (_toldAt >= 0 && clock.GetElapsedTime(_toldAt) < TellInterval)
            {
                return;
            }

            (count, _cutOff, _toldAt) = (_cutOff, 0, clock.GetTimestamp());
        }

        LogCutOff(count, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Questions for the membership table that were cut off since this was said last: {Count}; the newest because {Reason}")]
    private partial void LogCutOff(int count, string reason);
}
