using Dymes.Client.Calls;
using Dymes.Client.Reading;
using Dymes.Common;
using Dymes.Message.Log;

namespace Dymes.Client;

/// <summary>The cursors of the nodes, over HTTP. A page's memory is its own.</summary>
/// <remarks>
/// A read moves the cursor on, so one whose answer was lost is not tried again: it fails with <see cref="ErrorCode.OutcomeUnknown"/>, and the messages of the lost page
/// come again from a query behind the position of the page before.
/// </remarks>
internal sealed class DymesCursors(NodeCalls calls) : IMessageCursors
{
    /// <inheritdoc/>
    public ValueTask<CursorId> OpenAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        query.Validate();

        // A cursor that was opened and whose id was lost expires.
        return calls.RunAsync(new OpenCursorCall(query), isRepeatable: true, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<FramePage?> ReadAsync(CursorId id, int count, CancellationToken cancellationToken = default)
    {
        try
        {
            return await calls.RunAsync(new ReadCursorCall(id, count), isRepeatable: false, cancellationToken).ConfigureAwait(false);
        }
        catch (DymesException missing) when (missing.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CloseAsync(CursorId id, CancellationToken cancellationToken = default)
    {
        try
        {
            return await calls.RunAsync(new CloseCursorCall(id), isRepeatable: true, cancellationToken).ConfigureAwait(false);
        }
        catch (DymesException missing) when (missing.Code == ErrorCode.NotFound)
        {
            return false;
        }
    }
}
