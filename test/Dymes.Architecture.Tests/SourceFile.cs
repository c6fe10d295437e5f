using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dymes.Architecture.Tests;

/// <summary>A C# file, parsed.</summary>
internal sealed class SourceFile
{
    private readonly Lazy<CompilationUnitSyntax> _unit;

    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        _unit = new(() => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot());
    }

    /// <summary>From the root, with slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    public int Lines => Text.AsSpan().Count('\n');

    public bool IsTest => Path.StartsWith("test/", StringComparison.Ordinal);

    public CompilationUnitSyntax Unit => _unit.Value;

    /// <summary>All declared types, nested ones and enums included.</summary>
    public IEnumerable<BaseTypeDeclarationSyntax> Types => Unit.DescendantNodes().OfType<BaseTypeDeclarationSyntax>();

    public static SourceFile Load(string path) => new(path, Repository.Read(path));
}
