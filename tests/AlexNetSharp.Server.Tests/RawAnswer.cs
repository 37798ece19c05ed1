using System.Globalization;
using System.Text;

namespace AlexNetSharp.Server.Tests;

/// <summary>A whole answer, read from a connection that may stay open.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">As many bytes as its length said.</param>
internal sealed record RawAnswer(int Status, string Head, byte[] Body)
{
    /// <summary>Whether the server closes the connection behind it.</summary>
    public bool Closes => "close".Equals(Header("Connection"), StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a header; null where there is none.</summary>
    public string? Header(string name) => Header(Head, name);

    /// <summary>Reads one; null where the connection ends before its first byte.</summary>
    /// <exception cref="EndOfStreamException">It ends within the answer.</exception>
    public static async Task<RawAnswer?> ReadAsync(Stream stream)
    {
        byte[] buffer = new byte[1 << 14];
        int length = 0, headEnd = -1;
        while (headEnd < 0)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.AsMemory(length));
            }
            catch (IOException) when (length == 0)
            {
                return null;
            }
            if (read == 0)
                return length == 0 ? null : throw new EndOfStreamException($"The connection ended after {length} bytes of an answer's head.");
            length += read;
            headEnd = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        }
        string head = Encoding.Latin1.GetString(buffer, 0, headEnd);
        byte[] body = new byte[int.Parse(Header(head, "Content-Length") ?? throw new InvalidDataException($"An answer without its length: {head}"), CultureInfo.InvariantCulture)];
        int begun = length - headEnd - 4;
        buffer.AsSpan(headEnd + 4, begun).CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(begun));
        return new RawAnswer(RawClient.Status(head), head, body);
    }

    private static string? Header(string head, string name) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
