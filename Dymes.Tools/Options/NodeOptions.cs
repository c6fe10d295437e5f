using System.CommandLine;
using System.Globalization;
using Dymes.Client;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Options;

/// <summary>Where the node is, the strongest first: <c>--url</c>, or host and port; DYMES_URL; the file of <c>--config</c>; this machine.</summary>
internal sealed class NodeOptions
{
    private const string Variable = "DYMES_URL";
    private const int PortMax = 65_535;

    private readonly Option<string?> _url = new("--url", "-u")
    {
        Description = $"The node's base address; several with commas between, the next is used when one fails. Default: ${Variable}, else that of --config, else {DymesClientOptions.DefaultAddress}",
        HelpName = "URL",
    };

    private readonly Option<string?> _host = new("--host", "-H") { Description = "The node's host, instead of --url.", HelpName = "HOST" };
    private readonly Option<int?> _port = new("--port", "-p") { Description = "The node's port, instead of --url.", HelpName = "PORT" };
    private readonly Option<string?> _retry;
    private readonly double _retrySeconds;

    /// <param name="retrySeconds">How long a call is tried again unless told otherwise.</param>
    public NodeOptions(double retrySeconds = 5)
    {
        _retrySeconds = retrySeconds;
        _retry = new Option<string?>("--retry")
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"How long to try again when the node does not answer or is not ready, e.g. 10s; a bare number is seconds. Default {retrySeconds}."),
            HelpName = "TIME",
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
            RetryDuration = ReadRetry(parsed, terminal.Settings.Client),
        };
        options.Validate();
        return options;
    }

    /// <summary>A client of the node.</summary>
    public DymesClient Connect(ParseResult parsed, ToolTerminal terminal, bool makesIds = false) =>
        new(Read(parsed, terminal) with { MakesIds = makesIds }, new ToolLogger(terminal, "Dymes.Client", terminal.Logging));

    /// <summary>A client of each of the nodes.</summary>
    public IEnumerable<(Uri Address, DymesClient Client)> ConnectEach(ParseResult parsed, ToolTerminal terminal)
    {
        var options = Read(parsed, terminal);
        foreach (var address in options.Addresses)
        {
            using var client = new DymesClient(options with { Addresses = [address] }, new ToolLogger(terminal, "Dymes.Client", terminal.Logging));
            yield return (address, client);
        }
    }

    private TimeSpan ReadRetry(ParseResult parsed, ClientSettings settings) =>
        parsed.GetValue(_retry) is { } text ? OptionText.Time(text, "--retry") : settings.Retry ?? TimeSpan.FromSeconds(_retrySeconds);

    private Uri[] ReadAddresses(ParseResult parsed, ToolTerminal terminal)
    {
        var url = parsed.GetValue(_url);
        var host = parsed.GetValue(_host);
        var port = parsed.GetValue(_port);
        if (url is not null && (host is not null || port is not null))
        {
            throw OptionText.Invalid("--url", "Give --url, or --host and --port, not both.");
        }

        if (port is < 1 or > PortMax)
        {
            throw OptionText.Invalid("--port", $"{port} is no port; it must be 1 to {PortMax}.");
        }

        var settings = terminal.Settings;
        return url is not null ? Parse(url, "--url")
            : host is not null || port is not null ? [AddressOf(host ?? settings.Http.Host, port ?? settings.Http.Port)]
            : terminal.Environment(Variable) is { Length: > 0 } variable ? Parse(variable, Variable)
            : settings.Client.Url.Length > 0 ? Parse(settings.Client.Url, "client.url")
            : [AddressOf(settings.Http.Host, settings.Http.Port)];
    }

    // Where a node listens on every address, this machine reaches it by the one of its own.
    private static Uri AddressOf(string host, int port)
    {
        if (port == 0)
        {
            throw OptionText.Invalid("http.port", "The node chooses its port itself when http.port is 0; its log says which. Name it with --port.");
        }

        var name = host switch { "0.0.0.0" => "127.0.0.1", "::" => "::1", _ => host };
        return Uri.TryCreate(new UriBuilder(Uri.UriSchemeHttp, name, port).ToString(), UriKind.Absolute, out var address)
            ? address
            : throw OptionText.Invalid("--host", $"\"{host}\" is no host; write a name or an IP address.");
    }

    // Without it the last part of a path would be replaced by what is asked for, where a log stands behind a proxy.
    private static Uri WithFinalSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private static Uri[] Parse(string text, string source) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(address =>
            Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}", UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
                ? WithFinalSlash(uri)
                : throw OptionText.Invalid(source, $"\"{address}\" is no address; write http://host:port."))];
}
