using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Formats;
using Dymes.MessageStore.Segments;
using Microsoft.Extensions.Logging;

namespace Dymes.MessageStore.Recovery;

/// <summary>Opens the journal, or makes one where nothing was ever written.</summary>
internal sealed class JournalOpener(IFileSystem files, StoreOptions options, StoreIdentity identity, TimeProvider clock, ILogger logger)
{
    private readonly string _path = Path.Combine(options.Directory, JournalFile.FileName);
    private readonly bool _flushes = options.SyncLevel != SyncLevel.None;

    public JournalFile Open()
    {
        try
        {
            if (JournalFile.Open(files, options.Directory, identity, _flushes) is { } journal)
            {
                WarnOfFault(journal);
                return journal;
            }
        }
        catch (DymesException error) when (options.IsReplicated && error.Code == ErrorCode.StorageDamaged)
        {
            return Renew(error.Message);
        }

        if (!files.ListFiles(options.Directory).Any(name => SegmentNames.TryParseMessageFile(name, out _)))
        {
            return Create(new HardState());
        }

        return options.IsReplicated
            ? Renew($"{_path} is missing, though there are message files.")
            : throw new DymesException(
                ErrorCode.StorageDamaged, $"{_path} is missing, though there are message files. Run `dymes verify {options.Directory} --repair` to make a new one.");
    }

    // A replica gets what it promised from its group. Until it has, the new journal says that the old one is lost.
    private JournalFile Renew(string reason)
    {
        logger.LogError("{Reason} What this replica promised to its group is lost; it has to ask the group.", reason);
        return Create(new HardState { IsRecovering = true });
    }

    private JournalFile Create(HardState state) =>
        JournalFile.Create(files, options.Directory, identity, state, clock.GetUtcNow().ToUnixTimeMilliseconds(), _flushes);

    private void WarnOfFault(JournalFile journal)
    {
        if (journal.Fault is { } fault)
        {
            logger.LogWarning("{Path}: {Fault} No message is affected.", _path, fault);
        }
    }
}
