using System.Diagnostics;
using System.Globalization;
using Dymes.Message.Log;
using Dymes.Replication;
using Dymes.Silo;
using Dymes.Silo.Clustering;
using Dymes.Silo.Settings;
using Dymes.Testing;
using Dymes.Vsr;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Dymes.Hosting.Tests.InProcess;

/// <summary>
/// Three silos in this process, each with a member of a group on a disk of its own, put together as a node puts them; only how silos find and reach each other is the test cluster's.
/// Tests share the silos: each begins with <see cref="WholeAsync"/>.
/// </summary>
public sealed class SiloGroup : IAsyncLifetime
{
    /// <summary>How many silos there are.</summary>
    public const int Count = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dymes-silos-");
    private readonly NodeLog?[] _logs = new NodeLog?[Count];
    private readonly InProcessSiloHandle?[] _silos = new InProcessSiloHandle?[Count];
    private readonly InProcessTestCluster _cluster;

    public SiloGroup()
    {
        var builder = new InProcessTestClusterBuilder(Count);
        builder.ConfigureSilo(Configure);
        _cluster = builder.Build();
    }

    /// <summary>What is between the silos.</summary>
    internal SiloMail Mail { get; } = new(Count);

    /// <summary>A caller outside the silos.</summary>
    public IGrainFactory Client => _cluster.Client;

    /// <summary>The numbers of the silos that run.</summary>
    public IEnumerable<int> Running => Enumerable.Range(0, Count).Where(number => _silos[number] is not null);

    /// <summary>The member that the others follow; -1 while there is none.</summary>
    public int Primary => Running.Where(number => this[number].Report.IsPrimary).OrderByDescending(number => this[number].Report.View.Value).FirstOrDefault(-1);

    /// <summary>A member.</summary>
    public ReplicatedLog this[int number] => _logs[number]?.Replica ?? throw new InvalidOperationException($"Silo {number} is down.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _cluster.DeployAsync();
        foreach (var silo in _cluster.Silos)
        {
            _silos[NumberOf(silo.Name)] = silo;
        }
    }

    /// <summary>Mends everything, starts what is down, and waits until all members are equally far.</summary>
    public async Task WholeAsync()
    {
        Mail.Heal();
        foreach (var number in Enumerable.Range(0, Count).Except(Running).ToArray())
        {
            await StartAsync(number);
        }

        await UntilAsync(
            () => Primary >= 0 && Running.All(number => this[number].Report.Status == ReplicaStatus.Normal && this[number].Committed == this[Primary].Committed),
            "all members are whole and equally far");
    }

    /// <summary>Starts a silo that is down.</summary>
    public async Task StartAsync(int number) => _silos[number] = await _cluster.StartSiloAsync(number, _cluster.Options);

    /// <summary>Asks a silo to stop, as a service manager does.</summary>
    public async Task StopAsync(int number)
    {
        await _cluster.StopSiloAsync(_silos[number]!);
        await EndAsync(number);
    }

    /// <summary>Takes a silo away without a word: from one moment on nothing of it reaches another.</summary>
    public async Task KillAsync(int number)
    {
        Mail.Isolate(number);
        await _cluster.KillSiloAsync(_silos[number]!);
        await EndAsync(number);
        Mail.Isolate(number, isCut: false);
    }

    /// <summary>Removes the data of a silo that is down.</summary>
    public void Wipe(int number) => Directory.Delete(PathOf(number), recursive: true);

    /// <summary>What a silo tells of the cluster.</summary>
    public ValueTask<ClusterReport> AskAsync(int number) => _silos[number]!.ServiceProvider.GetRequiredService<IClusterStatus>().GetClusterAsync();

    /// <summary>The frames that each member has, when all are whole.</summary>
    public async Task<List<byte[]>[]> LogsAsync()
    {
        await WholeAsync();
        return await Task.WhenAll(Running.Select(number => this[number].ReadAllAsync()));
    }

    /// <summary>Waits until something is so.</summary>
    public Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => ValueTask.FromResult(condition()), what);

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<ValueTask<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Patience, $"Not within {Patience}: {what}.\n" + string.Join('\n', Running.Select(number => $"{number}: {this[number].Report}, {this[number].Committed}")));
            await timer.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Mail.Heal();
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        foreach (var log in _logs)
        {
            await (log?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _folder.Delete(recursive: true);
    }

    private void Configure(InProcessTestSiloSpecificOptions options, ISiloBuilder silo)
    {
        var number = NumberOf(options.SiloName);
        var settings = SettingsOf(number);
        var seat = NodeSeat.Of(settings.Cluster);
        NodeIdentity.Claim(settings.Store.DataPath, seat.Group, MessageStore.Files.OsFileSystem.Instance);
        var log = _logs[number] = NodeLog.Open(settings, seat, NullLoggerFactory.Instance);
        NodeSilo.Host(silo, settings, seat, log);
        silo.Services.PostConfigure<SiloOptions>(node => node.SiloName = seat.Group.Mark);

        // A silo that others take for dead ends its process, and this one is everybody's: the tests' faults last seconds.
        silo.Services.PostConfigure<ClusterMembershipOptions>(membership => membership.NumMissedProbesLimit = 60);
        Mail.Join(silo, number, options.SiloPort);
    }

    private SiloSettings SettingsOf(int number)
    {
        var settings = new SiloSettings();
        settings.Store.DataPath = PathOf(number);
        settings.Store.ReserveBytes = 0;
        settings.Store.SegmentBytesMax = 1 << 20;
        settings.Cluster.Membership = Membership.MembershipKind.File;
        settings.Cluster.Name = NameOf(number);
        settings.Cluster.Replicas = [.. Enumerable.Range(0, Count).Select(each => string.Create(CultureInfo.InvariantCulture, $"{NameOf(each)}=127.0.0.1:{1000 + each}/{2000 + each}"))];
        return settings;
    }

    private async Task EndAsync(int number)
    {
        _silos[number] = null;
        await _logs[number]!.DisposeAsync();
        _logs[number] = null;
    }

    private string PathOf(int number) => Path.Combine(_folder.FullName, NameOf(number));

    private static string NameOf(int number) => ((char)('a' + number)).ToString();

    // The test cluster's names end with a number.
    private static int NumberOf(string siloName) => int.Parse(siloName.AsSpan(siloName.LastIndexOf('_') + 1), CultureInfo.InvariantCulture);
}
