using System.Collections.Concurrent;
using System.Net.Sockets;

namespace AlexNetSharp.Server.Tests;

/// <summary>Clients that ask a server one request after another over connections that stay open, and check every answer.</summary>
internal sealed class LoadClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Uri _server;
    private readonly LoadRequest[] _requests;
    private readonly Task[] _clients;
    private readonly int[] _answered, _answers;
    private int _answeredWhileEnding, _busy, _refused, _notAccepted;
    private volatile bool _ending, _stopped;

    /// <summary>Starts them.</summary>
    /// <param name="server">Where the server listens.</param>
    /// <param name="requests">What is asked, over and over.</param>
    /// <param name="connections">Connections.</param>
    public LoadClients(Uri server, LoadRequest[] requests, int connections)
    {
        (_server, _requests, _answered, _answers) = (server, requests, new int[connections], new int[requests[0].Expected.Length]);
        _clients = [.. Enumerable.Range(0, connections).Select(client => Task.Run(() => RunAsync(client)))];
    }

    /// <summary>What went wrong.</summary>
    public ConcurrentQueue<string> Wrong { get; } = [];

    /// <summary>Right answers, of all models.</summary>
    public int Answered => _answered.Sum();

    /// <summary>Those of them that came after <see cref="ExpectEnd"/>.</summary>
    public int AnsweredWhileEnding => _answeredWhileEnding;

    /// <summary>Answers of status 503 that say when to come again.</summary>
    public int Busy => _busy;

    /// <summary>Clients who found that nobody listens any more.</summary>
    public int Refused => _refused;

    /// <summary>Connections begun after <see cref="ExpectEnd"/> that ended without a byte: they lay before the door when it was closed.</summary>
    public int NotAccepted => _notAccepted;

    /// <summary>Right answers that were a model's.</summary>
    public int AnsweredBy(int model) => Volatile.Read(ref _answers[model]);

    /// <summary>Waits until every connection has had an answer, and all together that many.</summary>
    public Task ReachAsync(int answers) => TestServer.UntilAsync(() => !Wrong.IsEmpty || (Answered >= answers && _answered.All(count => count > 0)));

    /// <summary>From here on the server may turn new requests away.</summary>
    public void ExpectEnd() => _ending = true;

    /// <summary>Waits until the server has turned every client away.</summary>
    public Task TurnedAwayAsync() => Task.WhenAll(_clients).WaitAsync(Patience);

    /// <summary>Lets each client have the answer that it waits for, and go.</summary>
    public Task StopAsync()
    {
        _stopped = true;
        return TurnedAwayAsync();
    }

    private async Task RunAsync(int client)
    {
        int next = client;
        while (!_stopped)
        {
            bool isLate = _ending;
            using TcpClient connection = new() { NoDelay = true };
            try
            {
                await connection.ConnectAsync(_server.Host, _server.Port);
            }
            catch (SocketException e)
            {
                if (_ending)
                    Interlocked.Increment(ref _refused);
                else
                    Wrong.Enqueue($"client {client}: {e.Message}");
                return;
            }
            bool asked = false;
            for (bool closes = false; !_stopped && !closes; asked = true)
            {
                LoadRequest request = _requests[next++ % _requests.Length];
                RawAnswer? answer;
                try
                {
                    answer = await AskAsync(connection.GetStream(), request.Message);
                }
                catch (Exception e) when (e is IOException or InvalidDataException)
                {
                    Wrong.Enqueue($"client {client}: {e.Message}");
                    return;
                }
                if (answer is null)
                {
                    if (isLate && !asked)
                        Interlocked.Increment(ref _notAccepted);
                    else
                        Wrong.Enqueue($"client {client}: no answer to a request on a connection {(asked ? "that had answered before" : "that was open before the end")}");
                    if (!isLate || asked)
                        return;
                    break;
                }
                if (!Judge(client, request, answer))
                    return;
                closes = answer.Closes;
            }
        }
    }

    private static async Task<RawAnswer?> AskAsync(NetworkStream stream, byte[] message)
    {
        try
        {
            await stream.WriteAsync(message);
        }
        catch (IOException)
        {
            // Closed already; whether there is an answer is seen by reading.
        }
        return await RawAnswer.ReadAsync(stream);
    }

    private bool Judge(int client, LoadRequest request, RawAnswer answer)
    {
        if (answer.Status == 503 && answer.Header("Retry-After") is not null)
        {
            Interlocked.Increment(ref _busy);
            return true;
        }
        int model = answer.Status == 200 ? request.ModelOf(answer) : -1;
        if (model < 0)
        {
            Wrong.Enqueue($"client {client}: {(answer.Status == 200 ? "an answer of no model" : answer.Head)}");
            return false;
        }
        Interlocked.Increment(ref _answers[model]);
        Interlocked.Increment(ref _answered[client]);
        if (_ending)
            Interlocked.Increment(ref _answeredWhileEnding);
        return true;
    }
}
