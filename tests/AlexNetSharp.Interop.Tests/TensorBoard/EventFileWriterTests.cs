using AlexNetSharp.Interop.TensorBoard;

namespace AlexNetSharp.Interop.Tests.TensorBoard;

public sealed class EventFileWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("alexnet-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void New_File_BeginsWithTheFormatsVersion()
    {
        double before = Now();
        using EventFileWriter writer = new(_folder);

        ReadEvent first = Assert.Single(EventFileReader.Read(writer.Path));
        Assert.Equal("brain.Event:2", first.Version);
        Assert.Equal(0, first.Step);
        Assert.InRange(first.WallTime, before, Now());
        Assert.Matches(@"^events\.out\.tfevents\.\d{10}\..+\.\d+\.\d+$", Path.GetFileName(writer.Path));
    }

    [Fact]
    public void New_File_HasTheBytesThatTensorFlowsFilesBeginWith()
    {
        string path;
        using (EventFileWriter writer = new(_folder))
            path = writer.Path;

        // 24 bytes: a time and the version; then the masked checksum of that length.
        Assert.Equal("1800000000000000A37F4B22", Convert.ToHexString(File.ReadAllBytes(path).AsSpan(0, 12)));
    }

    [Fact]
    public void New_FilesOfOneSecond_ComeOneAfterAnother()
    {
        File.WriteAllBytes(Path.Combine(_folder, "events.out.tfevents.9999999997.zebra.999999.9"), []);
        using EventFileWriter first = new(_folder), second = new(_folder);

        Assert.StartsWith("events.out.tfevents.9999999998.", Path.GetFileName(first.Path), StringComparison.Ordinal);
        Assert.StartsWith("events.out.tfevents.9999999999.", Path.GetFileName(second.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_BeforeItIsClosed_IsInTheFile()
    {
        using EventFileWriter writer = new(_folder);
        for (int step = 0; step < 3; step++)
        {
            writer.WriteScalar("train/loss", step, 0.5 * step);

            ReadEvent last = EventFileReader.Read(writer.Path)[^1];
            Assert.Equal((step, "train/loss", true, 0.5f * step), (last.Step, last.Tag, last.IsScalar, last.Scalar));
        }
    }

    [Fact]
    public void WriteScalar_NoNumberAndLargeStep_AreKept()
    {
        using EventFileWriter writer = new(_folder);
        writer.WriteScalar("gone", 1L << 40, double.NaN);

        ReadEvent last = EventFileReader.Read(writer.Path)[^1];
        Assert.Equal(1L << 40, last.Step);
        Assert.True(float.IsNaN(last.Scalar));
    }

    [Fact]
    public void WriteImage_Picture_KeepsSizeAndBytes()
    {
        using EventFileWriter writer = new(_folder);
        writer.WriteImage("mistakes/01", 7, [1, 2, 3], 28, 32, 1, "a title", "a *description*");
        writer.WriteImage("filters", 7, [4], 2, 3, 3);

        ReadEvent[] events = [.. EventFileReader.Read(writer.Path).Where(each => each.IsImage)];
        Assert.Equal([(7, "mistakes/01"), (7, "filters")], events.Select(each => (each.Step, each.Tag)));
        Assert.Equal((28, 32, 1), (events[0].Image.Integer(1), events[0].Image.Integer(2), events[0].Image.Integer(3)));
        Assert.Equal([1, 2, 3], events[0].Image.Bytes(4));
        Assert.Equal(("a title", "a *description*"), (events[0].Value.Message(9).Text(2), events[0].Value.Message(9).Text(3)));
        Assert.Equal((2, 3, 3), (events[1].Image.Integer(1), events[1].Image.Integer(2), events[1].Image.Integer(3)));
        Assert.False(events[1].Value.Has(9));
    }

    [Fact]
    public void WriteHistogram_Values_KeepsTheirSpread()
    {
        using EventFileWriter writer = new(_folder);
        writer.WriteHistogram("parameters/conv1.weight", 3, [-1, 1, 1, 3]);

        WireMessage histogram = Assert.Single(EventFileReader.Read(writer.Path), each => each.IsHistogram).Histogram;
        Assert.Equal((-1, 3, 4, 4, 12), (histogram.Double(1), histogram.Double(2), histogram.Double(3), histogram.Double(4), histogram.Double(5)));
        Assert.Equal((64, 3), (histogram.PackedDoubles(6).Length, histogram.PackedDoubles(6)[^1]));
        Assert.Equal((64, 4), (histogram.PackedDoubles(7).Length, histogram.PackedDoubles(7).Sum()));
    }

    [Fact]
    public void WriteText_Text_IsATensorOfTheTextPlugin()
    {
        using EventFileWriter writer = new(_folder);
        writer.WriteText("settings", 0, "# Größe\n");

        ReadEvent text = Assert.Single(EventFileReader.Read(writer.Path), each => each.IsText);
        // DATA_CLASS_TENSOR; DT_STRING; one dimension of 1.
        Assert.Equal(2, text.Value.Message(9).Integer(4));
        Assert.Equal(7, text.Value.Message(8).Integer(1));
        Assert.Equal(1, text.Value.Message(8).Message(2).Message(2).Integer(1));
        Assert.Equal("# Größe\n", text.Text);
    }

    [Fact]
    public void WriteSessionStart_Step_IsItsEvents()
    {
        using EventFileWriter writer = new(_folder);
        writer.WriteSessionStart(12);

        Assert.Equal(12, Assert.Single(EventFileReader.Read(writer.Path), each => each.StartsSession).Step);
    }

    [Fact]
    public void Write_LastRecordCutOff_LeavesTheOthersReadable()
    {
        string path;
        using (EventFileWriter writer = new(_folder))
        {
            path = writer.Path;
            writer.WriteScalar("a", 1, 1);
            writer.WriteScalar("a", 2, 2);
        }
        byte[] whole = File.ReadAllBytes(path);
        // A version and two scalars of the same length.
        int last = 16 + EventFileReader.ReadRecords(whole).Last().Length;
        for (int cut = 1; cut <= last; cut++)
        {
            byte[][] records = [.. EventFileReader.ReadRecords(whole[..^cut])];

            Assert.Equal(2, records.Length);
            Assert.Equal(1, new ReadEvent(WireMessage.Parse(records[1])).Scalar);
        }
    }

    [Fact]
    public void Write_WhatMakesNoSense_IsRefused()
    {
        using EventFileWriter writer = new(_folder);

        Assert.Throws<ArgumentException>(() => writer.WriteScalar("", 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteImage("a", 0, [1], 1, 1, channels: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteImage("a", 0, [1], 0, 1, channels: 1));
        Assert.Single(EventFileReader.Read(writer.Path));
    }

    private static double Now() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
}
