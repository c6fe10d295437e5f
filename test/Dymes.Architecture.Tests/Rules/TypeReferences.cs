using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Dymes.Architecture.Tests.Rules;

/// <summary>The types of other assemblies that a compiled assembly uses: nothing can hide from its metadata, neither a using nor an extension method. What the compiler adds is left out.</summary>
internal static class TypeReferences
{
    public static IReadOnlyList<string> Of(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var assembly = new PEReader(file);
        var metadata = assembly.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences
                .Select(metadata.GetTypeReference)
                .Select(reference => FullName(metadata, reference))
                .Where(name => !IsTheCompilers(name))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool IsTheCompilers(string name) =>
        name.Contains("Attribute", StringComparison.Ordinal) || name.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)
        || name == "System.Runtime.InteropServices.MemoryMarshal"; // for spans of arguments

    private static string FullName(MetadataReader metadata, TypeReference reference)
    {
        var name = metadata.GetString(reference.Name);
        if (reference.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return $"{FullName(metadata, metadata.GetTypeReference((TypeReferenceHandle)reference.ResolutionScope))}.{name}";
        }

        var @namespace = metadata.GetString(reference.Namespace);
        return @namespace.Length == 0 ? name : $"{@namespace}.{name}";
    }
}
