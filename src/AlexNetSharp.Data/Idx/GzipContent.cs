using System.IO.Compression;

namespace AlexNetSharp.Data;

/// <summary>Reads a file that may be gzipped, which its first two bytes tell and not its name.</summary>
internal sealed class GzipContent : IDisposable
{
    /// <summary>Deflate makes at most 1,032 bytes of one: an announced size beyond that cannot be in the file.</summary>
    private const long LargestExpansion = 1032;

    private readonly string _path;
    private readonly Stream _content;

    private GzipContent(string path, Stream content, bool isZipped, long largestLength)
    {
        _path = path;
        _content = content;
        IsZipped = isZipped;
        LargestLength = largestLength;
    }

    /// <summary>Whether the file is gzipped.</summary>
    public bool IsZipped { get; }

    /// <summary>The content's length where the file is plain, and the most that its length allows where it is gzipped.</summary>
    public long LargestLength { get; }

    /// <summary>How many bytes of content have been read.</summary>
    public long Position { get; private set; }

    /// <summary>What an error calls the place of byte <paramref name="offset"/>.</summary>
    public string Place(long offset) => IsZipped ? $"byte {offset} of the decompressed content" : $"byte {offset}";

    public static GzipContent Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        try
        {
            long length = file.Length;
            bool isZipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            return isZipped
                ? new GzipContent(path, new GZipStream(file, CompressionMode.Decompress), isZipped, length * LargestExpansion)
                : new GzipContent(path, file, isZipped, length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="buffer"/> and returns its length, or fewer where the content ends.</summary>
    /// <remarks>A gzip stream that is cut off ends early, as .NET reads it, and is no error here.</remarks>
    /// <exception cref="InvalidDataException">The gzip stream is corrupt.</exception>
    public int Read(Span<byte> buffer)
    {
        int filled = 0;
        try
        {
            while (filled < buffer.Length)
            {
                int read = _content.Read(buffer[filled..]);
                if (read == 0)
                    break;
                filled += read;
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(
                $"'{_path}': after {Place(Position + filled)}: expected an intact gzip stream, found a corrupt one ({e.Message.TrimEnd('.')}). "
                + "Fetch or compress the file again.", e);
        }
        Position += filled;
        return filled;
    }

    public void Dispose() => _content.Dispose();
}
