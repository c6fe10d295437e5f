using System.Buffers;
using System.IO.Pipelines;
using Dymes.Http.Answering;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http.Appending;

/// <summary>What is made of a whole body.</summary>
internal delegate TResult BodyParser<in TState, out TResult>(ReadOnlySpan<byte> body, TState state);

/// <summary>Reads bodies that are wanted as a whole. The usual one lies in one piece in the connection's buffer and is parsed there.</summary>
internal sealed class RequestBodies(HttpLimits limits, ByteBudget budget)
{
    // Below this the connection's own buffer holds the body; the budget is for what is large.
    private const int SmallBytes = 64 * 1024;

    /// <summary>Reads a body and parses it.</summary>
    /// <exception cref="Refusal">It is too large, or too many large ones are held already.</exception>
    public async ValueTask<TResult> ReadAsync<TState, TResult>(HttpRequest request, TState state, BodyParser<TState, TResult> parse)
    {
        var announced = request.ContentLength;
        if (announced > limits.RequestBytesMax)
        {
            throw TooLarge();
        }

        var pipe = request.BodyReader;
        var result = await pipe.ReadAsync().ConfigureAwait(false);
        return IsWhole(result, announced)
            ? Parse(pipe, result.Buffer, state, parse)
            : await ReadOnAsync(pipe, result, announced, state, parse).ConfigureAwait(false);
    }

    private async Task<TResult> ReadOnAsync<TState, TResult>(
        PipeReader pipe, ReadResult result, long? announced, TState state, BodyParser<TState, TResult> parse)
    {
        var held = 0L;
        try
        {
            while (!IsWhole(result, announced))
            {
                if (result.Buffer.Length > limits.RequestBytesMax)
                {
                    pipe.AdvanceTo(result.Buffer.End);
                    throw TooLarge();
                }

                held = Hold(pipe, result.Buffer, held);
                pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                result = await pipe.ReadAsync().ConfigureAwait(false);
            }

            if (result.Buffer.Length > limits.RequestBytesMax)
            {
                pipe.AdvanceTo(result.Buffer.End);
                throw TooLarge();
            }

            return Parse(pipe, result.Buffer, state, parse);
        }
        finally
        {
            budget.GiveBack(held);
        }
    }

    private static bool IsWhole(ReadResult result, long? announced) => result.IsCompleted || (announced is { } length && result.Buffer.Length >= length);

    private long Hold(PipeReader pipe, ReadOnlySequence<byte> buffer, long held)
    {
        if (buffer.Length <= SmallBytes)
        {
            return held;
        }

        try
        {
            budget.Take(buffer.Length - held);
            return buffer.Length;
        }
        catch (Refusal)
        {
            pipe.AdvanceTo(buffer.End);
            throw;
        }
    }

    private static TResult Parse<TState, TResult>(PipeReader pipe, ReadOnlySequence<byte> buffer, TState state, BodyParser<TState, TResult> parse)
    {
        byte[]? rented = null;
        try
        {
            if (buffer.IsSingleSegment)
            {
                return parse(buffer.FirstSpan, state);
            }

            var length = (int)buffer.Length;
            rented = ArrayPool<byte>.Shared.Rent(length);
            buffer.CopyTo(rented);
            return parse(rented.AsSpan(0, length), state);
        }
        finally
        {
            pipe.AdvanceTo(buffer.End);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private Refusal TooLarge() => Refusal.TooLarge(
        $"The request is larger than {limits.RequestBytesMax} bytes. A message has at most 2 MiB: store larger content elsewhere and append a reference to it.");
}
