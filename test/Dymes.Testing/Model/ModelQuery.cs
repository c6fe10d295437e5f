using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>One message of an answer, and the place behind it.</summary>
internal sealed record ModelAnswer(ModelMessage Message, QueryPosition Position);

/// <summary>Answers queries by looking at everything.</summary>
internal sealed class ModelQuery(ModelState state)
{
    public List<ModelAnswer> Run(MessageQuery query)
    {
        var answers = Select(query)
            .Where(answer => query.Bounds.Contains(answer.Message.Lsn, answer.Message.Id))
            .Where(answer => query.Filters.All(filter => filter.Passes(answer.Message.Frame)));
        return query.Limit is { } limit ? answers.Take((int)Math.Min(limit, int.MaxValue)).ToList() : answers.ToList();
    }

    /// <summary>A message and all that follow from it, whatever the order of their arrival.</summary>
    public HashSet<MessageId> Tree(MessageId root)
    {
        var children = state.Log.ToLookup(message => message.Parent);
        var members = new HashSet<MessageId>();
        var open = new Stack<MessageId>(state.Find(root) is null ? [] : [root]);
        while (open.TryPop(out var id))
        {
            if (members.Add(id))
            {
                children[id].ToList().ForEach(child => open.Push(child.Id));
            }
        }

        return members;
    }

    private IEnumerable<ModelAnswer> Select(MessageQuery query)
    {
        var after = query.After is { IsStart: false } given ? given : (QueryPosition?)null;
        switch (query.Selection)
        {
            case IdsSelection ids:
                return ids.Ids.Select((id, index) => (Found: state.Find(id), UsedUp: (ulong)index + 1))
                    .Where(item => item.Found is not null && item.UsedUp > (after?.Ordinal ?? 0))
                    .Select(item => new ModelAnswer(item.Found!, new QueryPosition(item.UsedUp, item.Found!.Id)));
            case AncestorsSelection start:
                return Behind(Chain(start.Id), after);
            case TimeSelection:
                return InOrder(state.Log.OrderBy(message => message.Id), query, message => message.Id.CompareTo(after?.Id ?? default), after);
            default:
                return InOrder(Members(query.Selection), query, message => message.Lsn.CompareTo(new Lsn(after?.Ordinal ?? 0)), after);
        }
    }

    private IEnumerable<ModelMessage> Members(MessageSelection selection)
    {
        switch (selection)
        {
            case ChannelSelection channel:
                return state.InChannel(channel.Channel);
            case DescendantsSelection root:
                var tree = Tree(root.Id);
                return state.Log.Where(message => tree.Contains(message.Id));
            default:
                return state.Log;
        }
    }

    // A chain ends at the root, at a parent that is missing, or where it comes back to itself (imports may tie a knot).
    private IEnumerable<ModelMessage> Chain(MessageId start)
    {
        var seen = new HashSet<MessageId>();
        for (var message = state.Find(start); message is not null && seen.Add(message.Id); message = state.Find(message.Parent))
        {
            yield return message;
        }
    }

    private static IEnumerable<ModelAnswer> Behind(IEnumerable<ModelMessage> chain, QueryPosition? after) =>
        (after is { } place ? chain.SkipWhile(message => message.Id != place.Id).Skip(1) : chain)
        .Select(message => new ModelAnswer(message, message.Position));

    private static IEnumerable<ModelAnswer> InOrder(
        IEnumerable<ModelMessage> ascending, MessageQuery query, Func<ModelMessage, int> compareToAfter, QueryPosition? after)
    {
        var isAscending = query.Order == QueryOrder.Ascending;
        var ordered = isAscending ? ascending : ascending.Reverse();
        return ordered
            .Where(message => after is null || (isAscending ? compareToAfter(message) > 0 : compareToAfter(message) < 0))
            .Select(message => new ModelAnswer(message, message.Position));
    }
}
