using Dymes.Grains.Abstractions;
using Dymes.Grains.Cursors;
using Dymes.Grains.Index;
using Dymes.Grains.Replicas;
using Dymes.MessageStore.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Dymes.Grains.Hosting;

/// <summary>Puts the grains of Dymes into a silo.</summary>
public static class GrainsHosting
{
    /// <summary>Adds the grains of these datasets. The caller owns their logs and indexes, and ends them after the silo.</summary>
    public static ISiloBuilder AddDymes(this ISiloBuilder silo, CursorOptions cursors, IFileSystem files, params IEnumerable<HostedDataset> datasets)
    {
        foreach (var dataset in datasets)
        {
            silo.Services.AddSingleton(dataset);
        }

        silo.Services.AddSingleton<DatasetRegistry>();
        silo.Services.AddSingleton<ReplicaRegistry>();
        silo.AddGrainService<ReplicaService>();
        silo.Services.AddSingleton<LogPatience>();
        silo.Services.AddSingleton(cursors);
        silo.Services.AddSingleton(files);
        silo.Services.AddSingleton<CursorFormat>();
        silo.Services.AddSingleton<CursorStore>();
        silo.Services.AddSingleton<CursorKeepers>();
        silo.AddGrainService<CursorService>();
        silo.Services.AddHostedService<CursorSweeper>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.AddIncomingGrainCallFilter<ErrorCallFilter>();
        silo.Configure<SiloMessagingOptions>(options => options.MaxMessageBodySize = GrainLimits.MessageBodyBytesMax);
        silo.Configure<GrainCollectionOptions>(options => options.CollectionQuantum = TimeSpan.FromSeconds(30));
        return silo;
    }
}
