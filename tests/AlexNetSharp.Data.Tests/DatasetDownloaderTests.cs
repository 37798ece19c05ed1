namespace AlexNetSharp.Data.Tests;

public sealed class DatasetDownloaderTests : IDisposable
{
    private const string Tag = "\"one\"";

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    private string Final => _directory.File("file.gz");

    private string Part => _directory.File("file.gz.part");

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Download_FourFiles_ArriveAndAreReported()
    {
        await using LoopbackServer server = new(request => new ServerResponse(200, TestDatasets.Files[request.Path[1..]]));
        Reports reports = new();

        await new DatasetDownloader(_client).DownloadAsync(TestDatasets.Source(server.Address), _directory.Path, reports, TestEnd);

        Assert.Equal(TestDatasets.Files.Keys.Order(), Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order());
        foreach ((string name, byte[] content) in TestDatasets.Files)
        {
            Assert.Equal(content, File.ReadAllBytes(_directory.File(name)));
            Assert.Equal(new DownloadProgress(name, content.Length, content.Length), reports.All.Last(report => report.FileName == name));
        }
    }

    [Fact]
    public async Task Download_FileAlreadyThere_IsNotAskedFor()
    {
        await using LoopbackServer server = new(_ => new ServerResponse(500, []));
        _directory.Write("file.gz", [1]);

        await DownloadOneFileAsync(server);

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Download_CutConnection_GoesOnWhereItStopped()
    {
        byte[] file = TestDatasets.OneFile().File;
        int answers = 0;
        await using LoopbackServer server = new(request => LoopbackServer.WithRanges(request, file, Tag) with { CutAfter = answers++ == 0 ? 100_000 : null });
        Reports reports = new();

        await DownloadOneFileAsync(server, reports);

        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Equal([null, 100_000], server.Requests.Select(request => request.RangeStart));
        Assert.Equal(new DownloadProgress("file.gz", file.Length, file.Length), reports.All[^1]);
        Assert.Equal([Final], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Download_Cancelled_KeepsThePartForTheNextTime()
    {
        byte[] file = TestDatasets.OneFile().File;
        int answers = 0;
        await using LoopbackServer server = new(request => answers++ == 0
            ? LoopbackServer.WithRanges(request, file, Tag) with { CutAfter = 150_000, Stalls = true }
            : LoopbackServer.WithRanges(request, file, Tag));
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        Reports reports = new(report =>
        {
            if (report.BytesReceived == 150_000)
                cancellation.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DownloadOneFileAsync(server, reports, cancellation.Token));
        Assert.Equal(file[..150_000], File.ReadAllBytes(Part));
        Assert.False(File.Exists(Final));

        await DownloadOneFileAsync(server);
        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Equal([null, 150_000], server.Requests.Select(request => request.RangeStart));
    }

    [Fact]
    public async Task Download_ServerWithoutRanges_StartsAgain()
    {
        byte[] file = TestDatasets.OneFile().File;
        await using LoopbackServer server = new(_ => new ServerResponse(200, file) { Headers = [$"ETag: {Tag}"] });
        WritePart(file[..1000], server, Tag);

        await DownloadOneFileAsync(server);

        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Equal(1000, Assert.Single(server.Requests).RangeStart);
    }

    [Fact]
    public async Task Download_FileChangedSinceThePart_StartsAgain()
    {
        byte[] file = TestDatasets.OneFile().File;
        await using LoopbackServer server = new(request => LoopbackServer.WithRanges(request, file, Tag));
        WritePart([1, 2, 3], server, "\"another\"");

        await DownloadOneFileAsync(server);

        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Equal("\"another\"", Assert.Single(server.Requests).IfRange);
    }

    [Fact]
    public async Task Download_PartOfUnknownOrigin_StartsAgain()
    {
        byte[] file = TestDatasets.OneFile().File;
        await using LoopbackServer server = new(request => LoopbackServer.WithRanges(request, file, Tag));
        File.WriteAllBytes(Part, [1, 2, 3]);

        await DownloadOneFileAsync(server);

        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Null(Assert.Single(server.Requests).RangeStart);
    }

    [Fact]
    public async Task Download_PartIsTheWholeFile_IsChecked()
    {
        byte[] file = TestDatasets.OneFile().File;
        await using LoopbackServer server = new(request => LoopbackServer.WithRanges(request, file, Tag));
        WritePart(file, server, Tag);

        await DownloadOneFileAsync(server);

        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Download_PartLongerThanTheFile_StartsAgain()
    {
        byte[] file = TestDatasets.OneFile().File;
        await using LoopbackServer server = new(request => LoopbackServer.WithRanges(request, file, Tag));
        WritePart([.. file, 1], server, Tag);

        await DownloadOneFileAsync(server);

        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Download_WrongContentOnTheFirstMirror_TakesTheSecond()
    {
        byte[] file = TestDatasets.OneFile().File;
        await using LoopbackServer wrong = new(_ => new ServerResponse(200, IdxFiles.Zip([1, 2, 3])));
        await using LoopbackServer right = new(_ => new ServerResponse(200, file));

        await new DatasetDownloader(_client).DownloadAsync(TestDatasets.OneFile(wrong.Address, right.Address).Source, _directory.Path, null, TestEnd);

        Assert.Equal(file, File.ReadAllBytes(Final));
        Assert.Equal([Final], Directory.GetFiles(_directory.Path));
        Assert.Single(wrong.Requests);
    }

    [Fact]
    public async Task Download_NoMirrorDelivers_SaysEachOnesReasonAndHowToMend()
    {
        await using LoopbackServer missing = new(_ => new ServerResponse(404, []));
        await using LoopbackServer wrong = new(_ => new ServerResponse(200, IdxFiles.Zip([1, 2, 3])));
        await using LoopbackServer corrupt = new(_ => new ServerResponse(200, [0x1f, 0x8b, 1, 2, 3]));
        await using LoopbackServer longer = new(_ => new ServerResponse(200, new byte[300_001]));
        await using LoopbackServer endless = new(_ => new ServerResponse(200, new byte[1 << 22]));
        await using LoopbackServer cut = new(_ => new ServerResponse(200, new byte[100]) { CutAfter = 10 });
        await using LoopbackServer silent = new(_ => new ServerResponse(200, new byte[100]) { CutAfter = 0, Stalls = true });
        Uri[] mirrors = [missing.Address, wrong.Address, corrupt.Address, longer.Address, endless.Address, cut.Address, silent.Address];
        (DatasetSource source, _) = TestDatasets.OneFile(mirrors);

        IOException e = await Assert.ThrowsAsync<IOException>(() =>
            new DatasetDownloader(_client, TimeSpan.FromSeconds(1)).DownloadAsync(source, _directory.Path, null, TestEnd));

        Assert.StartsWith($"'file.gz' of tiny could not be downloaded ({missing.Address}: it answered 404 Status; ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{wrong.Address}: its content has SHA-256 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81, expected {source.Files[0].Sha256}; ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{corrupt.Address}: its gzip stream is corrupt; ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{longer.Address}: its content is longer than the expected 300000 bytes; ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{endless.Address}: it sends more than the 365536 bytes that this file can have at most; ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{cut.Address}: The response ended prematurely", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{silent.Address}: it sent nothing for 1 s). ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Check the network, or put the files file.gz into '{_directory.Path}'.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_NobodyListens_SaysSo()
    {
        Uri address;
        await using (LoopbackServer server = new(_ => new ServerResponse(404, [])))
            address = server.Address;

        IOException e = await Assert.ThrowsAsync<IOException>(() => new DatasetDownloader(_client).DownloadAsync(TestDatasets.OneFile(address).Source, _directory.Path, null, TestEnd));

        Assert.Contains("Connection refused", e.Message, StringComparison.Ordinal);
    }

    private Task DownloadOneFileAsync(LoopbackServer server, Reports? reports = null, CancellationToken? cancellationToken = null) =>
        new DatasetDownloader(_client).DownloadAsync(TestDatasets.OneFile(server.Address).Source, _directory.Path, reports, cancellationToken ?? TestEnd);

    private void WritePart(byte[] content, LoopbackServer server, string tag)
    {
        File.WriteAllBytes(Part, content);
        File.WriteAllLines(Part + ".from", [server.Address + "file.gz", tag]);
    }

    /// <summary>Progress, told on the spot: <see cref="Progress{T}"/> would tell it later and elsewhere.</summary>
    private sealed class Reports(Action<DownloadProgress>? also = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> All { get; } = [];

        public void Report(DownloadProgress value)
        {
            All.Add(value);
            also?.Invoke(value);
        }
    }
}
