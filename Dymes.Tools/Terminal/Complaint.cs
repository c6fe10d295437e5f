using Dymes.Common;

namespace Dymes.Tools.Terminal;

/// <summary>How trouble is told: a line for people, the exit code for programs.</summary>
internal static class Complaint
{
    public static int Tell(ToolTerminal terminal, DymesException trouble)
    {
        var field = trouble.Field is { Length: > 0 } name ? $" ({name})" : "";
        terminal.Error.WriteLine($"dymes: {trouble.Message}{field}");
        return ErrorCatalog.Describe(trouble.Code).ExitCode;
    }

    public static int Tell(ToolTerminal terminal, Exception trouble)
    {
        terminal.Error.WriteLine($"dymes: {trouble.Message}");
        return ErrorCatalog.Describe(ErrorCode.InvalidArgument).ExitCode;
    }
}
