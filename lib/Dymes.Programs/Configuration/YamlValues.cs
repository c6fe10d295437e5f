using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dymes.Programs.Configuration;

/// <summary>The values of a YAML document by their keys, nested keys joined with dots.</summary>
internal static class YamlValues
{
    /// <summary>Reads a document.</summary>
    /// <exception cref="YamlException">It is not one, or holds something that no setting is: a list of anything but texts, or the same key twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(TextReader text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var stream = new YamlStream();
        stream.Load(text);
        foreach (var document in stream.Documents)
        {
            Collect(document.RootNode, "", values);
        }

        return values;
    }

    private static void Collect(YamlNode node, string key, Dictionary<string, string> values)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (name, child) in mapping.Children)
                {
                    Collect(child, key.Length == 0 ? name.ToString() : $"{key}.{name}", values);
                }

                break;
            case YamlScalarNode { Value: null or "", Style: ScalarStyle.Plain or ScalarStyle.Any }:
                break; // a section that is left empty, all of its settings being commented out
            case YamlScalarNode { Value: var value }:
                Add(node, key, value ?? "", values);
                break;
            case YamlSequenceNode items when key.Length > 0 && items.All(item => item is YamlScalarNode):
                Add(node, key, string.Join(SettingText.YamlListSeparator, items), values);
                break;
            default:
                throw new YamlException(node.Start, node.End, key.Length == 0 ? "a list stands where sections belong" : $"{key} is a list of more than texts");
        }
    }

    private static void Add(YamlNode node, string key, string value, Dictionary<string, string> values)
    {
        if (key.Length == 0 || !values.TryAdd(key, value))
        {
            throw new YamlException(node.Start, node.End, key.Length == 0 ? $"'{value}' is no setting" : $"{key} stands there twice");
        }
    }
}
