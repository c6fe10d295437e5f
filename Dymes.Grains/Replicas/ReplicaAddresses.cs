namespace Dymes.Grains.Replicas;

/// <summary>Where members are now: a silo has another address after each start. Safe for concurrent use.</summary>
internal sealed class ReplicaAddresses : ISiloStatusListener
{
    private readonly ISiloStatusOracle _silos;
    private readonly Func<string, int> _numberOf;
    private readonly SiloAddress?[] _addresses;

    public ReplicaAddresses(ISiloStatusOracle silos, Func<string, int> numberOf, int count)
    {
        _silos = silos;
        _numberOf = numberOf;
        _addresses = new SiloAddress?[count];
        silos.SubscribeToSiloStatusEvents(this);
        foreach (var (silo, status) in silos.GetApproximateSiloStatuses())
        {
            SiloStatusChangeNotification(silo, status);
        }
    }

    /// <summary>The silo of a member; null while it is not there.</summary>
    public SiloAddress? Find(int number) => Volatile.Read(ref _addresses[number]);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (!_silos.TryGetSiloName(updatedSilo, out var name) || _numberOf(name) is not (>= 0 and var number) || number >= _addresses.Length)
        {
            return;
        }

        if (status is SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown)
        {
            Volatile.Write(ref _addresses[number], updatedSilo);
        }
        else if (updatedSilo.Equals(Find(number)))
        {
            Volatile.Write(ref _addresses[number], null);
        }
    }
}
