using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dymes.Vsr.Messages;
using Dymes.Vsr.Sessions;
using Dymes.Vsr.Tests.Group;

namespace Dymes.Vsr.Tests.Scenarios;

/// <summary>
/// Runs a script: lines that begin with <c>&gt;</c> are commands, lines that begin with <c>#</c> are for readers, all others are what is expected to happen. Returns the script with what did
/// happen.
/// </summary>
internal sealed class ScenarioScript
{
    private readonly Narrator _narrator = new() { IsQuiet = false };
    private readonly Dictionary<string, TestClient> _clients = [];
    private readonly Dictionary<string, ClientRequest> _lastRequests = [];
    private TestGroup? _group;

    private TestGroup Group => _group ?? throw new InvalidOperationException("A script begins with 'group N'.");

    public string Run(string script)
    {
        var output = new StringBuilder();
        foreach (var line in script.Split('\n'))
        {
            if (line.StartsWith('>'))
            {
                output.Append(line).Append('\n');
                Execute(line[1..].Trim().Split(' '));
                output.Append(_narrator.Take());
            }
            else if (!line.StartsWith("  ", StringComparison.Ordinal))
            {
                output.Append(line).Append('\n');
            }
        }

        return output.ToString().TrimEnd('\n') + '\n';
    }

    private void Execute(string[] words)
    {
        switch (words)
        {
            case ["group", var count]:
                Begin(int.Parse(count, CultureInfo.InvariantCulture));
                break;
            case ["blank", "group", var count]:
                _group = new TestGroup(int.Parse(count, CultureInfo.InvariantCulture), _narrator);
                break;
            case ["client", var name]:
                Register(name);
                break;
            case ["ask", var name, "again"]:
                _clients[name].Submit(_lastRequests[name]);
                break;
            case ["ask", var name, "again", "of", var to]:
                _clients[name].Submit(_lastRequests[name], Number(to));
                break;
            case ["ask", var name, var text]:
                _lastRequests[name] = _clients[name].Send(text);
                break;
            case ["ask", var name, var text, "of", var to]:
                _lastRequests[name] = _clients[name].Send(text, Number(to));
                break;
            case ["clock", var milliseconds]:
                Group.Clock += long.Parse(milliseconds, CultureInfo.InvariantCulture);
                break;
            case ["read", var number, "at", var replica]:
                Group[Number(replica)].Step(live => live.Read(ulong.Parse(number, CultureInfo.InvariantCulture)));
                break;
            default:
                ExecuteOnGroup(words);
                break;
        }
    }

    private void ExecuteOnGroup(string[] words)
    {
        switch (words)
        {
            case ["deliver", .. var which]:
                Group.Deliver(Matching(which));
                break;
            case ["drop", .. var which]:
                Group.Drop(Matching(which));
                break;
            case ["reverse", .. var which]:
                Group.Reverse(Matching(which));
                break;
            case ["double", .. var which]:
                Group.Duplicate(Matching(which));
                break;
            case ["run", var milliseconds]:
                Group.Run(int.Parse(milliseconds, CultureInfo.InvariantCulture));
                break;
            case ["isolate", var replica]:
                Group.Isolate(Number(replica));
                break;
            case ["heal"]:
                Group.Heal();
                break;
            case ["show"]:
                Show();
                break;
            default:
                ExecuteOnReplica(words);
                break;
        }
    }

    private void ExecuteOnReplica(string[] words)
    {
        switch (words)
        {
            case ["start", .. var replicas]:
                Each(replicas, replica => replica.Start());
                break;
            case ["crash", .. var replicas]:
                Each(replicas, replica => replica.Crash());
                break;
            case ["wipe", .. var replicas]:
                Each(replicas, replica => replica.Disk.Wipe());
                break;
            case ["hold", "disk", .. var replicas]:
                Each(replicas, replica => replica.Disk.IsHeld = true);
                break;
            case ["release", "disk", .. var replicas]:
                Each(replicas, replica =>
                {
                    replica.Disk.IsHeld = false;
                    replica.Flush();
                });
                break;
            case ["rot", var replica, "op", var op]:
                Group[Number(replica)].Disk.Damage(ulong.Parse(op, CultureInfo.InvariantCulture));
                break;
            case ["scrub", var replica, "op", var op]:
                Group[Number(replica)].Step(live => live.Damaged(ulong.Parse(op, CultureInfo.InvariantCulture)));
                break;
            default:
                throw new InvalidOperationException($"There is no command '{string.Join(' ', words)}'.");
        }
    }

    private void Begin(int count)
    {
        _narrator.IsQuiet = true;
        _group = TestGroup.Started(count, _narrator);
        Group.Run(100);
        _narrator.IsQuiet = false;
    }

    private void Register(string name)
    {
        _narrator.IsQuiet = true;
        var client = new TestClient(Group, (ulong)name[0]);
        _narrator.Name(client.Id, name);
        _clients[name] = client.Register();
        Group.Run(100);
        _narrator.IsQuiet = false;
    }

    private void Show()
    {
        foreach (var line in Group.Describe())
        {
            _narrator.Say(line);
        }
    }

    private void Each(string[] numbers, Action<TestReplica> action)
    {
        foreach (var replica in Group.Replicas)
        {
            if (numbers.Length == 0 || numbers.Contains(replica.Number.ToString()))
            {
                action(replica);
            }
        }
    }

    // "Prepare", "Prepare 0->2", "0->2", "->2", "0->", or nothing for all.
    private static Func<InFlight, bool> Matching(string[] words)
    {
        var kind = words.FirstOrDefault(word => char.IsLetter(word[0]));
        var route = words.Select(word => Regex.Match(word, "^([0-9]?)->([0-9]?)$")).FirstOrDefault(match => match.Success);
        return message => (kind is null || message.Message.Kind == Enum.Parse<MessageKind>(kind))
            && (route is null || (Fits(route.Groups[1], message.From) && Fits(route.Groups[2], message.To)));

        static bool Fits(Capture wanted, ReplicaNumber actual) => wanted.Length == 0 || wanted.Value == actual.ToString();
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
