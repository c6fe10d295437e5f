using BenchmarkDotNet.Running;
using Dymes.Benchmarks;
using Dymes.Benchmarks.Load;
using Dymes.Benchmarks.Peers;
using Dymes.Benchmarks.Scale;
using Dymes.Cluster.Tests.Node;

switch (args.FirstOrDefault())
{
    case "micro":
        BenchmarkSwitcher.FromAssembly(typeof(Bench).Assembly).Run(args.Length > 1 ? args[1..] : ["--filter", "*"]);
        return 0;
    case "node" or "cluster" when BenchOptions.TryParse(args, out var options):
        NodeProcess.Programs = options.Programs;
        await (args[0] == "node" ? Bench.Node : Bench.Cluster).RunAsync(options);
        return 0;
    case "peers" or "scale" when BenchOptions.TryParse(args, out var options):
        NodeProcess.Programs = options.Programs;
        using (var stop = new StopSignal())
        {
            return await stop.RunAsync(() => args[0] == "peers" ? PeersBench.RunAsync(options, stop.Token) : ScaleBench.RunAsync(options, stop.Token));
        }

    case HttpFloorProcess.Verb:
        return await HttpFloor.ServeAsync(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("""
            bench: micro [--filter PATTERN]
                   node|cluster [--rounds 3] [--seconds 3] [--long] [--only SECTION] [--programs DIR] [--directory DIR] [--out FILE]
                   peers [--rounds 3] [--seconds 3] [--messages N] [--long] [--only NAME,NAME…] [--programs DIR] [--directory DIR] [--out FILE] [--json FILE]
                   scale [--rounds 3] [--messages N] [--long] [--only PART] [--programs DIR] [--directory DIR] [--out FILE] [--json FILE]
            """);
        return 2;
}
