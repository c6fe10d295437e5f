using System.Diagnostics.Metrics;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.MessageStore.Files;
using Microsoft.Extensions.Logging;

namespace Dymes.Grains.Cursors;

/// <summary>
/// The cursors' files: one each, written under a temporary name, flushed and renamed, so that a crash leaves the old place or the new one. Safe for concurrent use
/// on different cursors; the calls wait for the disk, so they are made on the thread pool.
/// </summary>
internal sealed partial class CursorStore
{
    private const string Suffix = ".cursor";
    private const string TemporarySuffix = ".new";

    private readonly IFileSystem _files;
    private readonly CursorOptions _options;
    private readonly CursorFormat _format;
    private readonly ILogger _logger;
    private int _openCount;

    public CursorStore(IFileSystem files, CursorOptions options, CursorFormat format, IMeterFactory meters, ILogger<CursorStore> logger)
    {
        (_files, _options, _format, _logger) = (files, options, format, logger);
        meters.Create("Dymes.Grains").CreateObservableUpDownCounter(
            "dymes_cursors_open", () => Volatile.Read(ref _openCount), unit: null, "Cursors that this node keeps on disk.");
    }

    /// <summary>How long a cursor may stay unread.</summary>
    public TimeSpan IdleTime => _options.IdleTime;

    /// <summary>Keeps a new cursor.</summary>
    /// <exception cref="DymesException">Too many are open.</exception>
    public void Add(string dataset, CursorId id, CursorPlace place)
    {
        if (Interlocked.Increment(ref _openCount) > _options.OpenMax)
        {
            Interlocked.Decrement(ref _openCount);
            throw new DymesException(
                ErrorCode.Overloaded, $"{_options.OpenMax} cursors are open, the most that cursors.openMax allows. Close some, or read without a cursor.");
        }

        try
        {
            Save(dataset, id, place);
        }
        catch
        {
            Interlocked.Decrement(ref _openCount);
            throw;
        }
    }

    /// <summary>Replaces what is kept of a cursor.</summary>
    public void Save(string dataset, CursorId id, CursorPlace place)
    {
        var directory = DirectoryOf(dataset);
        var path = PathOf(dataset, id);
        _files.CreateDirectory(directory);
        using (var file = _files.Open(path + TemporarySuffix, DataFileMode.Create))
        {
            file.Write(_format.Write(place), 0);
            file.Flush();
        }

        _files.Rename(path + TemporarySuffix, path);
        _files.FlushDirectory(directory);
    }

    /// <summary>What is kept of a cursor; null where there is none.</summary>
    public CursorPlace? Find(string dataset, CursorId id) => ReadPlace(PathOf(dataset, id));

    /// <summary>Forgets a cursor.</summary>
    public void Remove(string dataset, CursorId id) => Delete(PathOf(dataset, id));

    /// <summary>Counts a dataset's cursors, and forgets what a crash left half written: once, before any is opened.</summary>
    public void CountOpen(string dataset)
    {
        var directory = DirectoryOf(dataset);
        foreach (var name in _files.ListFiles(directory))
        {
            if (name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _openCount);
            }
            else if (name.EndsWith(Suffix + TemporarySuffix, StringComparison.Ordinal))
            {
                _files.Delete(Path.Combine(directory, name));
            }
        }
    }

    /// <summary>Forgets the cursors of a dataset that were last used before a time, and those whose files are damaged.</summary>
    public void Sweep(string dataset, DateTimeOffset usedBefore)
    {
        var directory = DirectoryOf(dataset);
        foreach (var name in _files.ListFiles(directory))
        {
            var path = Path.Combine(directory, name);
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && (ReadPlace(path) is not { } place || place.LastUsed < usedBefore))
            {
                Delete(path);
            }
        }
    }

    private CursorPlace? ReadPlace(string path)
    {
        try
        {
            using var file = _files.Open(path, DataFileMode.Read);
            var bytes = new byte[file.Length];
            var place = _format.Read(bytes.AsSpan(0, file.Read(bytes, 0)));
            if (place is null)
            {
                LogDamaged(path);
            }

            return place;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Delete(string path)
    {
        if (_files.FileExists(path))
        {
            _files.Delete(path);
            _files.FlushDirectory(Path.GetDirectoryName(path)!);
            Interlocked.Decrement(ref _openCount);
        }
    }

    private string DirectoryOf(string dataset) => Path.Combine(_options.DataPath, dataset, "cursors");

    private string PathOf(string dataset, CursorId id) => Path.Combine(DirectoryOf(dataset), id + Suffix);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cursor file {Path} is damaged: its reader is told that the cursor is gone, and must open another.")]
    private partial void LogDamaged(string path);
}
