using System.CommandLine;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Verification;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Verifying;

/// <summary><c>dymes verify</c>: an offline check of a data directory, and repair where that is possible.</summary>
internal static class VerifyCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("verify", "Check every byte of a data directory. Exit code 0: sound, or repaired; 1: faults that a repair mends; 14: damage that only a backup mends.");
        var directory = new Argument<string>("directory") { Description = "A node's data directory, or a dataset's within it. No node may be using it." };
        var repair = new Option<bool>("--repair") { Description = "Remove damaged index files (the next start makes them again) and make a damaged journal anew." };
        var yes = new Option<bool>("--yes", "-y") { Description = "With --repair: cut a damaged tail too. What is lost by that is printed without --yes." };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON, a document for each dataset." };
        command.Add(directory);
        command.Add(repair);
        command.Add(yes);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var exitCode = ExitCodes.Done;
            foreach (var directory in DatasetDirectories.Find(parsed.GetRequiredValue(directory)))
            {
                var result = Run(directory, parsed.GetValue(repair), parsed.GetValue(yes), terminal);
                if (parsed.GetValue(json))
                {
                    JsonLines.Write(terminal.Output, result.Write);
                }
                else
                {
                    result.Print(terminal.Output);
                }

                exitCode = Math.Max(exitCode, result.ExitCode);
            }

            return exitCode;
        });
        return command;
    }

    private static VerifyResult Run(string directory, bool repairs, bool cutsTail, ToolTerminal terminal)
    {
        var verifier = new StoreVerifier(OsFileSystem.Instance, directory, (done, total) => Show(terminal, directory, done, total));
        return new VerifyResult(repairs ? verifier.Repair(cutsTail) : verifier.Check(), repairs, cutsTail);
    }

    private static void Show(ToolTerminal terminal, string directory, int done, int total)
    {
        if (terminal.IsErrorWatched)
        {
            terminal.Error.Write($"\r{directory}: {done} of {total} segments checked{(done == total ? "\n" : "")}");
        }
    }
}
