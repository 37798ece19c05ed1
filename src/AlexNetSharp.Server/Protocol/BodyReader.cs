using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AlexNetSharp.Server;

/// <summary>Reads bodies within the limits of length, time and memory.</summary>
internal sealed class BodyReader(ServerOptions options, MemoryBudget budget)
{
    private const int StreamPiece = 1 << 14;

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="RequestException">It is too large (413), too slow (408), compressed in an unknown way (415) or not as it says (400), or the server is overloaded (503).</exception>
    public async ValueTask<RequestBody> ReadAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.ContentLength > options.MaximalBodyBytes)
        {
            // Refused here and not by the server's own limit, which cuts the connection: some clients read the answer only after they have sent all.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null;
            throw RequestBody.TooLarge(options.MaximalBodyBytes);
        }
        RequestBody body = new(budget, options.MaximalBodyBytes);
        try
        {
            string encoding = request.Headers.ContentEncoding.ToString();
            if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
                await ReadPlainAsync(context, body);
            else
                await ReadCompressedAsync(context, encoding, body);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private async ValueTask ReadPlainAsync(HttpContext context, RequestBody body)
    {
        PipeReader reader = context.Request.BodyReader;
        CancellationTokenSource? timeout = null;
        try
        {
            for (bool completed = false; !completed;)
            {
                // As a rule a small body has come with its headers, and nobody needs a clock.
                if (!reader.TryRead(out ReadResult result))
                    result = await reader.ReadAsync((timeout ??= Timeout(context)).Token);
                try
                {
                    foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                    {
                        piece.Span.CopyTo(body.Room(piece.Length).Span);
                        body.Advance(piece.Length);
                    }
                }
                finally
                {
                    // Where it has become too large as well: the server reads on to find the connection's next request.
                    reader.AdvanceTo(result.Buffer.End);
                }
                completed = result.IsCompleted;
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw TooSlow();
        }
        finally
        {
            timeout?.Dispose();
        }
    }

    private async ValueTask ReadCompressedAsync(HttpContext context, string encoding, RequestBody body)
    {
        await using Stream stream = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(context.Request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(context.Request.Body, CompressionMode.Decompress),
            _ => throw RequestException.UnsupportedType($"The body is compressed as '{encoding}'; gzip, br or deflate is expected."),
        };
        using CancellationTokenSource timeout = Timeout(context);
        try
        {
            for (int read; (read = await stream.ReadAsync(Piece(body), timeout.Token)) > 0;)
                body.Advance(read);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw TooSlow();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw RequestException.Invalid($"The body is not the {encoding} data that its Content-Encoding says.");
        }
    }

    private static Memory<byte> Piece(RequestBody body)
    {
        Memory<byte> room = body.Room();
        return room.Length > StreamPiece ? room[..StreamPiece] : room;
    }

    private CancellationTokenSource Timeout(HttpContext context)
    {
        CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(options.BodyTimeout);
        return timeout;
    }

    private RequestException TooSlow() => RequestException.TooSlow($"The body did not arrive within {options.BodyTimeout.TotalSeconds} s.");
}
