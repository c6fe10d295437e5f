using Dymes.Common;
using Dymes.Grains.Replicas;
using Dymes.Message.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Services;

namespace Dymes.Grains.Cursors;

/// <summary>
/// Where cursors are kept: at all silos of the group, of which a majority must have a place on disk before it counts, and must be asked before one is believed. Two majorities share a silo, so what counts is found whichever
/// silos are lost. A silo that was away has an older place, or none: the newest counts. Safe for concurrent use.
/// </summary>
internal sealed class CursorKeepers
{
    private readonly CursorStore _store;
    private readonly int _count;
    private readonly int _self;
    private readonly ReplicaAddresses? _addresses;
    private readonly ServiceClient? _others;

    public CursorKeepers(CursorStore store, CursorOptions options, IServiceProvider silo)
    {
        (_store, _count) = (store, options.Keepers);
        if (_count > 1)
        {
            _self = options.KeeperOf(silo.GetRequiredService<ILocalSiloDetails>().Name);
            _addresses = new ReplicaAddresses(silo.GetRequiredService<ISiloStatusOracle>(), options.KeeperOf, _count);
            _others = new ServiceClient(silo);
        }
    }

    /// <summary>What counts of a cursor; null where no silo that can be asked keeps anything.</summary>
    /// <exception cref="DymesException">Less than a majority can be asked.</exception>
    public async Task<CursorPlace?> FindAsync(string dataset, CursorId id)
    {
        var places = await AskAsync(
            number => number == _self ? Task.Run(() => _store.Find(dataset, id)) : Service(number).FindAsync(dataset, id.Value),
            isEnough: static places => places.Exists(place => place is not null)).ConfigureAwait(false);
        return Newest(places);
    }

    /// <summary>Keeps a place, and returns what counts: another one where that is newer.</summary>
    /// <exception cref="DymesException">No majority keeps it, though some may; or too many cursors are open.</exception>
    public async Task<CursorPlace> KeepAsync(string dataset, CursorId id, CursorPlace place)
    {
        var places = await AskAsync(
            async number => number == _self ? await Task.Run(() => _store.Keep(dataset, id, place)).ConfigureAwait(false) : await Service(number).KeepAsync(dataset, id.Value, place).ConfigureAwait(false),
            isEnough: static _ => true).ConfigureAwait(false);
        return Newest(places)!;
    }

    /// <summary>Closes a cursor. That it was is remembered for as long as a silo that was away could bring its place back; a node that is alone need not.</summary>
    public Task CloseAsync(string dataset, CursorId id, CursorPlace closed) =>
        _count == 1 ? Task.Run(() => _store.Forget(dataset, id)) : KeepAsync(dataset, id, closed);

    // Asks all at once, and waits for a majority, and for more where that is not enough.
    private async Task<List<CursorPlace?>> AskAsync(Func<int, Task<CursorPlace?>> ask, Func<List<CursorPlace?>, bool> isEnough)
    {
        var majority = (_count / 2) + 1;
        var places = new List<CursorPlace?>(_count);
        var refusals = new List<Exception>();
        await foreach (var asked in Task.WhenEach(Enumerable.Range(0, _count).Select(number => AnswerAsync(number, ask))).ConfigureAwait(false))
        {
            var (place, refusal) = await asked.ConfigureAwait(false);
            if (refusal is null)
            {
                places.Add(place);
            }
            else
            {
                refusals.Add(refusal);
            }

            if (places.Count >= majority && isEnough(places))
            {
                break;
            }
        }

        return places.Count >= majority ? places
            : throw refusals.OfType<DymesException>().FirstOrDefault(refusal => refusal.Code == ErrorCode.Overloaded)
                ?? new DymesException(ErrorCode.NotReady, $"{places.Count} of the {_count} silos that keep cursors answer, and it takes {majority}. Ask again in a while, or read without a cursor.", refusals[0]);
    }

    private static async Task<(CursorPlace? Place, Exception? Refusal)> AnswerAsync(int number, Func<int, Task<CursorPlace?>> ask)
    {
        try
        {
            return (await ask(number).ConfigureAwait(false), null);
        }
        catch (Exception refusal)
        {
            return (null, refusal); // what counts is how many do answer
        }
    }

    private static CursorPlace? Newest(List<CursorPlace?> places)
    {
        CursorPlace? newest = null;
        foreach (var place in places)
        {
            newest = place?.Supersedes(newest) == true ? place : newest;
        }

        return newest;
    }

    private ICursorService Service(int number) => _others!.At(
        _addresses!.Find(number) ?? throw new DymesException(ErrorCode.NotReady, $"The silo of replica {number}, which keeps cursors, is not there. Ask again in a while."));

    private sealed class ServiceClient(IServiceProvider silo) : GrainServiceClient<ICursorService>(silo)
    {
        public ICursorService At(SiloAddress silo) => GetGrainService(silo);
    }
}
