using Dymes.Common;
using Dymes.Membership.Quorum.Register;
using Dymes.Programs.Replicas;
using Microsoft.Extensions.Logging;

namespace Dymes.Membership.Quorum;

/// <summary>This silo among those that keep the membership table together: its memory, its way to the others', and theirs to it.</summary>
internal sealed partial class QuorumMember : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan LookIntervalMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LookIntervalMax = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(30);

    // Whoever is restarted with another list together with this silo ends by itself.
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(5);

    private readonly RegisterFile _file;
    private readonly IAcceptorPath[] _acceptors;
    private readonly Admission _admission;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <param name="replicas">All replicas.</param>
    /// <param name="group">This silo, in its group.</param>
    /// <param name="dataPath">The directory of its memory.</param>
    /// <param name="clock">Measures patience.</param>
    /// <param name="random">Draws how long to keep out of another proposer's way.</param>
    /// <param name="logging">Hears whom the silo waits for.</param>
    public QuorumMember(ReplicaList replicas, ReplicaGroup group, string dataPath, TimeProvider clock, Random random, ILoggerFactory logging)
    {
        _clock = clock;
        _logger = logging.CreateLogger<QuorumMember>();
        Directory.CreateDirectory(dataPath);
        _file = new RegisterFile(Path.Combine(dataPath, RegisterFile.FileName), group, _logger);
        var acceptor = new Acceptor(_file.Kept, _file.Keep);
        _acceptors =
        [
            .. replicas.Seats.Select((seat, number) => number == group.Number
                ? (IAcceptorPath)new LocalAcceptor(group.Name, acceptor)
                : new RemoteAcceptor(seat, group.ClusterId, group, clock)),
        ];
        _admission = new Admission(group.Number, acceptor, _acceptors);
        Register = new QuorumRegister(group.Number, _acceptors, RegisterContent.Empty(group.ClusterId, group.Count), clock, random);
        Port = new RegisterPort(acceptor, group, clock, logging.CreateLogger<RegisterPort>());
    }

    /// <summary>The table that the group keeps.</summary>
    public QuorumRegister Register { get; }

    /// <summary>Where others ask this silo.</summary>
    public RegisterPort Port { get; }

    /// <summary>Joins when the silo's port listens, before anybody reads the table.</summary>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(QuorumMember), ServiceLifecycleStage.RuntimeServices, JoinAsync);

    /// <summary>Waits until a majority keeps the table, this silo among them.</summary>
    /// <exception cref="DymesException">Others take the group for another one.</exception>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        var start = _clock.GetTimestamp();
        var (tellAfter, lookInterval) = (TellAfter, LookIntervalMin);
        while (!await _admission.TryAsync(_clock.GetElapsedTime(start)).WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            var waited = _clock.GetElapsedTime(start);
            if (waited > RefusalPatience && _acceptors.OfType<RemoteAcceptor>().Select(acceptor => acceptor.Refusal).FirstOrDefault(refusal => refusal is not null) is { } refusal)
            {
                throw refusal;
            }

            if (waited > tellAfter)
            {
                LogWaiting(_acceptors.Length, string.Join("; ", _acceptors.Select(acceptor => acceptor.Trouble).Where(trouble => trouble is not null)));
                tellAfter = waited + TellInterval;
            }

            await Task.Delay(lookInterval, _clock, cancellationToken).ConfigureAwait(false);
            lookInterval = lookInterval * 2 < LookIntervalMax ? lookInterval * 2 : LookIntervalMax;
        }
    }

    public void Dispose() => _file.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for a majority of the {Count} replicas, which keep the membership table together: {Troubles}")]
    private partial void LogWaiting(int count, string troubles);
}
