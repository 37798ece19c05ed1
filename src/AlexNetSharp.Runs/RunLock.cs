using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AlexNetSharp.Runs;

/// <summary>Keeps a run's folder for one process: the file <c>run.lock</c> in it names the process that writes there.</summary>
/// <remarks>
/// A process that was killed leaves its file behind; as it no longer lives, the next one takes the file over. That is free of races: the file
/// is only ever created where there is none, or changed by who has it open alone and finds in it what it was about to replace.
/// </remarks>
public sealed class RunLock : IDisposable
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "run.lock";

    private const int MostTries = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // A file without its content is being written, or its process was killed between the two.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly RunHolder _self;
    private bool _isReleased;

    private RunLock(string path, RunHolder self) => (_path, _self) = (path, self);

    /// <summary>Takes a run's folder for this process.</summary>
    /// <param name="folder">The folder; must be there.</param>
    /// <exception cref="IOException">A living process, perhaps this one, has it already; the message says which. Or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static RunLock Acquire(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        RunHolder self = RunHolder.Of(Environment.ProcessId);
        for (int i = 0; i < MostTries; i++)
        {
            if (TryCreate(path, self))
                return new RunLock(path, self);
            if (ReadFilled(path) is string found)
            {
                if (Parse(found) is { IsAlive: true } holder)
                    throw Refuse(folder, path, holder);
                if (TryTakeOver(path, found, self))
                    return new RunLock(path, self);
            }
            Thread.Sleep(Pause);
        }
        throw new IOException($"'{path}' changes again and again, as other processes reach for it; try again when they are done.");
    }

    /// <summary>The living process that holds a run's folder; null where nobody does. One on another machine cannot be seen, and is taken for living.</summary>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static RunHolder? Holder(string folder) => Parse(Read(Path.Combine(folder, FileName))) is { IsAlive: true } holder ? holder : null;

    /// <summary>Whether a living process holds a run's folder.</summary>
    /// <inheritdoc cref="Holder"/>
    public static bool IsHeld(string folder) => Holder(folder) is not null;

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        try
        {
            if (Parse(ReadFilled(_path)) == _self)
                File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder allows it no longer. When this process ends the file holds nobody up.
        }
    }

    private static bool TryCreate(string path, RunHolder self)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        using (stream)
        {
            // Between creating and locking another may have taken the file for one whose process was killed.
            if (stream.Length > 0)
                return false;
            stream.Write(Format(self));
        }
        return Parse(ReadFilled(path)) == self;
    }

    private static bool TryTakeOver(string path, string expected, RunHolder self)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another has it open, or has deleted it.
            return false;
        }
        using (stream)
        {
            using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
            if (reader.ReadToEnd() != expected)
                return false;
            stream.SetLength(0);
            stream.Write(Format(self));
        }
        // Else it was deleted after it was opened, and is nobody's.
        return Parse(ReadFilled(path)) == self;
    }

    // Null where there is no file.
    private static string? ReadFilled(string path)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            string? text = Read(path);
            if (text is null || Parse(text) is not null || Stopwatch.GetElapsedTime(started) > LongestWrite)
                return text;
            Thread.Sleep(Pause);
        }
    }

    // Empty while another has it open alone.
    private static string? Read(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static byte[] Format(RunHolder holder) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(holder, RunsJsonForms.Line.RunHolder) + "\n");

    // Null where the text is not, or not yet, a holder.
    private static RunHolder? Parse(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize(text, RunsJsonForms.Line.RunHolder) is { Host.Length: > 0 } holder ? holder : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IOException Refuse(string folder, string path, RunHolder holder)
    {
        string whose = holder.IsThisProcess ? "another run of this same process" : $"process {holder.Pid} on '{holder.Host}'";
        string mend = holder.IsOnThisHost ? "Wait until it ends, or stop it." : $"Whether it still lives cannot be seen from here; if it does not, delete '{path}'.";
        return new IOException($"'{folder}' is in use: {whose} writes there since {holder.Since:yyyy-MM-dd HH:mm:ss}. {mend}");
    }
}
