using System.CommandLine;
using Dymes.Client;
using Dymes.Common;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Options;

/// <summary>Where the node is: <c>--url</c>, or host and port, or DYMES_URL, or this machine.</summary>
internal sealed class NodeOptions
{
    private const string Variable = "DYMES_URL";
    private const int PortMax = 65_535;

    private readonly Option<string?> _url = new("--url", "-u")
    {
        Description = $"The node's base address; several with commas between, the next is used when one fails. Default: ${Variable}, else {DymesClientOptions.DefaultAddress}",
        HelpName = "URL",
    };

    private readonly Option<string?> _host = new("--host", "-H") { Description = "The node's host, instead of --url.", HelpName = "HOST" };
    private readonly Option<int?> _port = new("--port", "-p") { Description = "The node's port, instead of --url.", HelpName = "PORT" };
    private readonly Option<double> _retry;

    /// <param name="retrySeconds">How long a call is tried again unless told otherwise.</param>
    public NodeOptions(double retrySeconds = 5)
    {
        _retry = new Option<double>("--retry")
        {
            Description = "How long to try again when the node does not answer or is not ready, in seconds.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => retrySeconds,
        };
    }

    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_host);
        command.Add(_port);
        command.Add(_retry);
    }

    /// <summary>The client's options as told.</summary>
    public DymesClientOptions Read(ParseResult parsed, ToolTerminal terminal)
    {
        var options = new DymesClientOptions
        {
            Addresses = ReadAddresses(parsed, terminal),
            RetryDuration = TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(_retry), 0, 86_400)),
        };
        options.Validate();
        return options;
    }

    /// <summary>A client of the node.</summary>
    public DymesClient Connect(ParseResult parsed, ToolTerminal terminal, bool makesIds = false) =>
        new(Read(parsed, terminal) with { MakesIds = makesIds });

    private Uri[] ReadAddresses(ParseResult parsed, ToolTerminal terminal)
    {
        var url = parsed.GetValue(_url);
        var host = parsed.GetValue(_host);
        var port = parsed.GetValue(_port);
        if (url is not null && (host is not null || port is not null))
        {
            throw Invalid("--url", "Give --url, or --host and --port, not both.");
        }

        if (port is < 1 or > PortMax)
        {
            throw Invalid("--port", $"{port} is no port; it must be 1 to {PortMax}.");
        }

        if (host is not null || port is not null)
        {
            return [new UriBuilder(Uri.UriSchemeHttp, host ?? DymesClientOptions.DefaultAddress.Host, port ?? DymesClientOptions.DefaultAddress.Port).Uri];
        }

        return url is not null ? Parse(url, "--url") : terminal.Environment(Variable) is { Length: > 0 } variable ? Parse(variable, Variable) : [DymesClientOptions.DefaultAddress];
    }

    private static Uri[] Parse(string text, string source) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(address =>
            Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}", UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
                ? uri
                : throw Invalid(source, $"\"{address}\" is no address; write http://host:port."))];

    private static DymesException Invalid(string field, string message) => new(ErrorCode.InvalidArgument, message) { Field = field };
}
