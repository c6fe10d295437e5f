using Dymes.Message.Log;

namespace Dymes.Engine.Appending;

/// <summary>Walks a request's conditions along with its messages; both are in ascending order.</summary>
internal ref struct ConditionCursor(IReadOnlyList<VersionCondition> conditions)
{
    private int _next;

    /// <summary>The version that a message expects, if it expects one.</summary>
    public ulong? For(int messageIndex)
    {
        while (_next < conditions.Count && conditions[_next].MessageIndex < messageIndex)
        {
            _next++;
        }

        return _next < conditions.Count && conditions[_next].MessageIndex == messageIndex ? conditions[_next].ExpectedVersion : null;
    }
}
