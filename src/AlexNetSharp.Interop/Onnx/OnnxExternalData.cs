using System.Globalization;
using AlexNetSharp.Interop.Onnx.Messages;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Tensors' data in files beside the model: read from its folder and from nowhere else.</summary>
/// <param name="folder">The model's folder, or null where the model came without one: then external data are refused.</param>
/// <remarks>
/// A location is a path relative to the folder, with forward slashes. One that is absolute, climbs out with "..", or leads out by a symbolic
/// link is refused. A region that several tensors name is read once; what all regions together take may not be more than their files hold.
/// </remarks>
internal sealed class OnnxExternalData(string? folder)
{
    private readonly Dictionary<(string Path, long Offset, long Length), byte[]> _regions = [];
    private readonly Dictionary<string, long> _files = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Reads the region that a tensor names.</summary>
    /// <param name="entries">The keys location, offset, length; checksum is not looked at.</param>
    /// <param name="bytes">What the tensor takes.</param>
    /// <param name="error">Makes the error that names model and tensor.</param>
    public ReadOnlyMemory<byte> Read(IEnumerable<StringStringEntryProto> entries, long bytes, Func<string, InvalidDataException> error)
    {
        string? location = null;
        long offset = 0;
        long length = bytes;
        foreach (StringStringEntryProto entry in entries)
        {
            if (entry.Key == "location")
                location = entry.Value;
            else if (entry.Key == "offset")
                offset = Number(entry, error);
            else if (entry.Key == "length")
                length = Number(entry, error);
        }
        if (string.IsNullOrEmpty(location))
            throw error("its data lie in another file, but no location is given");
        if (length != bytes)
            throw error($"its external data are {length} bytes long; its dimensions and type take {bytes}");
        string path = Resolve(location, error);
        long size = new FileInfo(path).Length;
        if (offset > size || bytes > size - offset)
            throw error($"its data are bytes {offset} to {offset + bytes} of '{location}', which has {size}");
        if (bytes == 0)
            return default;
        if (_regions.TryGetValue((path, offset, bytes), out byte[]? known))
            return known;
        _files[path] = size;
        _bytes += bytes;
        if (_bytes > _files.Values.Sum())
            throw error($"the tensors up to here take {_bytes} bytes of external data; their files hold {_files.Values.Sum()}");
        byte[] data = new byte[bytes];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        file.Position = offset;
        file.ReadExactly(data);
        _regions.Add((path, offset, bytes), data);
        return data;
    }

    private static long Number(StringStringEntryProto entry, Func<string, InvalidDataException> error) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw error($"its external data have {entry.Key} '{entry.Value}'; a number that is not negative was expected");

    private string Resolve(string location, Func<string, InvalidDataException> error)
    {
        if (folder is null)
            throw error($"its data lie in '{location}', but the model came without its folder. Open it from its file");
        string[] parts = location.Split('/', '\\');
        if (Path.IsPathRooted(location) || location.Contains(':') || location.Contains('\0') || parts.Contains(".."))
            throw error($"its data lie in '{location}'; a path inside the model's folder was expected");

        // Each step is looked at, so that neither a folder nor the file leads out by a link.
        string path = Path.GetFullPath(folder);
        string root = RealPath(path);
        foreach (string part in parts.Where(p => p is not "" and not "."))
            path = Path.Combine(path, part);
        if (!File.Exists(path))
            throw error($"its data lie in '{location}', which is not there. Put the file beside the model");
        string real = RealPath(path);
        if (!real.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw error($"its data lie in '{location}', a link that leads out of the model's folder");
        return real;
    }

    /// <summary>The path with every link in it followed.</summary>
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string step = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(step) ? new DirectoryInfo(step) : new FileInfo(step);
            real = info.ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : step;
        }
        return real;
    }
}
