using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AlexNetSharp.Data.Tests;

/// <summary>What a client asked for.</summary>
internal sealed record ServerRequest(string Path, long? RangeStart, string? IfRange);

/// <summary>What the server sends back.</summary>
internal sealed record ServerResponse(int Status, byte[] Body)
{
    /// <summary>Header lines beside Content-Length and Connection.</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>The connection is cut after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>After what is sent of the body the connection stays open, and nothing comes.</summary>
    public bool Stalls { get; init; }
}

/// <summary>A web server of a few lines, which can misbehave as a real one does and HttpListener will not.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ServerRequest, ServerResponse> _answer;
    private readonly Task _loop;

    public LoopbackServer(Func<ServerRequest, ServerResponse> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _loop = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    public ConcurrentQueue<ServerRequest> Requests { get; } = new();

    /// <summary>A server of one file that understands ranges.</summary>
    public static ServerResponse WithRanges(ServerRequest request, byte[] file, string tag) =>
        request.RangeStart is { } start && request.IfRange == tag
            ? start < file.Length
                ? new ServerResponse(206, file[(int)start..]) { Headers = [$"ETag: {tag}", $"Content-Range: bytes {start}-{file.Length - 1}/{file.Length}"] }
                : new ServerResponse(416, []) { Headers = [$"Content-Range: bytes */{file.Length}"] }
            : new ServerResponse(200, file) { Headers = [$"ETag: {tag}"] };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        using TcpClient client = connection;
        try
        {
            NetworkStream stream = client.GetStream();
            ServerRequest request = await ReadRequestAsync(stream);
            Requests.Enqueue(request);
            ServerResponse response = _answer(request);
            string[] head = [$"HTTP/1.1 {response.Status} Status", $"Content-Length: {response.Body.Length}", "Connection: close", .. response.Headers, "", ""];
            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)), _stop.Token);
            await stream.WriteAsync(response.Body.AsMemory(0, response.CutAfter ?? response.Body.Length), _stop.Token);
            if (response.Stalls)
                await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task<ServerRequest> ReadRequestAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync(_stop.Token) ?? throw new IOException("No request came.")).Split(' ')[1];
        (long? rangeStart, string? ifRange) = (null, null);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            string value = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            if (line.StartsWith("Range:", StringComparison.OrdinalIgnoreCase))
                rangeStart = long.Parse(value["bytes=".Length..^1], CultureInfo.InvariantCulture);
            else if (line.StartsWith("If-Range:", StringComparison.OrdinalIgnoreCase))
                ifRange = value;
        }
        return new ServerRequest(path, rangeStart, ifRange);
    }
}
