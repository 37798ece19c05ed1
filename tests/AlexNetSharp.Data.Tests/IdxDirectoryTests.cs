using System.Collections.Immutable;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data.Tests;

public sealed class IdxDirectoryTests
{
    [Fact]
    public void Load_Mnist_HasItsSplits()
    {
        DataSplits splits = IdxDirectory.Load(Mnist.Directory);

        Assert.Equal("mnist", splits.Name);
        Assert.Equal((55_000, 5_000, 10_000), (splits.Training.Count, splits.Validation.Count, splits.Test.Count));
        Assert.Equal(("mnist/training", "mnist/validation", "mnist/test"), (splits.Training.Name, splits.Validation.Name, splits.Test.Name));
        Assert.Equal((28, 28, 1), (((LabeledImages)splits.Test).Height, ((LabeledImages)splits.Test).Width, splits.Test.Channels));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], splits.Test.ClassNames);
        // The training file begins with 5 0 4 1 9, which are validation; the test file with 7 2 1 0 4.
        Assert.Equal([5, 0, 4, 1, 9], splits.Validation.Labels[..5].ToArray());
        Assert.Equal([7, 2, 1, 0, 4], splits.Test.Labels[..5].ToArray());
        Assert.Equal(Mnist.TestImage(9_999), ((LabeledImages)splits.Test).Image(9_999).ToArray());
    }

    [Fact]
    public void Load_UnknownSet_NumbersItsClasses()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);

        DataSplits splits = IdxDirectory.Load(directory.Path);

        Assert.Equal((22, 2, 3), (splits.Training.Count, splits.Validation.Count, splits.Test.Count));
        Assert.Equal(["0", "1", "2"], splits.Training.ClassNames);
        Assert.Equal([12, 13, 14, 15, 16, 17], ((LabeledImages)splits.Training).Image(0).ToArray());
        Assert.Equal(Path.GetFileName(directory.Path), splits.Name);
    }

    [Theory]
    [InlineData("train-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData("train-images-idx3-ubyte.gz", "test-labels.idx1-ubyte.gz")]
    public void Load_OtherSpellings_FindsTheFiles(string trainingImages, string testLabels)
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        File.Move(directory.File("train-images-idx3-ubyte"), directory.File(trainingImages));
        File.Move(directory.File("t10k-labels-idx1-ubyte"), directory.File(testLabels));

        Assert.Equal(22, IdxDirectory.Load(directory.Path).Training.Count);
    }

    [Fact]
    public void Load_PlainAndZipped_ReadsThePlainOne()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        directory.Write("train-images-idx3-ubyte.gz", "not looked at"u8.ToArray());

        Assert.Equal(22, IdxDirectory.Load(directory.Path).Training.Count);
    }

    [Fact]
    public void Load_EmnistLetters_TurnsPicturesAndCountsFromOne()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory, "emnist-letters-", "test", firstLabel: 1);

        DataSplits splits = IdxDirectory.Load(directory.Path);

        Assert.Equal("emnist-letters", splits.Name);
        Assert.Equal(26, splits.Test.ClassNames.Length);
        Assert.Equal(["A", "B", "C"], splits.Test.Labels.ToArray().Select(label => splits.Test.ClassNames[label]));
        Assert.Equal((3, 2), (((LabeledImages)splits.Test).Height, ((LabeledImages)splits.Test).Width));
        Assert.Equal([0, 3, 1, 4, 2, 5], ((LabeledImages)splits.Test).Image(0).ToArray());
        Assert.Equal([6, 9, 7, 10, 8, 11], ((LabeledImages)splits.Test).Image(1).ToArray());
    }

    [Theory]
    [InlineData("#letters", "emnist-letters")]
    [InlineData("#emnist-digits", "emnist-digits")]
    public void Load_SeveralSetsAndOneNamed_LoadsThatOne(string suffix, string expected)
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory, "emnist-letters-", "test", firstLabel: 1);
        IdxFiles.WriteSet(directory, "emnist-digits-", "test");

        Assert.Equal(expected, IdxDirectory.Load(directory.Path + suffix).Name);
    }

    [Fact]
    public void Load_SeveralSetsAndNoneNamed_ListsThem()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory, "emnist-letters-", "test", firstLabel: 1);
        IdxFiles.WriteSet(directory, "emnist-digits-", "test");

        AssertFails<InvalidDataException>(directory.Path, $"expected one set of IDX files, found 2: emnist-digits, emnist-letters. Name one of them by its prefix after a '#', as in '{directory.Path}#emnist-letters'.");
        AssertFails<InvalidDataException>(directory.Path + "#balanced", "expected files called balanced-train-images-idx3-ubyte and so on, found the sets emnist-digits, emnist-letters.");
    }

    [Fact]
    public void Load_DirectoryWithAHashInItsName_LoadsIt()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        string renamed = Directory.CreateDirectory(directory.File("set#1")).FullName;
        foreach (string file in Directory.GetFiles(directory.Path))
            File.Move(file, Path.Combine(renamed, Path.GetFileName(file)));

        Assert.Equal("set#1", IdxDirectory.Load(renamed).Name);
    }

    [Fact]
    public void Load_MissingDirectory_SaysWhatIsExpected()
    {
        using TemporaryDirectory directory = new();

        AssertFails<DirectoryNotFoundException>(directory.File("none"), "expected a directory with the files train-images-idx3-ubyte, ");
    }

    [Fact]
    public void Load_EmptyDirectory_NamesTheFiles()
    {
        using TemporaryDirectory directory = new();

        AssertFails<FileNotFoundException>(directory.Path, $"'{directory.Path}': expected the files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (plain or .gz), found none of them.");
    }

    [Fact]
    public void Load_MissingFiles_NamesThem()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        File.Delete(directory.File("train-labels-idx1-ubyte"));
        File.Delete(directory.File("t10k-images-idx3-ubyte"));

        AssertFails<FileNotFoundException>(directory.Path, "expected four IDX files, found 2; missing: train-labels-idx1-ubyte, t10k-images-idx3-ubyte (plain or .gz). Put them there.");
    }

    [Fact]
    public void Load_OtherCountOfLabels_NamesBothFiles()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        directory.Write("t10k-labels-idx1-ubyte", IdxFiles.Labels(1, 2));

        AssertFails<InvalidDataException>(directory.Path, $"'{directory.File("t10k-labels-idx1-ubyte")}': at byte 4: expected 3 labels, one for each picture of '{directory.File("t10k-images-idx3-ubyte")}', found 2.");
    }

    [Fact]
    public void Load_TestPicturesOfAnotherSize_NamesBothFiles()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        directory.Write("t10k-images-idx3-ubyte", IdxFiles.Images(3, 4, 4));

        AssertFails<InvalidDataException>(directory.Path, $"'{directory.File("t10k-images-idx3-ubyte")}': expected pictures of 2x3 as in '{directory.File("train-images-idx3-ubyte")}', found 4x4.");
    }

    [Fact]
    public void Load_TestLabelBeyondTheTrainingClasses_NamesIndexOffsetAndValue()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory);
        directory.Write("t10k-labels-idx1-ubyte", IdxFiles.Labels(0, 7, 1));

        AssertFails<InvalidDataException>(directory.Path, $"'{directory.File("t10k-labels-idx1-ubyte")}': label 1 (byte 9 of the content): expected 0 to 2 (3 classes, as in '{directory.File("train-labels-idx1-ubyte")}'), found 7.");
    }

    [Fact]
    public void Load_TrainingLabelBeyondAKnownSetsClasses_SaysHowManyItHas()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory, "kmnist-");
        directory.Write("kmnist-train-labels-idx1-ubyte", IdxFiles.Labels([.. Enumerable.Repeat((byte)10, 24)]));

        AssertFails<InvalidDataException>(directory.Path, "label 0 (byte 8 of the content): expected 0 to 9 (10 classes, as 'kmnist' has), found 10.");
    }

    [Fact]
    public void Load_EmnistLetterZero_IsBelowTheFirst()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory, "emnist-letters-", "test", firstLabel: 0);

        AssertFails<InvalidDataException>(directory.Path, "expected 1 to 26 (26 classes, as 'emnist-letters' has), found 0.");
    }

    [Theory]
    [InlineData("emnist-mnist-", 10)]
    [InlineData("emnist-digits-", 10)]
    [InlineData("emnist-balanced-", 47)]
    [InlineData("emnist-bymerge-", 47)]
    [InlineData("emnist-byclass-", 62)]
    [InlineData("kmnist-", 10)]
    public void Load_KnownSet_HasItsClasses(string prefix, int classes)
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory, prefix);

        ImmutableArray<string> names = IdxDirectory.Load(directory.Path).Training.ClassNames;

        Assert.Equal(classes, names.Distinct().Count());
    }

    private static void AssertFails<TException>(string path, string expected) where TException : Exception
    {
        TException e = Assert.Throws<TException>(() => IdxDirectory.Load(path));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
