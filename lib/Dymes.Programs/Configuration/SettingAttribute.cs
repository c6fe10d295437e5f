namespace Dymes.Programs.Configuration;

/// <summary>Marks a property as a setting. Its key is <c>section.property</c>, its default what a new object of its class has.</summary>
/// <param name="reason">Why the default is what it is, in a few words.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string reason) : Attribute
{
    /// <summary>Why the default is what it is.</summary>
    public string Reason { get; } = reason;

    /// <summary>The least value, as it is written in a file; null: no bound.</summary>
    public string? Min { get; init; }

    /// <summary>The greatest value, as it is written in a file; null: no bound.</summary>
    public string? Max { get; init; }

    /// <summary>Whether a text may be empty, which means that there is none.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Whether the value is nobody's business: it is told that there is one, not which.</summary>
    public bool IsSecret { get; init; }
}
