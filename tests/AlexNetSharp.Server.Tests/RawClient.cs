using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace AlexNetSharp.Server.Tests;

/// <summary>Says to a server whatever a test wants, well-formed or not, and reads what comes back.</summary>
internal static class RawClient
{
    /// <summary>Sends the pieces and reads until the server closes; the text that came back.</summary>
    public static async Task<string> SendAsync(Uri server, params byte[][] pieces) => (await SendTimedAsync(server, pieces)).Answer;

    /// <summary>The same, and how long the answer's first byte took.</summary>
    public static async Task<(string Answer, TimeSpan Time)> SendTimedAsync(Uri server, byte[][] pieces)
    {
        long start = Stopwatch.GetTimestamp();
        using TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port);
        NetworkStream stream = client.GetStream();
        Task<(string Answer, TimeSpan Time)> answer = ReadAsync(stream, start);
        try
        {
            foreach (byte[] piece in pieces)
                await stream.WriteAsync(piece);
        }
        catch (IOException)
        {
            // The server has answered and closed before all was sent.
        }
        return await answer;
    }

    /// <summary>A request's head; the connection is to be closed after the answer.</summary>
    public static byte[] Head(string line, params string[] headers) =>
        Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>The status of an answer.</summary>
    public static int Status(string answer) => answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3)) : 0;

    private static async Task<(string Answer, TimeSpan Time)> ReadAsync(NetworkStream stream, long start)
    {
        TimeSpan? first = null;
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                first ??= Stopwatch.GetElapsedTime(start);
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Reset after the answer.
        }
        return (text.ToString(), first ?? Stopwatch.GetElapsedTime(start));
    }
}
