using System.Net.Http.Headers;

namespace AlexNetSharp.Data;

/// <summary>
/// A download that is not finished: <c>NAME.part</c>, and beside it <c>NAME.part.from</c> with the address and the validator
/// (ETag or date) of what it is a part of, without which its rest must not be appended.
/// </summary>
internal sealed class PartFile(string finalPath)
{
    private readonly string _recordPath = finalPath + ".part.from";

    public string Path { get; } = finalPath + ".part";

    /// <summary>What has arrived so far.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The condition under which the rest of <paramref name="address"/> continues this part; null where it does not.</summary>
    public RangeConditionHeaderValue? ConditionFor(Uri address)
    {
        if (Length == 0 || !File.Exists(_recordPath))
            return null;
        string[] record = File.ReadAllLines(_recordPath);
        return record.Length == 2 && record[0] == address.AbsoluteUri && RangeConditionHeaderValue.TryParse(record[1], out RangeConditionHeaderValue? condition)
            ? condition
            : null;
    }

    /// <summary>Opens an empty part of what <paramref name="response"/> begins to send.</summary>
    public FileStream Restart(Uri address, HttpResponseMessage response)
    {
        FileStream part = new(Path, FileMode.Create, FileAccess.Write, FileShare.None);
        // A weak ETag is no ground to append by (RFC 9110, 13.1.5).
        RangeConditionHeaderValue? condition = response.Headers.ETag is { IsWeak: false } tag
            ? new RangeConditionHeaderValue(tag)
            : response.Content.Headers.LastModified is { } date ? new RangeConditionHeaderValue(date) : null;
        if (condition is null)
            File.Delete(_recordPath);
        else
            File.WriteAllLines(_recordPath, [address.AbsoluteUri, condition.ToString()]);
        return part;
    }

    /// <summary>Opens the part to append to it.</summary>
    public FileStream Continue() => new(Path, FileMode.Append, FileAccess.Write, FileShare.None);

    /// <summary>Gives the finished part its final name.</summary>
    public void Complete()
    {
        File.Move(Path, finalPath, overwrite: true);
        File.Delete(_recordPath);
    }

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(_recordPath);
    }
}
