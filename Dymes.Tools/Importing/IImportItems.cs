namespace Dymes.Tools.Importing;

/// <summary>The items of an input, one after the other.</summary>
internal interface IImportItems
{
    /// <summary>Where the present item is, for people.</summary>
    string Position { get; }

    /// <summary>Whether items are frames, and not JSON.</summary>
    bool AreFrames { get; }

    /// <summary>The next item, valid until the one after it is asked for; null at the end.</summary>
    ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken);
}
