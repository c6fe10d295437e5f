using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>The model of <see cref="IMessageCursors"/> over any log. Cursors never expire, and are gone with the process.</summary>
public sealed class InMemoryMessageCursors(IMessageLog log) : IMessageCursors
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CursorId, Cursor> _cursors = [];

    /// <inheritdoc/>
    public ValueTask<CursorId> OpenAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.Validate();
        var id = new CursorId(MemoryMarshal.Read<UInt128>(RandomNumberGenerator.GetBytes(16)));
        lock (_gate)
        {
            _cursors.Add(id, new Cursor(query));
        }

        return ValueTask.FromResult(id);
    }

    /// <inheritdoc/>
    public async ValueTask<FramePage?> ReadAsync(CursorId id, int count, CancellationToken cancellationToken = default)
    {
        Cursor? cursor;
        lock (_gate)
        {
            _cursors.TryGetValue(id, out cursor);
        }

        return cursor is null ? null : await cursor.ReadAsync(log, count, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> CloseAsync(CursorId id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_cursors.Remove(id));
        }
    }

    private sealed class Cursor(MessageQuery query)
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private MessageQuery _rest = query;

        public async Task<FramePage> ReadAsync(IMessageLog log, int count, CancellationToken cancellationToken)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                return await ReadInTurnAsync(log, count, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }

        private async Task<FramePage> ReadInTurnAsync(IMessageLog log, int count, CancellationToken cancellationToken)
        {
            var frames = new List<byte[]>();
            var position = _rest.After ?? default;
            if (_rest.Limit is not 0)
            {
                await foreach (var page in log.QueryAsync(_rest with { Limit = Math.Min(count, _rest.Limit ?? count) }, cancellationToken))
                {
                    frames.AddRange(Frames.Of(page));
                    position = page.Position;
                }
            }

            _rest = _rest with { After = position, Limit = _rest.Limit - frames.Count };
            return new FramePage(Frames.Join(frames), frames.Count, position);
        }
    }
}
