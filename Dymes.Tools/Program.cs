using Dymes.Tools;
using Dymes.Tools.Terminal;

using var terminal = ToolTerminal.OfProcess();
return await DymesTool.RunAsync(args, terminal);
