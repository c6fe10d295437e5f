using System.CommandLine;
using System.CommandLine.Parsing;
using Dymes.Common;
using Dymes.Tools.Appending;
using Dymes.Tools.Exporting;
using Dymes.Tools.Importing;
using Dymes.Tools.Operating;
using Dymes.Tools.Reading;
using Dymes.Tools.Stressing;
using Dymes.Tools.Terminal;
using Dymes.Tools.Touring;
using Dymes.Tools.Verifying;

namespace Dymes.Tools;

/// <summary>The executable <c>dymes</c>: its commands, and how trouble becomes a message and an exit code.</summary>
internal static class DymesTool
{
    public static async Task<int> RunAsync(string[] args, ToolTerminal terminal, CancellationToken cancellationToken = default)
    {
        // A body may begin with @: files are named by options here, not by response files.
        var parsed = BuildCommands(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                var option = error.SymbolResult is OptionResult { Option.Name: var name } && !error.Message.Contains(name, StringComparison.Ordinal) ? $" ({name})" : "";
                terminal.Error.WriteLine($"dymes: {error.Message.ReplaceLineEndings(" ")}{option}");
            }

            terminal.Error.WriteLine("Run it with --help to see what it takes.");
            return ErrorCatalog.Describe(ErrorCode.InvalidArgument).ExitCode;
        }

        var invocation = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        try
        {
            var exitCode = await parsed.InvokeAsync(invocation, cancellationToken);
            await terminal.Output.FlushAsync(CancellationToken.None);
            return exitCode;
        }
        catch (DymesException trouble)
        {
            return Complaint.Tell(terminal, trouble);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (IOException trouble)
        {
            return Complaint.Tell(terminal, trouble);
        }
        catch (UnauthorizedAccessException trouble)
        {
            return Complaint.Tell(terminal, trouble);
        }
    }

    private static RootCommand BuildCommands(ToolTerminal terminal) => new($"Dymes: append messages, query and follow them, move them, and look after a node.\n{ExitCodes.Help}")
    {
        AppendCommand.Create(terminal),
        QueryCommand.Create(terminal),
        TailCommand.Create(terminal),
        ExportCommand.Create(terminal),
        ImportCommand.Create(terminal),
        StatusCommand.Create(terminal),
        StressCommand.Create(terminal),
        WorkshopCommand.Create(terminal),
        VerifyCommand.Create(terminal),
    };
}
