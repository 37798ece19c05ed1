using AlexNetSharp.Images;

namespace AlexNetSharp.Data.Tests;

public sealed class DataCheckTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Root => _directory.Path;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Check_FiveBrokenPictures_NamesThemAll()
    {
        Folders.WritePictures(Root, [.. Folders.Numbered("good", 5), .. Folders.Numbered("mixed", 5)]);
        BrokenPictures.Write(_directory.File("mixed"));

        DataReport report = Check();

        Assert.Equal(BrokenPictures.Names.Select(name => _directory.File($"mixed/{name}")), report.Problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
        Assert.All(report.Problems, problem => Assert.Contains(problem.Path, problem.Problem, StringComparison.Ordinal));
        Assert.Equal(15, report.Pictures);
        Assert.Equal([5, 5], report.Classes.Select(c => c.Training + c.Validation + c.Test));
        Assert.Equal(new ImageSize(2, 2), report.Largest);
    }

    [Fact]
    public void Check_SoundFolder_HasNoProblemsAndCountsClasses()
    {
        Folders.WritePictures(Root, "train/a/1.png", "train/b/2.png", "train/b/3.png", "val/b/4.png", "test/a/5.png");
        File.WriteAllText(_directory.File("README.md"), "What this is.");

        DataReport report = Check();

        Assert.Empty(report.Problems);
        Assert.Equal([new("a", 1, 0, 1), new ClassCount("b", 2, 1, 0)], report.Classes);
        Assert.Empty(report.Duplicates);
    }

    [Fact]
    public void Check_WhatDoesNotBelong_IsListed()
    {
        Folders.WritePictures(Root, "train/a/1.png", "val/a/2.png", "test/a/3.png", "loose.png", "train/lost.png", "trian/a/4.png");
        Folders.Write(Root, "train/a/photo.tiff", [1]);
        Folders.Write(Root, "train/a/.hidden", [1]);
        Directory.CreateDirectory(_directory.File("train/b.jpg"));
        Directory.CreateDirectory(_directory.File("train/empty"));

        DataReport report = Check();

        Assert.Equal(
            ["loose.png", "train/a/photo.tiff", "train/b.jpg", "train/empty", "train/lost.png", "trian"],
            report.Problems.Select(problem => Path.GetRelativePath(Root, problem.Path).Replace('\\', '/')));
    }

    [Fact]
    public void Check_TestPictureThatIsTrainedOn_IsADuplicateAndNoProblem()
    {
        Folders.WritePicture(Root, "train/a/1.png", 10);
        Folders.WritePicture(Root, "train/a/2.png", 11);
        Folders.WritePicture(Root, "val/a/3.png", 12);
        Folders.WritePicture(Root, "test/a/4.png", 11);
        Folders.WritePicture(Root, "test/a/5.png", 13);

        DataReport report = Check();

        Assert.Empty(report.Problems);
        Assert.Equal(new DuplicatePicture(_directory.File("test/a/4.png"), _directory.File("train/a/2.png")), Assert.Single(report.Duplicates));
    }

    [Fact]
    public void Check_List_TellsOfLinesAndFiles()
    {
        Folders.WritePicture(Root, "1.png", 1);
        string path = _directory.File("list.csv");
        File.WriteAllText(path, "1.png,a,train\nnone.png,a,train\n2.png\n1.png,a,val\n3.png,a,val\n");

        DataReport report = new DataCatalog().Check(path, null, null, TestContext.Current.CancellationToken);

        Assert.Contains("line 3", report.Problems[0].Problem, StringComparison.Ordinal);
        Assert.Contains("line 4", report.Problems[1].Problem, StringComparison.Ordinal);
        Assert.Equal([_directory.File("none.png"), _directory.File("3.png")], report.Problems[2..].Select(problem => problem.Path));
    }

    [Fact]
    public void Run_PicturesInMemory_AreNamedByTheirNumbers()
    {
        LabeledImages training = new("made/training", 1, 2, 1, new byte[] { 1, 2, 3, 4 }, new[] { 0, 0 }, ["a"]);
        LabeledImages test = new("made/test", 1, 2, 1, new byte[] { 3, 4 }, new[] { 0 }, ["a"]);

        DataReport report = DataCheck.Run(new DataSplits("made", training, training.Slice(0, 0, "made/validation"), test), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([new DuplicatePicture("made/test, picture 0", "made/training, picture 1")], report.Duplicates);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        Folders.WritePictures(Root, "a/1.png");

        Assert.ThrowsAny<OperationCanceledException>(() => DataCheck.Run(ImageFolder.Load(Root), cancellationToken: new CancellationToken(canceled: true)));
    }

    private DataReport Check() => new DataCatalog().Check(Root, null, null, TestContext.Current.CancellationToken);
}
