using System.Net;
using Dymes.Grains.Replicas;

namespace Dymes.Grains.Tests.Replicas;

public sealed class ReplicaAddressesTests
{
    private readonly KnownSilos _silos = new();

    [Fact]
    public void A_silo_that_is_there_is_found()
    {
        _silos.Put(Life(0, 1), SiloStatus.Active);
        var addresses = Addresses();
        _silos.Put(Life(1, 1), SiloStatus.Joining);

        Assert.Equal(Life(0, 1), addresses.Find(0));
        Assert.Equal(Life(1, 1), addresses.Find(1));
        Assert.Null(addresses.Find(2));
    }

    [Fact]
    public void A_silo_that_is_gone_is_not()
    {
        _silos.Put(Life(0, 1), SiloStatus.Active);
        var addresses = Addresses();

        _silos.Put(Life(0, 1), SiloStatus.Dead);

        Assert.Null(addresses.Find(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_lives_in_the_table_the_newer_one_counts(bool isNewerFirst)
    {
        _silos.Put(Life(0, isNewerFirst ? 2 : 1), SiloStatus.Active);
        _silos.Put(Life(0, isNewerFirst ? 1 : 2), SiloStatus.Active);

        Assert.Equal(Life(0, 2), Addresses().Find(0));
    }

    [Fact]
    public void News_that_comes_late_takes_nothing_back()
    {
        _silos.Put(Life(0, 1), SiloStatus.Active);
        var addresses = Addresses();
        _silos.Put(Life(0, 1), SiloStatus.Dead);
        _silos.Put(Life(0, 2), SiloStatus.Active);

        addresses.SiloStatusChangeNotification(Life(0, 1), SiloStatus.Active);
        addresses.SiloStatusChangeNotification(Life(0, 1), SiloStatus.Dead);

        Assert.Equal(Life(0, 2), addresses.Find(0));
    }

    [Fact]
    public void What_happens_while_it_is_made_is_not_lost()
    {
        _silos.Put(Life(0, 1), SiloStatus.Active);
        _silos.WhenAsked = () =>
        {
            _silos.Put(Life(0, 1), SiloStatus.Dead);
            _silos.Put(Life(0, 2), SiloStatus.Active);
        };

        var addresses = Addresses();

        Assert.True(SpinWait.SpinUntil(() => Life(0, 2).Equals(addresses.Find(0)), TimeSpan.FromSeconds(10)));
    }

    private static SiloAddress Life(int number, int life) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 10_000 + number), life);

    private ReplicaAddresses Addresses() => new(_silos, name => name[0] - 'a', 3);

    /// <summary>What a silo knows of others, as it is told.</summary>
    private sealed class KnownSilos : ISiloStatusOracle
    {
        private readonly Dictionary<SiloAddress, SiloStatus> _statuses = [];
        private readonly List<ISiloStatusListener> _listeners = [];

        /// <summary>What happens, once, just after an answer was made.</summary>
        public Action? WhenAsked { get; set; }

        public SiloStatus CurrentStatus => SiloStatus.Active;

        public string SiloName => "c";

        public SiloAddress SiloAddress => Life(2, 1);

        public void Put(SiloAddress silo, SiloStatus status)
        {
            lock (_statuses)
            {
                _statuses[silo] = status;
            }

            _listeners.ForEach(listener => listener.SiloStatusChangeNotification(silo, status));
        }

        public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false)
        {
            Dictionary<SiloAddress, SiloStatus> answer;
            lock (_statuses)
            {
                answer = new Dictionary<SiloAddress, SiloStatus>(_statuses);
            }

            var happens = WhenAsked;
            WhenAsked = null;
            if (happens is not null)
            {
                Task.Run(happens); // by another thread, as in a silo
            }

            return answer;
        }

        public bool TryGetSiloName(SiloAddress siloAddress, out string siloName)
        {
            siloName = ((char)('a' + siloAddress.Endpoint.Port - 10_000)).ToString();
            return _statuses.ContainsKey(siloAddress);
        }

        public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => _statuses.GetValueOrDefault(siloAddress);

        public SiloAddress[] GetActiveSilos() => [.. _statuses.Where(silo => silo.Value == SiloStatus.Active).Select(silo => silo.Key)];

        public bool IsFunctionalDirectory(SiloAddress siloAddress) => GetApproximateSiloStatus(siloAddress) == SiloStatus.Active;

        public bool IsDeadSilo(SiloAddress silo) => GetApproximateSiloStatus(silo) == SiloStatus.Dead;

        public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer)
        {
            _listeners.Add(observer);
            return true;
        }

        public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => _listeners.Remove(observer);
    }
}
