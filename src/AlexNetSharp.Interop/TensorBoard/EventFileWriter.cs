using System.Globalization;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Interop.TensorBoard.Messages;
using Google.Protobuf;

namespace AlexNetSharp.Interop.TensorBoard;

/// <summary>Writes a file of events, as TensorBoard reads it. What a method was given is in the file when it returns, for a TensorBoard that is open to see.</summary>
/// <remarks>
/// The format is TensorFlow's: records of <c>Event</c> messages, each with masked CRC-32C checksums of its length and its data. An event is written
/// whole or, where the disk is full, not at all. Not for several threads at once.
/// </remarks>
public sealed class EventFileWriter : IDisposable
{
    private const string Prefix = "events.out.tfevents.";
    private const string Version = "brain.Event:2";

    // Picture's values a pixel, which are also the format's numbers for grey and RGB.
    private const int Grey = 1, Colors = 3;

    private static int s_files;

    private readonly FileStream _file;

    /// <summary>Makes a new file, whose name comes after those of all event files in the folder: TensorBoard reads them one after another.</summary>
    /// <param name="folder">The folder; it is made where it is not there.</param>
    /// <exception cref="IOException">The file cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public EventFileWriter(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{FreeSecond(folder):D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref s_files)}");
        Path = System.IO.Path.Combine(folder, name);
        _file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            Write(0, new Event { FileVersion = Version });
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Says that what comes begins anew at a step: TensorBoard forgets what earlier files of the folder have of this step and of later ones.</summary>
    /// <param name="step">The first step that is written anew.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteSessionStart(long step) => Write(step, new Event { SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });

    /// <summary>Adds a point to a curve.</summary>
    /// <param name="tag">The curve's name; what stands before a slash groups curves.</param>
    /// <param name="step">Its place.</param>
    /// <param name="value">Its height, kept as float32.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteScalar(string tag, long step, double value) => Write(step, new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });

    /// <summary>Adds a picture.</summary>
    /// <param name="tag">Its name, under which there is one a step.</param>
    /// <param name="step">Its place.</param>
    /// <param name="png">The picture as a PNG file.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Values of a pixel: 1 for grey, 3 for RGB.</param>
    /// <param name="title">What is shown as its name instead of the tag; null for the tag.</param>
    /// <param name="description">More about it, in Markdown; null for nothing.</param>
    /// <exception cref="ArgumentException">The tag is empty, there are neither 1 nor 3 channels, or a size is below one.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteImage(string tag, long step, ReadOnlySpan<byte> png, int height, int width, int channels, string? title = null, string? description = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (channels is not (Grey or Colors))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"A picture of {channels} channels cannot be shown; 1 (grey) or 3 (RGB) are expected.");
        Summary.Types.Value value = new()
        {
            Tag = tag,
            Image = new Summary.Types.Image { Height = height, Width = width, Colorspace = channels, EncodedImageString = ByteString.CopyFrom(png) },
        };
        if (title is not null || description is not null)
            value.Metadata = new SummaryMetadata { DisplayName = title ?? "", SummaryDescription = description ?? "" };
        Write(step, value);
    }

    /// <summary>Adds how values are spread, in 64 buckets of one width between the smallest and the largest.</summary>
    /// <param name="tag">Their name, under which there is one histogram a step.</param>
    /// <param name="step">Its place.</param>
    /// <param name="values">The values; those that are no finite numbers are left out.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteHistogram(string tag, long step, ReadOnlySpan<float> values) => Write(step, new Summary.Types.Value { Tag = tag, Histo = ValueHistogram.Of(values) });

    /// <summary>Adds a text.</summary>
    /// <param name="tag">Its name, under which there is one a step.</param>
    /// <param name="step">Its place.</param>
    /// <param name="markdown">The text, in Markdown.</param>
    /// <exception cref="ArgumentException">The tag is empty.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteText(string tag, long step, string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        TensorProto tensor = new() { Dtype = DataType.DtString, TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = 1 } } } };
        tensor.StringVal.Add(ByteString.CopyFromUtf8(markdown));
        SummaryMetadata metadata = new() { PluginData = new SummaryMetadata.Types.PluginData { PluginName = "text" }, DataClass = DataClass.Tensor };
        Write(step, new Summary.Types.Value { Tag = tag, Metadata = metadata, Tensor = tensor });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    // Files of one second would be ordered by their process's number, and a clock may have been set back.
    private static long FreeSecond(string folder)
    {
        long free = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (string file in Directory.EnumerateFiles(folder, Prefix + "*"))
        {
            string second = System.IO.Path.GetFileName(file)[Prefix.Length..].Split('.')[0];
            if (long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out long taken))
                free = Math.Max(free, taken + 1);
        }
        return free;
    }

    private void Write(long step, Summary.Types.Value value)
    {
        if (value.Tag.Length == 0)
            throw new ArgumentException("A value needs a tag that is not empty.");
        Write(step, new Event { Summary = new Summary { Value = { value } } });
    }

    private void Write(long step, Event written)
    {
        written.Step = step;
        written.WallTime = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        DurableFile.Append(_file, RecordFrame.Of(written.ToByteArray()));
    }
}
