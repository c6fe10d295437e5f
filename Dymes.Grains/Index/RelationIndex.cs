using Dymes.Common;
using Dymes.Engine;

namespace Dymes.Grains.Index;

/// <summary>
/// The positions of a message's relations as of some end of the log. They are found anew when a later end is asked for: a message may tie two trees together, so
/// following message by message would need all of both. Owned by one grain's turns; searching runs on the thread pool, one search at a time.
/// </summary>
internal sealed class RelationIndex(ILogIndex index, Func<ValueTask<IReadOnlyList<Lsn>>> search)
{
    private IReadOnlyList<Lsn> _positions = [];
    private Lsn _asOf;
    private Task? _searching;

    /// <summary>The positions, as of <paramref name="end"/> or later.</summary>
    public async Task<IReadOnlyList<Lsn>> AsOfAsync(Lsn end)
    {
        while (_asOf < end)
        {
            if (_searching is null or { IsCompleted: true })
            {
                _searching = SearchAsync();
            }

            await _searching;
        }

        return _positions;
    }

    private async Task SearchAsync()
    {
        var asOf = index.Committed;
        _positions = await Task.Run(() => search().AsTask());
        _asOf = asOf;
    }
}
