namespace AlexNetSharp.Checkpoints;

/// <summary>Writes files that appear whole or not at all, whatever happens meanwhile.</summary>
public static class DurableFile
{
    private const string TemporaryExtension = ".tmp";

    /// <summary>
    /// Writes a temporary file beside <paramref name="path"/>, flushes it to the disk and lets it take the place of the file that may be there, which
    /// until then stays as it was. Room for all of it is taken before the first byte is written.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="write">Writes so many bytes.</param>
    /// <exception cref="IOException">It cannot be written; where the disk is full, the message says how much was needed and how much there is.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static void Write(string path, long length, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string temporary = path + TemporaryExtension;
        try
        {
            using (FileStream stream = new(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = length }))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure)
        {
            // Before the unfinished file is gone, which takes room itself.
            long? free = FreeBytes(path);
            File.Delete(temporary);
            if (failure is IOException && IsFull(free, length))
                throw new IOException($"'{path}' could not be written: it takes {length} bytes, and {free} are free there. What was saved before is whole. Make room, or go on elsewhere.", failure);
            throw;
        }
    }

    /// <summary>Writes <paramref name="bytes"/> so.</summary>
    /// <inheritdoc cref="Write(string, long, Action{Stream})"/>
    public static void Write(string path, byte[] bytes) => Write(path, bytes.Length, stream => stream.Write(bytes));

    /// <summary>Adds bytes to the end of a file: all of them or, where that fails, none.</summary>
    /// <param name="file">The file, open for writing and without a buffer of its own.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="IOException">They cannot be written; where the disk is full, the message says how much was needed and how much there is.</exception>
    public static void Append(FileStream file, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        long length = file.Length;
        try
        {
            file.Position = length;
            file.Write(bytes);
        }
        catch (IOException failure)
        {
            long? free = FreeBytes(file.Name);
            file.SetLength(length);
            if (IsFull(free, bytes.Length))
                throw new IOException($"'{file.Name}' could not be written to: {bytes.Length} bytes are to be added, and {free} are free there. What was saved before is whole. Make room, or go on elsewhere.", failure);
            throw;
        }
    }

    /// <summary>Deletes what writers that were killed have left in <paramref name="folder"/>. Nobody may be writing there.</summary>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public static void DeleteTemporary(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (string temporary in Directory.GetFiles(folder, "*" + TemporaryExtension))
            File.Delete(temporary);
    }

    // Systems have many ways to say that a disk is full; what is free tells in all of them.
    private static bool IsFull(long? free, long length) => free < length;

    private static long? FreeBytes(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
