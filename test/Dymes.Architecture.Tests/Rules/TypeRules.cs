using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dymes.Architecture.Tests.Rules;

/// <summary>Rules on declared types.</summary>
internal static class TypeRules
{
    private static readonly string[] BannedSuffixes = ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Data", "Info", "Context"];
    private static readonly string[] GeneratorMarks = ["LibraryImport", "JsonSerializable", "LoggerMessage", "GeneratedRegex"];

    /// <summary>Types split over files by hand. A source generator's other half is allowed: its attribute stands on the type or on one of its members.</summary>
    public static IEnumerable<string> Partial(SourceFile file) =>
        from type in file.Types
        where type.Modifiers.Any(SyntaxKind.PartialKeyword) && !IsHalfGenerated(type)
        select At(file, type, "is partial");

    /// <summary>Names that say what a type is made of, not what it is.</summary>
    public static IEnumerable<string> Vague(SourceFile file) =>
        from type in file.Types
        where BannedSuffixes.Any(suffix => type.Identifier.Text.EndsWith(suffix, StringComparison.Ordinal))
        select At(file, type, "has a name that could hold anything");

    /// <summary>Types that bear a namespace's name: inside that namespace the name would no longer mean the type.</summary>
    public static IEnumerable<string> NamedLikeNamespace(SourceFile file, IReadOnlySet<string> segments) =>
        from type in file.Types
        where segments.Contains(type.Identifier.Text)
        select At(file, type, "is named like a namespace");

    /// <summary>The parts of the namespaces that a file declares.</summary>
    public static IEnumerable<string> NamespaceSegments(SourceFile file) =>
        file.Unit.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().SelectMany(declaration => declaration.Name.ToString().Split('.'));

    /// <summary>Classes that could be sealed: nobody here derives from them, and neither does BenchmarkDotNet, which generates a type below each that it runs.</summary>
    public static IEnumerable<string> Unsealed(IReadOnlyCollection<SourceFile> files)
    {
        var bases = files.SelectMany(file => file.Types).SelectMany(type => type.BaseList?.Types ?? [])
            .Select(named => named.Type.ToString().Split('<', '(')[0].Split('.')[^1])
            .ToHashSet();
        return
            from file in files
            from type in file.Types
            where type is ClassDeclarationSyntax or RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: not (int)SyntaxKind.StructKeyword }
            where !type.Modifiers.Any(SyntaxKind.SealedKeyword) && !type.Modifiers.Any(SyntaxKind.StaticKeyword) && !type.Modifiers.Any(SyntaxKind.AbstractKeyword)
            where !bases.Contains(type.Identifier.Text) && !HasAttribute(type, "Benchmark")
            select At(file, type, "is not sealed");
    }

    /// <summary>Constructors that take more than a handful.</summary>
    public static IEnumerable<string> WideConstructors(SourceFile file, int most) =>
        file.Unit.DescendantNodes().OfType<ConstructorDeclarationSyntax>()
            .Where(constructor => constructor.ParameterList.Parameters.Count > most)
            .Select(constructor => $"{file.Path}: {constructor.Identifier.Text} takes {constructor.ParameterList.Parameters.Count} parameters.")
            .Concat(file.Types.OfType<ClassDeclarationSyntax>()
                .Where(type => type.ParameterList?.Parameters.Count > most)
                .Select(type => At(file, type, $"takes {type.ParameterList!.Parameters.Count} parameters")));

    private static bool IsHalfGenerated(BaseTypeDeclarationSyntax type) =>
        type.DescendantNodes().OfType<AttributeSyntax>().Any(attribute => GeneratorMarks.Any(mark => attribute.Name.ToString().Contains(mark, StringComparison.Ordinal)))
        || (type.BaseList?.Types.Any(named => named.Type.ToString() == "JsonSerializerContext") ?? false);

    private static bool HasAttribute(BaseTypeDeclarationSyntax type, string name) =>
        type.DescendantNodes().OfType<AttributeSyntax>().Any(attribute => attribute.Name.ToString() == name);

    private static string At(SourceFile file, BaseTypeDeclarationSyntax type, string what) =>
        $"{file.Path}:{type.Identifier.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {type.Identifier.Text} {what}.";
}
