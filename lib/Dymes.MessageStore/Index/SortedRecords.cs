namespace Dymes.MessageStore.Index;

/// <summary>Binary search in sections.</summary>
internal static class SortedRecords
{
    /// <summary>The place of a key, or the complement of the place that it would have.</summary>
    public static int Find<T>(SectionRecords<T> records, UInt128 key)
        where T : unmanaged, IKeyedRecord
    {
        int low = 0, high = records.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var candidate = records[middle].Key;
            if (candidate == key)
            {
                return middle;
            }

            if (candidate < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    /// <summary>How many rows are below one.</summary>
    public static int CountBelow(SectionRecords<int> rows, int row)
    {
        int low = 0, high = rows.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (rows[middle] < row)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
