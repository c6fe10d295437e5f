namespace Dymes.Grains.Replicas;

/// <summary>Where members are now: a silo has another address after each start. Safe for concurrent use.</summary>
internal sealed class ReplicaAddresses : ISiloStatusListener
{
    private readonly Lock _gate = new();
    private readonly ISiloStatusOracle _silos;
    private readonly Func<string, int> _numberOf;
    private readonly SiloAddress?[] _addresses;

    public ReplicaAddresses(ISiloStatusOracle silos, Func<string, int> numberOf, int count)
    {
        _silos = silos;
        _numberOf = numberOf;
        _addresses = new SiloAddress?[count];
        silos.SubscribeToSiloStatusEvents(this);
        Look();
    }

    /// <summary>The silo of a member; null while it is not there.</summary>
    public SiloAddress? Find(int number) => Volatile.Read(ref _addresses[number]);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status) => Look();

    // News may come late, twice and beside each other, and a silo that was killed is in the table beside its next life: what counts is all that is known now, and of lives the newest.
    private void Look()
    {
        lock (_gate)
        {
            var newest = new SiloAddress?[_addresses.Length];
            foreach (var (silo, status) in _silos.GetApproximateSiloStatuses())
            {
                if (NumberOf(silo, status) is { } number && (newest[number] is not { } other || other.Generation < silo.Generation))
                {
                    newest[number] = silo;
                }
            }

            for (var number = 0; number < newest.Length; number++)
            {
                Volatile.Write(ref _addresses[number], newest[number]);
            }
        }
    }

    private int? NumberOf(SiloAddress silo, SiloStatus status) =>
        status is SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown && _silos.TryGetSiloName(silo, out var name)
        && _numberOf(name) is >= 0 and var number && number < _addresses.Length
            ? number
            : null;
}
