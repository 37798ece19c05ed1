using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AlexNetSharp.Runs;

/// <summary>Keeps two processes from writing into one run: the file <c>run.lock</c> in its folder, with the identity of the process that holds it.</summary>
/// <remarks>
/// A lock whose process is gone is taken over: its file is opened for one process alone, looked at again and overwritten, so that of several
/// that find it one gets it. Whether a process on another machine lives cannot be told; its lock has to be removed by hand.
/// </remarks>
public sealed class RunLock : IDisposable
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "run.lock";

    // A file that is empty for longer was left so by a process that was killed; writing takes no time to speak of.
    private static readonly TimeSpan PatienceWithTheEmpty = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly LockHolder _holder;

    private RunLock(string path, LockHolder holder)
    {
        _path = path;
        _holder = holder;
    }

    /// <summary>Takes the lock of the run in <paramref name="folder"/>.</summary>
    /// <exception cref="IOException">A process that lives, or one on another machine, holds it; or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static RunLock Acquire(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        LockHolder own = LockHolder.Own();
        Stopwatch empty = new();
        while (true)
        {
            if (TryCreate(path, own))
                return new RunLock(path, own);
            LockHolder? holder = Read(path);
            if (holder is null)
            {
                empty.Start();
                if (empty.Elapsed < PatienceWithTheEmpty)
                {
                    Thread.Sleep(TimeSpan.FromMilliseconds(20));
                    continue;
                }
            }
            else if (holder.IsAlive() is not false)
            {
                throw Held(path, folder, holder);
            }
            if (TryTakeOver(path, holder, own))
                return new RunLock(path, own);
        }
    }

    /// <summary>Whether a process that lives, or one on another machine, holds the lock of the run in <paramref name="folder"/>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsHeld(string folder) => Read(Path.Combine(folder, FileName)) is LockHolder holder && holder.IsAlive() is not false;

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        if (Read(_path) == _holder)
            File.Delete(_path);
    }

    private static bool TryCreate(string path, LockHolder own)
    {
        try
        {
            using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            stream.Write(Bytes(own));
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    // Another process may take it over at the same time, or have done so.
    private static bool TryTakeOver(string path, LockHolder? gone, LockHolder own)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            if (Parse(content) != gone)
                return false;
            stream.SetLength(0);
            stream.Write(Bytes(own));
            return true;
        }
        catch (IOException)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(5));
            return false;
        }
    }

    // Null where nothing can be read yet, or any more.
    private static LockHolder? Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody is taking it over at this moment.
            return null;
        }
    }

    private static LockHolder? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, RunsJsonForms.Line.LockHolder);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Bytes(LockHolder holder) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(holder, RunsJsonForms.Line.LockHolder) + "\n");

    private static IOException Held(string path, string folder, LockHolder holder)
    {
        string since = holder.Since.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new IOException(holder.IsAlive() is null
            ? $"'{folder}' is in use by process {holder.Pid} on {holder.Host} since {since}; from here it cannot be told whether that lives. If it does not, delete '{path}'."
            : $"'{folder}' is in use by process {holder.Pid} since {since}. Wait for it, stop it, or name another folder.");
    }
}
