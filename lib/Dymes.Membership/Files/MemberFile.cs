using System.Text.Json;
using Dymes.Common;
using Dymes.Membership.Tables;

namespace Dymes.Membership.Files;

/// <summary>
/// The file that silos of one machine share. It is always whole: a change is written to a temporary, flushed and renamed, under a lock that goes with the process that holds it.
/// Reading takes no lock. Safe for concurrent use by threads and processes.
/// </summary>
/// <param name="path">The path. Beside it are its lock and its temporary.</param>
/// <param name="cluster">The cluster that the file must be of.</param>
/// <param name="clock">Waits for the lock.</param>
internal sealed class MemberFile(string path, string cluster, TimeProvider clock)
{
    private const string LockSuffix = ".lock";
    private const string TemporarySuffix = ".new";
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly string _path = Path.GetFullPath(path);

    /// <summary>The table; an empty one where there is no file.</summary>
    /// <exception cref="DymesException">The file is damaged, or another cluster's.</exception>
    public MemberTable Read()
    {
        try
        {
            return Parse(File.ReadAllBytes(_path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return MemberTable.Empty(cluster);
        }
    }

    /// <summary>Changes the table, off the caller's thread.</summary>
    /// <param name="change">Makes the new table of the old one; null: there is nothing to write.</param>
    /// <param name="isDurable">Whether the change must outlive a power cut.</param>
    /// <param name="cancellationToken">Gives up the wait for the lock.</param>
    /// <returns>Whether there was a change.</returns>
    public Task<bool> ChangeAsync(Func<MemberTable, MemberTable?> change, bool isDurable, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
            if (change(Read()) is not { } changed)
            {
                return false;
            }

            Write(changed, isDurable);
            return true;
        },
        cancellationToken);

    /// <summary>Removes the file.</summary>
    public Task RemoveAsync(CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
            File.Delete(_path);
        },
        cancellationToken);

    private MemberTable Parse(byte[] bytes)
    {
        const string NextStep = "If it is not meant for this, set cluster.membershipFile to another path; else stop all silos that use it, delete it, and start them again: nothing is lost with it.";
        MemberTable? table;
        try
        {
            table = JsonSerializer.Deserialize(bytes, MemberTableJson.Default.MemberTable);
        }
        catch (JsonException error)
        {
            throw new DymesException(ErrorCode.StorageDamaged, $"The membership file {_path} is damaged or something else: {error.Message} {NextStep}", error) { Field = "cluster.membershipFile" };
        }

        if (table?.Format != MemberTable.FormatName)
        {
            throw new DymesException(ErrorCode.ForeignFile, $"The membership file {_path} has the format '{table?.Format}', not '{MemberTable.FormatName}'. {NextStep}") { Field = "cluster.membershipFile" };
        }

        return table.Cluster == cluster ? table : throw new DymesException(
            ErrorCode.ForeignFile, $"The membership file {_path} is of cluster '{table.Cluster}'; this process is of cluster '{cluster}'. Set cluster.id or cluster.membershipFile to what was meant.")
        { Field = "cluster.id" };
    }

    private void Write(MemberTable table, bool isDurable)
    {
        using (var temporary = new FileStream(_path + TemporarySuffix, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            temporary.Write(JsonSerializer.SerializeToUtf8Bytes(table, MemberTableJson.Default.MemberTable));
            temporary.Flush(isDurable);
        }

        File.Move(_path + TemporarySuffix, _path, overwrite: true);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_path + LockSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException or FileNotFoundException))
            {
                if (clock.GetElapsedTime(start) > LockPatience)
                {
                    throw new DymesException(
                        ErrorCode.StorageFailed, $"The membership file {_path} has been locked for {LockPatience.TotalSeconds:0} s. Look for a process that is stopped while it holds {_path}{LockSuffix}, and end it.", error);
                }
            }

            await Task.Delay(LockInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
