using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>A subscription's place in the model's log. Called under the log's lock.</summary>
internal sealed class ModelFollower(ModelState state, MessageQuery query)
{
    private readonly HashSet<MessageId> _tree = [];
    private Lsn? _next;
    private long _given;

    /// <summary>Behind everything that was looked at.</summary>
    public QueryPosition Position { get; private set; }

    /// <summary>Whether the query's limit is reached.</summary>
    public bool IsDone => query.Limit is { } limit && _given == limit;

    /// <summary>What has come since the last call; at the first, the history.</summary>
    public List<ModelAnswer> TakeNews()
    {
        if (_next is not { } next)
        {
            next = Begin();
        }

        var news = new List<ModelAnswer>();
        foreach (var message in state.Log.Skip((int)next.Value))
        {
            if (!IsDone && IsSelected(message) && query.Bounds.Contains(message.Lsn, message.Id) && query.Filters.All(filter => filter.Passes(message.Frame)))
            {
                news.Add(new ModelAnswer(message, message.Position));
                _given++;
            }

            Position = message.Position;
        }

        _next = state.NextLsn;
        return news;
    }

    private Lsn Begin()
    {
        if (query.Selection is DescendantsSelection root)
        {
            Plant(root.Id);
        }

        if (query.After is not { IsStart: false } after)
        {
            return Lsn.First;
        }

        Position = after;
        return new Lsn(after.Ordinal).Next;
    }

    private bool IsSelected(ModelMessage message) => query.Selection switch
    {
        ChannelSelection channel => message.Channel == channel.Channel,
        DescendantsSelection root => IsOfTree(message, root.Id),
        _ => true,
    };

    // A message that joins brings what already followed from it; that lies behind in the log and is not given any more, but what follows from it is.
    private bool IsOfTree(ModelMessage message, MessageId root)
    {
        if (message.Id == root || _tree.Contains(message.Parent))
        {
            Plant(message.Id);
        }

        return _tree.Contains(message.Id);
    }

    private void Plant(MessageId root)
    {
        if (!_tree.Contains(root))
        {
            _tree.UnionWith(new ModelQuery(state).Tree(root));
        }
    }
}
