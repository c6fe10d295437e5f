using System.Globalization;
using System.Text.RegularExpressions;
using Dymes.Common;

namespace Dymes.Programs.Replicas;

/// <summary>Where one replica of a group is reached. As text: <c>a=10.0.0.1:11111/30000/http://10.0.0.1:6510</c>; the HTTP address may be left out.</summary>
/// <param name="Name">The silo's name, <see cref="NameLengthMax"/> characters of <c>a-z 0-9 -</c> at most. It goes with the data: a replacement on another machine has it too.</param>
/// <param name="Host">The IP address or host name at which other silos and gateways reach it.</param>
/// <param name="SiloPort">The port for other silos.</param>
/// <param name="GatewayPort">The port for gateways.</param>
/// <param name="Http">The base address of its HTTP API; null where it has none.</param>
public sealed partial record ReplicaSeat(string Name, string Host, int SiloPort, int GatewayPort, Uri? Http)
{
    /// <summary>The most characters of a name: with seven names a <see cref="ReplicaGroup.Mark"/> stays shorter than what membership tables have room for.</summary>
    public const int NameLengthMax = 16;

    internal const string Field = "cluster.replicas";
    private const string Form = "write NAME=HOST:SILOPORT/GATEWAYPORT/HTTPADDRESS, such as a=10.0.0.1:11111/30000/http://10.0.0.1:6510";

    [GeneratedRegex(@"^(?<name>[^=]*)=(?<host>[^/]+):(?<silo>\d{1,5})/(?<gateway>\d{1,5})(/(?<http>.+))?$")]
    private static partial Regex Pattern { get; }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex NamePattern { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="DymesException">It is none; the message says what it should be.</exception>
    public static ReplicaSeat Parse(string text)
    {
        var match = Pattern.Match(text);
        if (!match.Success)
        {
            throw Invalid($"'{text}' is no replica; {Form}.");
        }

        var name = match.Groups["name"].Value;
        if (!IsName(name))
        {
            throw Invalid($"'{name}' is no replica's name; it must be 1 to {NameLengthMax} characters of a-z, 0-9 and - between them.");
        }

        return new ReplicaSeat(
            name,
            match.Groups["host"].Value.Trim('[', ']'),
            Port(match.Groups["silo"].Value, text),
            Port(match.Groups["gateway"].Value, text),
            match.Groups["http"] is { Success: true, Value: var address } ? Address(address, text) : null);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var host = Host.Contains(':') ? $"[{Host}]" : Host;
        var http = Http is null ? "" : $"/{Http.GetLeftPart(UriPartial.Authority)}";
        return string.Create(CultureInfo.InvariantCulture, $"{Name}={host}:{SiloPort}/{GatewayPort}{http}");
    }

    internal static bool IsName(string text) => text.Length <= NameLengthMax && NamePattern.IsMatch(text);

    internal static DymesException Invalid(string message) => new(ErrorCode.ConfigurationInvalid, $"{Field}: {message}") { Field = Field };

    private static int Port(string digits, string text) =>
        int.Parse(digits, CultureInfo.InvariantCulture) is > 0 and <= 65_535 and var port ? port : throw Invalid($"'{text}' has the port {digits}; a port is 1 to 65535.");

    private static Uri Address(string address, string text) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.PathAndQuery == "/"
            ? uri
            : throw Invalid($"'{text}' has the HTTP address '{address}'; {Form}.");
}
