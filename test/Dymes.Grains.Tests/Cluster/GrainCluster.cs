using System.Globalization;
using Dymes.Grains.Abstractions.Log;
using Dymes.Grains.Cursors;
using Dymes.Grains.Hosting;
using Dymes.Grains.Tests.Cluster;
using Dymes.MessageStore.Files;
using Dymes.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

[assembly: AssemblyFixture(typeof(GrainCluster))]

namespace Dymes.Grains.Tests.Cluster;

/// <summary>
/// Two silos and a client in this process. A test has a dataset of its own, so that all tests share the silos; both silos hold every dataset, as replicas will.
/// </summary>
public sealed class GrainCluster : IAsyncLifetime
{
    private static int DatasetNumber;

    private readonly DirectoryInfo _directory;
    private readonly bool _ownsDirectory;
    private readonly InProcessTestCluster _cluster;
    private readonly List<DatasetRegistry> _registries = [];

    /// <summary>Silos with a data directory of their own.</summary>
    public GrainCluster()
        : this(Directory.CreateTempSubdirectory("dymes-grains-"), silos: 2, isGroup: false)
    {
        _ownsDirectory = true;
    }

    /// <summary>Silos on a directory that outlives them.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="silos">How many.</param>
    /// <param name="isGroup">Whether each silo has a disk of its own in it, and they keep cursors together.</param>
    /// <param name="datasets">What each of them holds.</param>
    internal GrainCluster(DirectoryInfo directory, short silos, bool isGroup, params HostedDataset[] datasets)
    {
        _directory = directory;
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.AddDymes(isGroup ? CursorsOf(options.SiloName, silos) : Cursors, OsFileSystem.Instance, datasets);
        });
        _cluster = builder.Build();
    }

    /// <summary>The silos' time of day.</summary>
    public SteppingClock Clock { get; } = new();

    /// <summary>The cluster itself.</summary>
    public InProcessTestCluster Silos => _cluster;

    /// <summary>A caller outside the silos.</summary>
    public IGrainFactory Client => _cluster.Client;

    /// <summary>How cursors are kept.</summary>
    public CursorOptions Cursors => new() { DataPath = _directory.FullName, IdleTime = TimeSpan.FromHours(1), OpenMax = 100 };

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _cluster.DeployAsync();
        _registries.AddRange(_cluster.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<DatasetRegistry>()));
    }

    /// <summary>A name that no other test's dataset has.</summary>
    public static string NewDataset() => "t" + Interlocked.Increment(ref DatasetNumber).ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a dataset to all silos, and returns its log as the client sees it.</summary>
    public GrainMessageLog Add(HostedDataset dataset)
    {
        _registries.ForEach(registry => registry.Add(dataset));
        return new GrainMessageLog(Client, dataset.Name);
    }

    /// <summary>Adds a dataset of which each silo has a copy of its own, and returns its log as a caller in each silo sees it.</summary>
    public GrainMessageLog[] Add(params HostedDataset[] copies)
    {
        for (var silo = 0; silo < copies.Length; silo++)
        {
            _registries[silo].Add(copies[silo]);
        }

        return [.. _cluster.Silos.Select(silo => new GrainMessageLog(silo.ServiceProvider.GetRequiredService<IGrainFactory>(), copies[0].Name))];
    }

    private CursorOptions CursorsOf(string silo, int silos) => Cursors with
    {
        DataPath = Path.Combine(_directory.FullName, silo),
        Keepers = silos,
        KeeperOf = static name => int.Parse(name.AsSpan(name.IndexOf('_') + 1), CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        if (_ownsDirectory)
        {
            _directory.Delete(recursive: true);
        }
    }
}
