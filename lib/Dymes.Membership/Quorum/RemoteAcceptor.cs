using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Dymes.Common;
using Dymes.Membership.Joining;
using Dymes.Programs.Replicas;

namespace Dymes.Membership.Quorum;

/// <summary>
/// The way to another silo's acceptor: at its port for silos, a connection for each question. Questions are few, and so nothing is left over of one that was lost: no connection to mend, no answer that
/// belongs to another question. Safe for concurrent use.
/// </summary>
/// <param name="seat">The silo.</param>
/// <param name="cluster">The cluster's id.</param>
/// <param name="self">Who asks; null: a gateway.</param>
/// <param name="clock">Measures patience.</param>
internal sealed class RemoteAcceptor(ReplicaSeat seat, string cluster, ReplicaGroup? self, TimeProvider clock) : IAcceptorPath
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string _place = string.Create(CultureInfo.InvariantCulture, $"{seat.Host}:{seat.SiloPort}");

    /// <inheritdoc/>
    public string? Trouble { get; private set; } = $"{seat.Name} has not been asked";

    /// <summary>Why this silo must not join with that one; null where nothing speaks against it.</summary>
    public DymesException? Refusal { get; private set; }

    /// <inheritdoc/>
    public async Task<AcceptorAnswer?> AskAsync(AcceptorRequest request)
    {
        try
        {
            var reply = await ExchangeAsync(new RegisterQuestion(cluster, self?.Mark, request)).ConfigureAwait(false);
            Refusal = Refuse(reply);
            Trouble = Refusal is not null ? $"{seat.Name} at {_place}: {Refusal.Message}"
                : reply.Answer is null ? $"{seat.Name} at {_place} refused to answer"
                : reply.Answer.State is null ? $"{seat.Name} at {_place} has no memory of it yet"
                : null;
            return Refusal is null ? reply.Answer : null;
        }
        catch (Exception error) when (error is SocketException or IOException or InvalidDataException or JsonException or OperationCanceledException)
        {
            Refusal = null;
            Trouble = $"{seat.Name} at {_place}: {(error is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : error.Message)}";
            return null;
        }
    }

    private async Task<RegisterReply> ExchangeAsync(RegisterQuestion question)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(seat.Host, seat.SiloPort, patience.Token).ConfigureAwait(false);
        await using var connection = new NetworkStream(socket);
        await connection.WriteAsync(RegisterFrame.Of(JsonSerializer.SerializeToUtf8Bytes(question, RegisterJson.Default.RegisterQuestion)), patience.Token).ConfigureAwait(false);
        var reply = await RegisterFrame.ReadAsync(connection, patience.Token).ConfigureAwait(false);
        return JsonSerializer.Deserialize(reply, RegisterJson.Default.RegisterReply) ?? throw new InvalidDataException("the reply is empty");
    }

    private DymesException? Refuse(RegisterReply reply)
    {
        if (ReplicaGroup.OfMark(reply.Cluster, reply.Mark) is not { } other)
        {
            return GroupDifference.Invalid("cluster.replicas", $"At {_place} is a silo '{reply.Mark}', which is no replica of Dymes. Mend cluster.replicas.");
        }

        var difference = self is null
            ? (other.ClusterId == cluster ? null : GroupDifference.Invalid("cluster.id", $"The silo at {_place} is of cluster '{other.ClusterId}'; this gateway of cluster '{cluster}'. Mend cluster.id or cluster.replicas."))
            : GroupDifference.Find(self, other, _place);
        return difference ?? (other.Name == seat.Name ? null : GroupDifference.Invalid(
            "cluster.replicas", $"At {_place}, the place of '{seat.Name}', is the silo '{other.Name}'. Mend cluster.replicas, or the host or ports of one of the two."));
    }
}
