using System.Diagnostics.Metrics;
using Dymes.Common;
using Dymes.Message.Log;
using Dymes.MessageStore.Files;
using Microsoft.Extensions.Logging;

namespace Dymes.Grains.Cursors;

/// <summary>
/// The cursors' files in this silo: one each, written under a temporary name, flushed and renamed, so that a crash leaves the old place or the new one. What is kept of a cursor is the newest that it was told, and that of
/// a closed one is that it was closed: the name of its file says it. Safe for concurrent use; the calls wait for the disk, so they are made on the thread pool.
/// </summary>
internal sealed partial class CursorStore
{
    private const string Suffix = ".cursor";
    private const string ClosedSuffix = ".closed";
    private const string TemporarySuffix = ".new";
    private const int Locks = 64;

    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
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

    /// <summary>Keeps a place, unless a newer one is kept, and returns the one that is.</summary>
    /// <exception cref="DymesException">It is a new cursor's, and too many are open.</exception>
    public CursorPlace Keep(string dataset, CursorId id, CursorPlace place)
    {
        lock (LockOf(id))
        {
            if (Find(dataset, id) is { } kept && !place.Supersedes(kept))
            {
                return kept;
            }

            if (place.IsClosed)
            {
                Write(PathOf(dataset, id, ClosedSuffix), place);
                DeleteOpen(PathOf(dataset, id, Suffix));
            }
            else
            {
                WriteOpen(PathOf(dataset, id, Suffix), place);
            }

            return place;
        }
    }

    /// <summary>What is kept of a cursor; null where nothing is.</summary>
    public CursorPlace? Find(string dataset, CursorId id) => ReadPlace(PathOf(dataset, id, ClosedSuffix)) ?? ReadPlace(PathOf(dataset, id, Suffix));

    /// <summary>Keeps nothing of a cursor any more: for a silo that is alone, where nobody could tell it of an older place.</summary>
    public void Forget(string dataset, CursorId id)
    {
        lock (LockOf(id))
        {
            DeleteOpen(PathOf(dataset, id, Suffix));
        }
    }

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
            else if (name.EndsWith(TemporarySuffix, StringComparison.Ordinal))
            {
                _files.Delete(Path.Combine(directory, name));
            }
        }
    }

    /// <summary>Forgets the cursors of a dataset that were last used, or closed, before a time, those whose files are damaged, and the longest closed where these are more than may be open.</summary>
    public void Sweep(string dataset, DateTimeOffset usedBefore)
    {
        var directory = DirectoryOf(dataset);
        var closed = new List<(string Path, DateTimeOffset At)>();
        foreach (var name in _files.ListFiles(directory))
        {
            var path = Path.Combine(directory, name);
            if (name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                SweepOpen(path, usedBefore);
            }
            else if (name.EndsWith(ClosedSuffix, StringComparison.Ordinal))
            {
                closed.Add((path, ReadPlace(path)?.LastUsed ?? DateTimeOffset.MinValue));
            }
        }

        closed.Sort((one, other) => one.At.CompareTo(other.At));
        for (var i = 0; i < closed.Count && (closed[i].At < usedBefore || closed.Count - i > _options.OpenMax); i++)
        {
            Delete(closed[i].Path);
        }
    }

    private void SweepOpen(string path, DateTimeOffset usedBefore)
    {
        if (!CursorId.TryParse(Path.GetFileNameWithoutExtension(path), out var id))
        {
            return;
        }

        lock (LockOf(id))
        {
            if (ReadPlace(path) is not { } place || place.LastUsed < usedBefore)
            {
                DeleteOpen(path);
            }
        }
    }

    private void WriteOpen(string path, CursorPlace place)
    {
        if (_files.FileExists(path))
        {
            Write(path, place);
            return;
        }

        if (Interlocked.Increment(ref _openCount) > _options.OpenMax)
        {
            Interlocked.Decrement(ref _openCount);
            throw new DymesException(
                ErrorCode.Overloaded, $"{_options.OpenMax} cursors are open, the most that cursors.openMax allows. Close some, or read without a cursor.");
        }

        try
        {
            Write(path, place);
        }
        catch
        {
            Interlocked.Decrement(ref _openCount);
            throw;
        }
    }

    private void Write(string path, CursorPlace place)
    {
        var directory = Path.GetDirectoryName(path)!;
        _files.CreateDirectory(directory);
        using (var file = _files.Open(path + TemporarySuffix, DataFileMode.Create))
        {
            file.Write(_format.Write(place), 0);
            file.Flush();
        }

        _files.Rename(path + TemporarySuffix, path);
        _files.FlushDirectory(directory);
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

    private void DeleteOpen(string path)
    {
        if (_files.FileExists(path))
        {
            Delete(path);
            Interlocked.Decrement(ref _openCount);
        }
    }

    private void Delete(string path)
    {
        _files.Delete(path);
        _files.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    private Lock LockOf(CursorId id) => _locks[(int)(id.Value % Locks)];

    private string DirectoryOf(string dataset) => Path.Combine(_options.DataPath, dataset, "cursors");

    private string PathOf(string dataset, CursorId id, string suffix) => Path.Combine(DirectoryOf(dataset), id + suffix);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cursor file {Path} is damaged: its reader is told that the cursor is gone, and must open another.")]
    private partial void LogDamaged(string path);
}
