namespace AlexNetSharp.Server;

/// <summary>Reads what may be endless.</summary>
internal static class BoundedStream
{
    private const int ReadBuffer = 1 << 16;

    /// <summary>The rest of the stream; null where that has more than <paramref name="most"/> bytes.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAllAsync(Stream stream, long most, CancellationToken cancellationToken)
    {
        MemoryStream content = new();
        byte[] buffer = new byte[ReadBuffer];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > most)
                return null;
        }
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
