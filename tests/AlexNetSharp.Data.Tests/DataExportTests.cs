using System.Collections.Immutable;
using AlexNetSharp.Images;
using CsCheck;

namespace AlexNetSharp.Data.Tests;

public sealed class DataExportTests : IDisposable
{
    private static readonly ImmutableArray<string> Names = ["zebra", "T-shirt/top", "a", "A", "CON", "x.png", "..", "b "];

    private readonly TemporaryDirectory _directory = new();

    private string Folder => _directory.File("out");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Write_ThenLoad_GivesTheSameBytesAndClasses(int channels)
    {
        DataSplits data = Make(channels);

        ExportReport report = DataExport.Write(data, Folder, null, TestContext.Current.CancellationToken);
        DataSplits back = ImageFolder.Load(Folder);

        Assert.Equal((24, 0), (report.Pictures, report.Problems.Length));
        Assert.Equal(channels, back.Training.Channels);
        Assert.Equal(Names, back.Training.ClassNames);
        Assert.Equal(Content(data.Training), Content(back.Training));
        Assert.Equal(Content(data.Validation), Content(back.Validation));
        Assert.Equal(Content(data.Test), Content(back.Test));
        // In the same order: training on the folder gives the same bits.
        Assert.Equal(data.Training.Labels, back.Training.Labels);
        Assert.Empty(new DataCatalog().Check(Folder, null, null, TestContext.Current.CancellationToken).Problems);
    }

    [Fact]
    public void Write_NamesThatNoFolderCanHave_AreExplained()
    {
        ExportReport report = DataExport.Write(Make(1), Folder, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            [new("T-shirt/top", "T-shirt_top"), new("A", "A-2"), new("CON", "CON_"), new("x.png", "x.png_"), new("..", "_.._"), new RenamedClass("b ", "b _")], report.Renamed);
        Assert.Equal("T-shirt_top\tT-shirt/top", File.ReadAllLines(Path.Combine(Folder, "classes.txt"))[1]);
        // Numbered by the pictures' places in their part of the set.
        Assert.True(File.Exists(Path.Combine(Folder, "train", "zebra", "00009.png")));
    }

    [Fact]
    public void Of_AnyNames_GivesFoldersThatDifferAndStay() => Gen.String[0, 12].Array[1, 20].Sample(names =>
    {
        ImmutableArray<string> folders = FolderNames.Of([.. names.Distinct()]);

        Assert.Equal(folders.Length, folders.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(folders, folder => Assert.False(folder.StartsWith('.') || folder.Contains('/') || folder.Contains('\\') || folder.Any(char.IsControl) || PictureReader.HasPictureName(folder)));
    }, iter: 200);

    [Fact]
    public void Write_MnistsForm_IsStillKnown()
    {
        LabeledImages digits = (LabeledImages)new DataCatalog().Load(Mnist.Directory, null, TestContext.Current.CancellationToken).Test;
        DataSplits data = new("digits", digits.Slice(0, 60, "digits/training"), digits.Slice(60, 1, "digits/validation"), digits.Slice(61, 1, "digits/test"));

        DataExport.Write(data, Folder, null, TestContext.Current.CancellationToken);

        Assert.True(ImageFolder.Load(Folder).ShowsGlyphs);
    }

    [Fact]
    public void Write_FolderThatHoldsSomething_IsRefused()
    {
        Folders.Write(Folder, "mine.txt", [1]);

        IOException e = Assert.Throws<IOException>(() => DataExport.Write(Make(1), Folder, null, TestContext.Current.CancellationToken));

        Assert.Contains($"'{Folder}': expected a new or empty folder", e.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(Folder, "mine.txt")], Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public void Write_BrokenPictures_AreNamedAndLeftOut()
    {
        string source = _directory.File("in");
        Folders.WritePictures(source, "train/a/1.png", "val/a/1.png", "test/a/1.png");
        BrokenPictures.Write(Path.Combine(source, "train", "a"));

        ExportReport report = DataExport.Write(ImageFolder.Load(source), Folder, null, TestContext.Current.CancellationToken);

        Assert.Equal(3, report.Pictures);
        Assert.Equal(BrokenPictures.Names, report.Problems.Select(problem => Path.GetFileName(problem.Path)));
        Assert.Single(Directory.GetFiles(Path.Combine(Folder, "train", "a")));
    }

    [Fact]
    public void Write_Progress_EndsWithAll()
    {
        Last last = new();

        DataExport.Write(Make(1), Folder, last, TestContext.Current.CancellationToken);

        Assert.Equal(new PictureProgress(24, 24), last.Value);
    }

    [Fact]
    public void Write_Cancelled_Stops() =>
        Assert.ThrowsAny<OperationCanceledException>(() => DataExport.Write(Make(1), Folder, null, new CancellationToken(canceled: true)));

    private static DataSplits Make(int channels)
    {
        const int Count = 24;
        byte[] pixels = new byte[Count * 5 * 7 * channels];
        new Random(4).NextBytes(pixels);
        LabeledImages all = new("made", 5, 7, channels, pixels, Enumerable.Range(0, Count).Select(i => i % Names.Length).ToArray(), Names);
        return new DataSplits("made", all.Slice(0, 16, "made/training"), all.Slice(16, 4, "made/validation"), all.Slice(20, 4, "made/test"));
    }

    private static string[] Content(ImageSet set) =>
        [.. Enumerable.Range(0, set.Count).Select(i => $"{set.ClassNames[set.Labels[i]]} {set.Read(i).Height}x{set.Read(i).Width} {Convert.ToHexString(set.Read(i).Pixels.Span)}").Order()];

    private sealed class Last : IProgress<PictureProgress>
    {
        public PictureProgress Value { get; private set; }

        public void Report(PictureProgress value) => Value = value;
    }
}
