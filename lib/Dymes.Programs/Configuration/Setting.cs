using System.Reflection;
using Dymes.Common;

namespace Dymes.Programs.Configuration;

/// <summary>One setting of a settings class: its key, its default, and what it may be.</summary>
public sealed class Setting
{
    private readonly PropertyInfo _section;
    private readonly PropertyInfo _property;
    private readonly SettingAttribute _attribute;

    private Setting(PropertyInfo section, PropertyInfo property, SettingAttribute attribute, object settings)
    {
        (_section, _property, _attribute) = (section, property, attribute);
        Key = $"{CamelCase(section.Name)}.{CamelCase(property.Name)}";
        Default = TextIn(settings);
    }

    /// <summary>The key, such as <c>store.dataPath</c>. Case does not count.</summary>
    public string Key { get; }

    /// <summary>The default, as it is written in a file.</summary>
    public string Default { get; }

    /// <summary>Why that is the default.</summary>
    public string Reason => _attribute.Reason;

    /// <summary>What the value may be, in words.</summary>
    public string Range => (_attribute.Min, _attribute.Max) switch
    {
        (null, null) when _attribute.MayBeEmpty => "a text, or nothing",
        (null, null) => SettingText.Describe(_property.PropertyType),
        var (min, max) => $"{SettingText.Describe(_property.PropertyType)}, from {min} to {max}",
    };

    /// <summary>All settings of a class whose properties are sections, in the order of their declaration.</summary>
    public static IReadOnlyList<Setting> AllOf<TSettings>()
        where TSettings : new()
    {
        var defaults = new TSettings();
        return
        [
            .. from section in typeof(TSettings).GetProperties()
               from property in section.PropertyType.GetProperties()
               let attribute = property.GetCustomAttribute<SettingAttribute>()
               where attribute is not null
               select new Setting(section, property, attribute, defaults),
        ];
    }

    /// <summary>The value in a settings object, as it is written in a file.</summary>
    public string TextIn(object settings) => SettingText.Format(_property.GetValue(_section.GetValue(settings))!);

    /// <summary>The value in a settings object as it may be logged.</summary>
    public string ShownIn(object settings) => TextIn(settings) is { Length: > 0 } text && _attribute.IsSecret ? "(secret)" : TextIn(settings);

    /// <summary>Sets the value of a settings object.</summary>
    /// <exception cref="DymesException">The text is no value of this setting.</exception>
    public void Set(object settings, string text, string source)
    {
        var value = text.Length == 0 && _attribute.MayBeEmpty ? text : SettingText.Parse(text.Trim(), _property.PropertyType);
        if (value is null || IsBeyond(value, _attribute.Min, -1) || IsBeyond(value, _attribute.Max, 1))
        {
            throw new DymesException(ErrorCode.ConfigurationInvalid, $"{Key} is '{(_attribute.IsSecret ? "(secret)" : text)}' in {source}; it must be {Range}. The default is {Default}.") { Field = Key };
        }

        _property.SetValue(_section.GetValue(settings), value);
    }

    private bool IsBeyond(object value, string? bound, int direction) =>
        bound is not null && Math.Sign(((IComparable)value).CompareTo(SettingText.Parse(bound, _property.PropertyType))) == direction;

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
