using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Dymes.Client.Calls;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Client.Appending;

/// <summary>
/// An append as it goes over the wire: conditions as pairs of 64-bit numbers, then the frames, with ids of the client's making where they are needed to send it again.
/// </summary>
internal sealed class PreparedAppend : INodeCall<AppendResult>, IDisposable
{
    private const int ConditionBytes = 16;
    private const string PlainPath = "api/v1/messages:batch";

    // Almost all appends go to the same place, so it is put together once for each node.
    private static readonly ConditionalWeakTable<Uri, Uri> PlainPlaces = [];

    private readonly AppendRequest _request;
    private readonly string _path;
    private readonly bool[]? _madeIds;
    private readonly byte[]? _rented;
    private readonly ReadOnlyMemory<byte> _body;
    private bool _isAnswered;

    private PreparedAppend(AppendRequest request, bool isRepeatable, byte[]? rented, ReadOnlyMemory<byte> body, bool[]? madeIds)
    {
        _request = request;
        _rented = rented;
        _body = body;
        _madeIds = madeIds;
        IsRepeatable = isRepeatable;
        _path = PathOf(request);
    }

    /// <summary>Whether running it twice appends nothing twice.</summary>
    public bool IsRepeatable { get; }

    /// <inheritdoc/>
    public bool IsRead => false;

    /// <summary>Prepares a request; <paramref name="ids"/> makes the missing ids, or is null where they are left to the log.</summary>
    public static PreparedAppend Of(AppendRequest request, IdMaker? ids)
    {
        var missing = CountWithoutId(request);
        var makesIds = ids is not null && missing > 0 && request.IdempotencyKey is null;
        var isRepeatable = makesIds || missing == 0 || request.IdempotencyKey is not null;
        if (!makesIds && request.Conditions.Count == 0)
        {
            return new PreparedAppend(request, isRepeatable, null, request.Frames, null);
        }

        var conditionsEnd = request.Conditions.Count * ConditionBytes;
        var length = conditionsEnd + request.Frames.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        WriteConditions(rented, request.Conditions);
        request.Frames.Span.CopyTo(rented.AsSpan(conditionsEnd));
        var made = makesIds ? MakeIds(rented.AsSpan(conditionsEnd, request.Frames.Length), request.Count, ids!) : null;
        return new PreparedAppend(request, isRepeatable, rented, rented.AsMemory(0, length), made);
    }

    public HttpRequestMessage CreateRequest(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, PlaceAt(address)) { Content = new ReadOnlyMemoryContent(_body) };
        request.Content.Headers.ContentType = MediaTypes.Frames;
        request.Headers.Accept.Add(MediaTypes.AcceptLines);
        return request;
    }

    public async ValueTask<AppendResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var receipts = await ReceiptLines.ReadAsync(body, _request.Count, cancellationToken).ConfigureAwait(false);
        _isAnswered = true;
        if (_madeIds is not null)
        {
            HideMadeIds(receipts, _madeIds);
        }

        return new AppendResult(receipts);
    }

    /// <summary>Gives the memory back, unless a connection that broke may still be reading from it.</summary>
    public void Dispose()
    {
        if (_rented is not null && _isAnswered)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static int CountWithoutId(AppendRequest request)
    {
        var frames = 0;
        var missing = 0;
        foreach (var frame in new FrameEnumerator(request.Frames.Span))
        {
            frames++;
            missing += frame.Id.IsNone ? 1 : 0;
        }

        return frames == request.Count
            ? missing
            : throw new DymesException(ErrorCode.InvalidArgument, $"The request says {request.Count} messages and holds {frames}.");
    }

    private static void WriteConditions(Span<byte> bytes, IReadOnlyList<VersionCondition> conditions)
    {
        foreach (var condition in conditions)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)condition.MessageIndex);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], condition.ExpectedVersion);
            bytes = bytes[ConditionBytes..];
        }
    }

    private static bool[] MakeIds(Span<byte> frames, int count, IdMaker ids)
    {
        var made = new bool[count];
        for (var i = 0; i < count; i++)
        {
            var size = MessageFrame.PeekSize(frames);
            if (new FrameEnumerator(frames[..size]) is var frame && frame.MoveNext() && frame.Current.Id.IsNone)
            {
                FrameStamp.Stamp(frames[..size], Lsn.First, ids.Next());
                made[i] = true;
            }

            frames = frames[size..];
        }

        return made;
    }

    // A message whose id was made here can only be in the log because an earlier attempt put it there: to the caller it was appended. One that was refused never had an id.
    private static void HideMadeIds(AppendReceipt[] receipts, bool[] madeIds)
    {
        for (var i = 0; i < receipts.Length; i++)
        {
            if (madeIds[i])
            {
                receipts[i] = receipts[i].IsStored
                    ? receipts[i] with { Outcome = AppendOutcome.Appended }
                    : receipts[i] with { Id = MessageId.None };
            }
        }
    }

    private Uri PlaceAt(Uri address) =>
        ReferenceEquals(_path, PlainPath) ? PlainPlaces.GetValue(address, static address => new Uri(address, PlainPath)) : new Uri(address, _path);

    private static string PathOf(AppendRequest request)
    {
        if (request is { IsAtomic: false, AllowsMissingParents: false, Conditions.Count: 0, IdempotencyKey: null })
        {
            return PlainPath;
        }

        var parameters = new List<string>();
        if (request.IsAtomic)
        {
            parameters.Add("atomic=true");
        }

        if (request.AllowsMissingParents)
        {
            parameters.Add("allow_missing_parents=true");
        }

        if (request.Conditions.Count > 0)
        {
            parameters.Add($"conditions={request.Conditions.Count}");
        }

        if (request.IdempotencyKey is { } key)
        {
            parameters.Add($"idempotency_key={Uri.EscapeDataString(key)}");
        }

        return $"{PlainPath}?{string.Join('&', parameters)}";
    }
}
