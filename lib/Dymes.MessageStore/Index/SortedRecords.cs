namespace Dymes.MessageStore.Index;

/// <summary>Binary search in sections.</summary>
internal static class SortedRecords
{
    /// <summary>
    /// The place of a key, or the complement of the place that it would have. Either is certain: the record that was found is checked again, or the two between which the key would be. That
    /// is enough, whatever led there: where these two are neighbours in a sorted section, nothing is between them.
    /// </summary>
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
                records.RequireStill(middle, 1);
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

        records.RequireStill(low - 1, 2);
        return ~low;
    }

    /// <summary>How many rows are below one; certain once the rows on both sides of that place are checked again.</summary>
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
