using Dymes.Common;
using Dymes.MessageStore;

namespace Dymes.Tools.Verifying;

/// <summary>Finds the datasets of a directory: itself, or those one level down.</summary>
internal static class DatasetDirectories
{
    public static IReadOnlyList<string> Find(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new DymesException(ErrorCode.NotFound, $"There is no directory {directory}. Name a node's data directory.") { Field = "directory" };
        }

        if (IsDataset(directory))
        {
            return [directory];
        }

        var datasets = Directory.GetDirectories(directory).Where(IsDataset).Order(StringComparer.Ordinal).ToArray();
        return datasets.Length > 0
            ? datasets
            : throw new DymesException(ErrorCode.NotFound, $"{directory} holds no dataset: no {JournalFile.FileName} and no message files, neither in it nor one level down.") { Field = "directory" };
    }

    private static bool IsDataset(string directory) =>
        File.Exists(Path.Combine(directory, JournalFile.FileName)) || Directory.EnumerateFiles(directory, "dymes_*.msg").Any();
}
