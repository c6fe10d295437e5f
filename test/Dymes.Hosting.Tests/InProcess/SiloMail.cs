using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Dymes.Hosting.Tests.InProcess;

/// <summary>What is between silos of one process: connections that can be cut, and packets that are lost or late. Safe for concurrent use.</summary>
internal sealed class SiloMail(int count)
{
    private static readonly string[] Deliveries = ["DeliverAsync", "PostAsync"]; // of dymes.replica: a packet from one member to another
    private static readonly TimeSpan LatenessMax = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly bool[,] _cuts = new bool[count, count];
    private readonly Dictionary<int, int> _numbersByPort = [];
    private readonly List<Way> _ways = [];
    private int _sent;

    /// <summary>One packet in so many is lost; 0: none.</summary>
    public int LosesOneIn { get; set; }

    /// <summary>One packet in so many comes up to 200 ms late; 0: none.</summary>
    public int DelaysOneIn { get; set; }

    /// <summary>How many packets were lost.</summary>
    public int Lost { get; private set; }

    /// <summary>How many packets were late.</summary>
    public int Delayed { get; private set; }

    /// <summary>Puts this between a silo and the others.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="number">Its member's number.</param>
    /// <param name="port">Where others reach it.</param>
    public void Join(ISiloBuilder silo, int number, int port)
    {
        lock (_lock)
        {
            _numbersByPort[port] = number;
        }

        silo.Configure<SiloConnectionOptions>(options => options.ConfigureSiloOutboundConnection(connection => connection.Use(next => context => CarryAsync(number, context, next))));
        silo.AddOutgoingGrainCallFilter(SendAsync);
    }

    /// <summary>Cuts a silo off from all others, or mends that.</summary>
    public void Isolate(int number, bool isCut = true)
    {
        lock (_lock)
        {
            for (var other = 0; other < count; other++)
            {
                _cuts[number, other] = _cuts[other, number] = isCut && other != number;
            }

            foreach (var way in _ways.Where(way => _cuts[way.From, way.To]).ToList())
            {
                way.Connection.Abort(); // which may end it at once
            }
        }
    }

    /// <summary>From now on everything arrives, and at once.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            Array.Clear(_cuts);
        }

        (LosesOneIn, DelaysOneIn) = (0, 0);
    }

    private async Task CarryAsync(int from, ConnectionContext connection, ConnectionDelegate next)
    {
        Way way;
        lock (_lock)
        {
            way = new Way(from, _numbersByPort[((IPEndPoint)connection.RemoteEndPoint!).Port], connection);
            if (_cuts[way.From, way.To])
            {
                connection.Abort();
                return;
            }

            _ways.Add(way);
        }

        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock)
            {
                _ways.Remove(way);
            }
        }
    }

    private async Task SendAsync(IOutgoingGrainCallContext call)
    {
        if (Deliveries.Contains(call.MethodName))
        {
            var number = Interlocked.Increment(ref _sent);
            if (LosesOneIn > 0 && number % LosesOneIn == 0)
            {
                Lost++;
                throw new TimeoutException("This packet is lost.");
            }

            if (DelaysOneIn > 0 && number % DelaysOneIn == 0)
            {
                Delayed++;
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1 + (number * 37 % LatenessMax.TotalMilliseconds)));
                await timer.WaitForNextTickAsync();
            }
        }

        await call.Invoke();
    }

    private sealed record Way(int From, int To, ConnectionContext Connection);
}
