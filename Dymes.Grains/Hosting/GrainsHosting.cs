using Dymes.Engine;
using Dymes.Grains.Abstractions;
using Dymes.Grains.Cursors;
using Dymes.Grains.Index;
using Dymes.Message.Log;
using Dymes.MessageStore.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;

namespace Dymes.Grains.Hosting;

/// <summary>Puts the grains of Dymes into a silo.</summary>
public static class GrainsHosting
{
    /// <summary>Adds a dataset's grains over its log. The caller owns log and index, and ends them after the silo.</summary>
    public static ISiloBuilder AddDymes(this ISiloBuilder silo, HostedDataset dataset, CursorOptions cursors, IFileSystem files)
    {
        silo.Services.AddSingleton(dataset);
        silo.Services.AddSingleton<DatasetRegistry>();
        silo.Services.AddSingleton<LogPatience>();
        silo.Services.AddSingleton(cursors);
        silo.Services.AddSingleton(files);
        silo.Services.AddSingleton<CursorFormat>();
        silo.Services.AddSingleton<CursorStore>();
        silo.Services.AddHostedService<CursorSweeper>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.AddIncomingGrainCallFilter<ErrorCallFilter>();
        silo.Configure<SiloMessagingOptions>(options => options.MaxMessageBodySize = GrainLimits.MessageBodyBytesMax);
        silo.Configure<GrainCollectionOptions>(options => options.CollectionQuantum = TimeSpan.FromSeconds(30));
        return silo;
    }

    /// <summary>Adds a dataset's grains over a log that is its own index, as the engine is.</summary>
    public static ISiloBuilder AddDymes<TLog>(this ISiloBuilder silo, string dataset, TLog log, CursorOptions cursors, IFileSystem files)
        where TLog : IMessageLog, ILogIndex => silo.AddDymes(new HostedDataset(dataset, log, log), cursors, files);
}
