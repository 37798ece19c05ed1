using AlexNetSharp.Images;

namespace AlexNetSharp.Data.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Root => _directory.Path;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_TrainValTest_AreTakenAsTheyAre()
    {
        Folders.WritePictures(Root, "train/dog/b.png", "train/dog/deep/er/a.PNG", "train/Cat/1.png", "val/dog/2.png", "test/Cat/3.png", "test/dog/4.png");

        DataSplits data = ImageFolder.Load(Root);

        // Ordinal order: capitals first.
        Assert.Equal(["Cat", "dog"], data.Training.ClassNames);
        Assert.Equal(["train/Cat/1.png=Cat", "train/dog/b.png=dog", "train/dog/deep/er/a.PNG=dog"], Folders.Describe(Root, data.Training));
        Assert.Equal(["val/dog/2.png=dog"], Folders.Describe(Root, data.Validation));
        Assert.Equal(["test/Cat/3.png=Cat", "test/dog/4.png=dog"], Folders.Describe(Root, data.Test));
        Assert.Equal((Path.GetFileName(Root), false, null), (data.Name, data.Training.IsInMemory, data.Training.CommonSize));
        Assert.Empty(data.Notes);
    }

    [Theory]
    [InlineData("valid")]
    [InlineData("validation")]
    [InlineData("VAL")]
    public void Load_OtherNamesOfVal_AreKnown(string name)
    {
        Folders.WritePictures(Root, "train/a/1.png", $"{name}/a/2.png", "test/a/3.png");

        Assert.Equal([$"{name}/a/2.png=a"], Folders.Describe(Root, ImageFolder.Load(Root).Validation));
    }

    [Fact]
    public void Load_NoTrain_DividesEachClass()
    {
        Folders.WritePictures(Root, [.. Folders.Numbered("many", 40), .. Folders.Numbered("few", 10), .. Folders.Numbered("pair", 2)]);

        DataSplits data = ImageFolder.Load(Root);

        Assert.Equal(["few", "many", "pair"], data.Training.ClassNames);
        Assert.Equal([8, 32, 2], Counts(data.Training));
        Assert.Equal([1, 4, 0], Counts(data.Validation));
        Assert.Equal([1, 4, 0], Counts(data.Test));
        Assert.Equal(52, new[] { data.Training, data.Validation, data.Test }.SelectMany(set => Folders.Describe(Root, set)).Distinct().Count());
        Assert.Contains("a tenth of each class is for testing and a tenth for validation", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AgainElsewhere_DividesAlikeAndAnotherSeedDoesNot()
    {
        Folders.WritePictures(Root, [.. Folders.Numbered("here/a", 30), .. Folders.Numbered("there/a", 30).Reverse()]);
        string here = _directory.File("here"), there = _directory.File("there");

        string[] first = Folders.Describe(here, ImageFolder.Load(here).Test);

        Assert.Equal(first, Folders.Describe(there, ImageFolder.Load(there).Test));
        Assert.NotEqual(first, Folders.Describe(here, ImageFolder.Load(here, seed: 1).Test));
    }

    [Fact]
    public void Load_TrainOnly_HoldsBackBoth()
    {
        Folders.WritePictures(Root, Folders.Numbered("train/a", 20));

        DataSplits data = ImageFolder.Load(Root);

        Assert.Equal((16, 2, 2), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Contains("neither 'val' nor 'test'", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoVal_HoldsItBack()
    {
        Folders.WritePictures(Root, [.. Folders.Numbered("train/a", 20), "test/a/1.png"]);

        DataSplits data = ImageFolder.Load(Root);

        Assert.Equal((18, 2, 1), (data.Training.Count, data.Validation.Count, data.Test.Count));
        Assert.Contains("no folder 'val'", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoTest_TestsOnValAndSaysSo()
    {
        Folders.WritePictures(Root, "train/a/1.png", "val/a/2.png");

        DataSplits data = ImageFolder.Load(Root);

        Assert.Same(data.Validation, data.Test);
        Assert.Contains("the validation pictures are tested on", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ClassCalledTrain_IsAClass()
    {
        Folders.WritePictures(Root, "train/1.png", "plane/1.png");

        Assert.Equal(["plane", "train"], ImageFolder.Load(Root).Training.ClassNames);
    }

    [Fact]
    public void Load_HiddenAndForeignFiles_AreLeftOut()
    {
        Folders.WritePictures(Root, "a/1.png", "a/.2.png", ".git/3.png", "a/.thumbs/4.png", "__MACOSX/5.png", "loose.png");
        Folders.Write(Root, "a/notes.txt", [1]);
        Folders.Write(Root, "a/Thumbs.db", [1]);

        DataSplits data = ImageFolder.Load(Root);

        Assert.Equal(["a"], data.Training.ClassNames);
        Assert.Equal(["a/1.png=a"], Folders.Describe(Root, data.Training));
    }

    [Fact]
    public void Load_ClassesTxt_GivesOrderAndNames()
    {
        Folders.WritePictures(Root, "a/1.png", "b_c/1.png");
        File.WriteAllText(_directory.File("classes.txt"), "b_c\tb/c\na\n");

        DataSplits data = ImageFolder.Load(Root);

        Assert.Equal(["b/c", "a"], data.Training.ClassNames);
        Assert.Equal(["b_c/1.png=b/c", "a/1.png=a"], Folders.Describe(Root, data.Training));
    }

    [Theory]
    [InlineData("a\n", "b'|classes.txt' lists")]
    [InlineData("a\nb\na\n", "line 3|found 'a'")]
    [InlineData("a\tx\nb\tx\n", "line 2|found 'b\tx'")]
    public void Load_ClassesTxtThatDoesNotFit_SaysWhere(string content, string parts)
    {
        Folders.WritePictures(Root, "a/1.png", "b/1.png");
        File.WriteAllText(_directory.File("classes.txt"), content);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ImageFolder.Load(Root));

        Assert.All(parts.Split('|'), part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("test")]
    [InlineData("val")]
    public void Load_ClassThatTrainLacks_IsNamed(string part)
    {
        Folders.WritePictures(Root, "train/a/1.png", $"{part}/a/1.png", $"{part}/zebra/1.png");

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ImageFolder.Load(Root));

        Assert.Contains($"class 'zebra' has no folder in '{_directory.File("train")}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TestWithoutClasses_SaysWhatIsExpected()
    {
        Folders.WritePictures(Root, "train/a/1.png", "test/1.png");

        Assert.Contains($"'{_directory.File("test")}': expected one subfolder a class", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyClass_IsNamed()
    {
        Folders.WritePictures(Root, "a/1.png");
        Directory.CreateDirectory(_directory.File("b"));

        Assert.Contains("expected pictures of class 'b', found none", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TwoFoldersForOnePart_NamesBoth()
    {
        Folders.WritePictures(Root, "train/a/1.png", "val/a/1.png", "valid/a/1.png");

        Assert.Contains("found val and valid", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_GreyPictures_HaveOneChannelUnlessAskedForThree()
    {
        Folders.Write(Root, "a/1.png", PngFile.Make(2, 8, PngFile.Grey, [[1, 2]]));
        Folders.Write(Root, "a/2.png", PngFile.Make(2, 8, PngFile.Grey, [[3, 4]]));
        // Broken pictures have no say, whatever their headers announce.
        Folders.Write(Root, "a/huge.png", [.. PngFile.Header(60_000, 60_000), .. PngFile.Make(1, 8, PngFile.Rgb, [[1, 2, 3]])[33..]]);
        Folders.Write(Root, "a/empty.png", []);

        Assert.Equal(1, ImageFolder.Load(Root).Training.Channels);
        Assert.Equal(3, ImageFolder.Load(Root, channels: 3).Training.Channels);
        Folders.Write(Root, "a/3.png", PngFile.Make(1, 8, PngFile.Rgb, [[1, 2, 3]]));
        Assert.Equal(3, ImageFolder.Load(Root).Training.Channels);
    }

    [Fact]
    public void Load_LinkBackToTheRoot_EndsAndKeepsEachPictureOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Folders.WritePictures(Root, "a/1.png");
        Directory.CreateSymbolicLink(_directory.File("a/loop"), Root);

        Assert.Equal(["a/1.png=a"], Folders.Describe(Root, ImageFolder.Load(Root).Training));
    }

    private static int[] Counts(ImageSet set) => [.. set.ClassNames.Select((_, label) => set.Labels.Count(label))];
}
