using System.Security.Cryptography;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data.Tests;

public sealed class DataCatalogTests : IDisposable
{
    private readonly TemporaryDirectory _cache = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    public void Dispose()
    {
        _client.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void CommittedMnist_HasTheCatalogsContent()
    {
        foreach (DatasetFile file in DatasetSource.Mnist.Files)
        {
            using GzipContent content = GzipContent.Open(Path.Combine(Mnist.Directory, file.Name));
            byte[] raw = new byte[file.RawLength];
            Assert.Equal(raw.Length, content.Read(raw));
            Assert.Equal(0, content.Read(new byte[1]));
            Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(raw)));
        }
    }

    [Fact]
    public void Load_Mnist_IsFoundAboveTheProgram()
    {
        // In any case of letters: names are typed by hand.
        DataSplits splits = new DataCatalog().Load("MNIST", null, TestContext.Current.CancellationToken);

        Assert.Equal("mnist", splits.Name);
        Assert.Equal(10_000, splits.Test.Count);
    }

    [Fact]
    public void Load_FashionMnist_HasItsNames()
    {
        if (!Directory.Exists("/usr/share/datasets/fashion-mnist"))
            Assert.Skip("Debian's package dataset-fashion-mnist is not installed.");

        DataSplits splits = new DataCatalog().Load("fashion-mnist", null, TestContext.Current.CancellationToken);

        Assert.Equal((55_000, 5_000, 10_000), (splits.Training.Count, splits.Validation.Count, splits.Test.Count));
        Assert.Equal("Ankle boot", splits.Test.ClassNames[splits.Test.Labels[0]]);
        Assert.Equal(10, splits.Test.ClassNames.Length);
    }

    [Fact]
    public void Load_AlexnetDataIsSet_LooksThereFirst()
    {
        using TemporaryDirectory chosen = new();
        foreach ((string name, byte[] content) in TestDatasets.Files)
        {
            Directory.CreateDirectory(chosen.File("mnist"));
            chosen.Write(Path.Combine("mnist", name), content);
        }
        string? before = Environment.GetEnvironmentVariable(DataLocations.EnvironmentVariable);
        try
        {
            Environment.SetEnvironmentVariable(DataLocations.EnvironmentVariable, chosen.Path);

            Assert.Equal(3, new DataCatalog().Load("mnist", null, TestContext.Current.CancellationToken).Test.Count);
        }
        finally
        {
            Environment.SetEnvironmentVariable(DataLocations.EnvironmentVariable, before);
        }
    }

    [Fact]
    public void FromEnvironment_XdgCacheHome_HoldsTheCache()
    {
        string? before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _cache.Path);
            Assert.Equal(_cache.File("alexnetsharp"), DataLocations.FromEnvironment().CacheDirectory);

            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "relative");
            Assert.True(Path.IsPathFullyQualified(DataLocations.FromEnvironment().CacheDirectory));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }

    [Fact]
    public async Task Load_FoundNowhere_IsDownloadedOnce()
    {
        await using LoopbackServer server = new(request => new ServerResponse(200, TestDatasets.Files[request.Path[1..]]));
        // A half-filled place is passed over.
        Directory.CreateDirectory(_cache.File(Path.Combine("elsewhere", TestDatasets.Name)));
        DataCatalog catalog = Catalog([_cache.File("elsewhere")], TestDatasets.Source(server.Address));

        DataSplits first = catalog.Load(TestDatasets.Name, null, TestContext.Current.CancellationToken);
        DataSplits second = catalog.Load(TestDatasets.Name, null, TestContext.Current.CancellationToken);

        Assert.Equal((22, 22), (first.Training.Count, second.Training.Count));
        Assert.Equal(4, server.Requests.Count);
        Assert.True(Directory.Exists(_cache.File(TestDatasets.Name)));
    }

    [Fact]
    public void Load_DirectoryOfIdxFiles_IsLoaded()
    {
        using TemporaryDirectory directory = new();
        IdxFiles.WriteSet(directory, "emnist-digits-", "test");
        IdxFiles.WriteSet(directory, "emnist-mnist-", "test");

        Assert.Equal("emnist-digits", Catalog([]).Load(directory.Path + "#digits", null, TestContext.Current.CancellationToken).Name);
    }

    [Fact]
    public void FindLocal_OfSomeSets_NamesThoseThatAreWhole()
    {
        DatasetSource source = TestDatasets.Source(new Uri("http://127.0.0.1:1/"));
        Assert.Empty(Catalog([], source).FindLocal());
        Directory.CreateDirectory(_cache.File("cifar-10/cifar-10-batches-bin"));
        CifarDirectoryTests.WriteCifar10(_cache.File("cifar-10/cifar-10-batches-bin"));
        // A half-filled place is none.
        Directory.CreateDirectory(_cache.File(TestDatasets.Name));

        Assert.Equal(["cifar-10"], Catalog([], source).FindLocal());
        foreach ((string name, byte[] content) in TestDatasets.Files)
            File.WriteAllBytes(_cache.File(Path.Combine(TestDatasets.Name, name)), content);

        Assert.Equal([TestDatasets.Name, "cifar-10"], Catalog([], source).FindLocal());
    }

    [Fact]
    public void Load_Cifar10_IsFoundByItsName()
    {
        Directory.CreateDirectory(_cache.File("cifar-10/cifar-10-batches-bin"));
        CifarDirectoryTests.WriteCifar10(_cache.File("cifar-10/cifar-10-batches-bin"));

        DataSplits data = Catalog([]).Load("CIFAR-10", null, TestContext.Current.CancellationToken);

        Assert.Equal(("cifar-10", 3), (data.Name, data.Test.Count));
    }

    [Fact]
    public void Load_Cifar100FoundNowhere_SaysWhereToPutIt()
    {
        DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => Catalog([]).Load("cifar-100", null, TestContext.Current.CancellationToken));

        Assert.Contains("cifar-100-binary.tar.gz", e.Message, StringComparison.Ordinal);
        Assert.Contains(_cache.File("cifar-100"), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Paths_AreToldByWhatLiesThere()
    {
        using TemporaryDirectory directory = new();
        Directory.CreateDirectory(directory.File("cifar"));
        CifarDirectoryTests.WriteCifar10(directory.File("cifar"));
        Folders.WritePictures(directory.Path, "folder/a/1.png", "folder/b/1.png");
        directory.Write("list.csv", "folder/a/1.png,x\n"u8.ToArray());

        Assert.IsType<LabeledImages>(Catalog([]).Load(directory.File("cifar"), null, TestContext.Current.CancellationToken).Training);
        Assert.Equal(["a", "b"], Catalog([]).Load(directory.File("folder"), null, TestContext.Current.CancellationToken).Training.ClassNames);
        Assert.Equal(["x"], Catalog([]).Load(directory.File("list.csv"), null, TestContext.Current.CancellationToken).Training.ClassNames);
    }

    [Fact]
    public void Load_NothingThatIsKnown_SaysWhatWasFound()
    {
        using TemporaryDirectory directory = new();
        foreach (string name in new[] { "d.txt", "b.txt", "c.txt", "a.txt" })
            directory.Write(name, [1]);

        InvalidDataException folder = Assert.Throws<InvalidDataException>(() => Catalog([]).Load(directory.Path, null, TestContext.Current.CancellationToken));
        InvalidDataException file = Assert.Throws<InvalidDataException>(() => Catalog([]).Load(directory.File("a.txt"), null, TestContext.Current.CancellationToken));

        Assert.Contains("found a.txt, b.txt, c.txt and 1 more", folder.Message, StringComparison.Ordinal);
        Assert.Contains("expected a directory or a CSV file", file.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mnist", true)]
    [InlineData("fashion-mnist", false)]
    public void Load_NamedSets_KnowWhetherTheyShowGlyphs(string name, bool expected)
    {
        if (name == "fashion-mnist" && !Directory.Exists("/usr/share/datasets/fashion-mnist"))
            Assert.Skip("Debian's package dataset-fashion-mnist is not installed.");

        Assert.Equal(expected, new DataCatalog().Load(name, null, TestContext.Current.CancellationToken).ShowsGlyphs);
    }

    [Fact]
    public void Load_UnknownName_ListsTheKnownOnes()
    {
        DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => new DataCatalog().Load("imagenet", null, TestContext.Current.CancellationToken));

        Assert.Equal("'imagenet' is neither a known data set nor a path. Known: mnist, fashion-mnist, cifar-10, cifar-100; anything else is the path of a folder with one subfolder a class, "
            + "of a CSV file of path,label, or of a directory with IDX or CIFAR files.", e.Message);
    }

    private DataCatalog Catalog(string[] places, params DatasetSource[] sources) =>
        new(new DataLocations([.. places], _cache.Path), new DatasetDownloader(_client), [.. sources]);
}
