using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dymes.Architecture.Tests.Rules;

/// <summary>Rules on files, folders and directives.</summary>
internal static class FileRules
{
    private const int LinesMax = 600;
    private const int TestLinesMax = 900;
    private static readonly string[] BannedFolders = ["Utils", "Util", "Utilities", "Helpers", "Helper", "Managers", "Misc", "Common"];

    public static IEnumerable<string> TooLong(SourceFile file)
    {
        var most = file.IsTest ? TestLinesMax : LinesMax;
        if (file.Lines > most)
        {
            yield return $"{file.Path}: {file.Lines} lines; at most {most}.";
        }
    }

    public static IEnumerable<string> Drawer(string path)
    {
        foreach (var folder in path.Split('/')[..^1].Where(BannedFolders.Contains))
        {
            yield return $"{path}: the folder {folder} could hold anything.";
        }
    }

    public static IEnumerable<string> Regions(SourceFile file) =>
        from trivia in file.Unit.DescendantTrivia(descendIntoTrivia: true)
        where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia)
        select $"{file.Path}:{LineOf(trivia)}: a region.";

    /// <summary>Warnings that are switched off without saying why in the same line.</summary>
    public static IEnumerable<string> UnexplainedSuppressions(SourceFile file)
    {
        var pragmas =
            from trivia in file.Unit.DescendantTrivia(descendIntoTrivia: true)
            let pragma = trivia.GetStructure() as PragmaWarningDirectiveTriviaSyntax
            where pragma is not null && pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword) && !pragma.ToFullString().Contains("//", StringComparison.Ordinal)
            select $"{file.Path}:{LineOf(trivia)}: a warning is switched off without a reason.";
        var attributes =
            from attribute in file.Unit.DescendantNodes().OfType<AttributeSyntax>()
            where attribute.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal) && !attribute.ToString().Contains("Justification", StringComparison.Ordinal)
            select $"{file.Path}: a warning is suppressed without a justification.";
        return pragmas.Concat(attributes);
    }

    /// <summary>Conditional compilation: the code that is tested is the code that runs.</summary>
    public static IEnumerable<string> DebugOnly(SourceFile file) =>
        from trivia in file.Unit.DescendantTrivia(descendIntoTrivia: true)
        where trivia.GetStructure() is IfDirectiveTriviaSyntax { Condition: var condition } && condition.ToString().Contains("DEBUG", StringComparison.Ordinal)
        select $"{file.Path}:{LineOf(trivia)}: code that only a debug build has.";

    private static int LineOf(SyntaxTrivia trivia) => trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
