using CsCheck;

namespace AlexNetSharp.Data.Tests;

public sealed class IdxReaderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadImages_GoodFile_GivesSizesAndPixels(bool zip)
    {
        using TemporaryDirectory directory = new();
        // The name says the opposite of what the file is.
        string path = directory.Write(zip ? "images" : "images.gz", zip ? IdxFiles.Zip(IdxFiles.Images(2)) : IdxFiles.Images(2));

        IdxImages images = IdxReader.ReadImages(path);

        Assert.Equal((2, 2, 3), (images.Count, images.Height, images.Width));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], images.Pixels);
    }

    [Fact]
    public void ReadLabels_GoodFile_GivesThem()
    {
        using TemporaryDirectory directory = new();

        Assert.Equal([3, 1, 2], IdxReader.ReadLabels(directory.Write("labels", IdxFiles.Labels(3, 1, 2))));
    }

    [Fact]
    public void ReadImages_LabelsFile_SaysThatTheyAreSwapped()
    {
        AssertFails(IdxFiles.Labels(1, 2), "at byte 0: expected the magic number 0x00000803 (IDX pictures of unsigned bytes), found 0x00000801 (IDX labels of unsigned bytes). The files of pictures and labels are swapped: exchange their names.");
    }

    [Fact]
    public void ReadImages_WrongMagic_SaysWhatCame()
    {
        AssertFails("%PDF-1.7 is not an IDX file"u8.ToArray(), "at byte 0: expected the magic number 0x00000803 (IDX pictures of unsigned bytes), found 0x25504446. This is no IDX file of that kind: check which file this is, or fetch it again.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(15)]
    public void ReadImages_ShorterThanTheHeader_SaysWhereItEnds(int length)
    {
        AssertFails(IdxFiles.Images(2)[..length], $"at byte {length}: expected a header of 16 bytes (0x00000803 (IDX pictures of unsigned bytes)), found the end after {length}. The file is cut off or damaged: fetch it again.");
    }

    [Fact]
    public void ReadImages_PlainAndCutOff_ComparesTheLengths()
    {
        AssertFails(IdxFiles.Images(2)[..^1], "at byte 16: expected a content of 28 bytes (2x2x3 after a header of 16), found 27. The file is cut off or damaged: fetch it again.");
    }

    [Fact]
    public void ReadImages_ZippedAndShorterThanAnnounced_SaysWhereItEnds()
    {
        AssertFails(IdxFiles.Zip(IdxFiles.Images(2)[..^1]), "at byte 27 of the decompressed content: expected 28 bytes in all (2x2x3 after a header of 16), found the end after 27. The file is cut off or damaged: fetch it again.");
    }

    [Fact]
    public void ReadImages_ZippedAndImpossiblySmall_IsRefusedBeforeAllocating()
    {
        byte[] zipped = IdxFiles.Zip(IdxFiles.Make(IdxFiles.ImagesMagic, [2_000_000, 32, 32], []));

        AssertFails(zipped, $"at byte 16 of the decompressed content: expected a content of 2048000016 bytes (2000000x32x32 after a header of 16), found a gzip file that can hold {zipped.Length * 1032} at most. The file is cut off or damaged: fetch it again.");
    }

    [Fact]
    public void ReadImages_TrailingBytes_SaysHowMany()
    {
        AssertFails([.. IdxFiles.Images(2), 1, 2, 3], "at byte 28: expected the end (2x2x3 after a header of 16), found 3 more. The header and the content do not belong together: fetch the file again.");
    }

    [Fact]
    public void ReadImages_GzipBomb_StopsRightAfterWhatIsAnnounced()
    {
        // 256 MiB in a quarter of a megabyte.
        byte[] bomb = IdxFiles.Zip(IdxFiles.Make(IdxFiles.ImagesMagic, [2, 2, 3], new byte[1 << 28]));

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertFails(bomb, "at byte 28 of the decompressed content: expected the end (2x2x3 after a header of 16), found more. The header and the content do not belong together: fetch the file again.");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void ReadImages_CorruptGzip_SaysSo()
    {
        byte[] zipped = IdxFiles.Zip(IdxFiles.Images(100, 20, 20));
        zipped.AsSpan(zipped.Length / 2, 20).Fill(0xff);

        AssertFails(zipped, "expected an intact gzip stream, found a corrupt one");
    }

    [Fact]
    public void ReadImages_WrongGzipChecksum_SaysSo()
    {
        byte[] zipped = IdxFiles.Zip(IdxFiles.Images(2));
        zipped[^5] ^= 1;

        AssertFails(zipped, "expected an intact gzip stream, found a corrupt one");
    }

    [Fact]
    public void ReadImages_CutOffGzip_SaysSo()
    {
        byte[] zipped = IdxFiles.Zip(IdxFiles.Images(100, 20, 20));

        AssertFails(zipped[..(zipped.Length / 2)], "of the decompressed content: expected 40016 bytes in all (100x20x20 after a header of 16), found the end after");
    }

    [Theory]
    [InlineData(0u, 28u, 28u, "at byte 4: expected a count above zero, found 0")]
    [InlineData(1u, 0u, 28u, "at byte 8: expected a height above zero, found 0")]
    [InlineData(1u, 28u, 0u, "at byte 12: expected a width above zero, found 0")]
    [InlineData(uint.MaxValue, 1u, 1u, "at byte 4: expected sizes of at most 2147483591 bytes in all, found 4294967295")]
    [InlineData(65536u, 65536u, 1u, "at byte 4: expected sizes of at most 2147483591 bytes in all, found 65536x65536")]
    [InlineData(60000u, 35792u, 2u, "at byte 4: expected sizes of at most 2147483591 bytes in all, found 60000x35792")]
    public void ReadImages_AbsurdSizes_SaysWhich(uint count, uint height, uint width, string expected)
    {
        AssertFails(IdxFiles.Make(IdxFiles.ImagesMagic, [count, height, width], []), expected);
    }

    [Fact]
    public void ReadImages_MissingFile_NamesIt()
    {
        using TemporaryDirectory directory = new();

        Assert.Equal(directory.File("none"), Assert.Throws<FileNotFoundException>(() => IdxReader.ReadImages(directory.File("none"))).FileName);
    }

    [Fact]
    public void Read_AnyBytes_GivesAResultOrInvalidData()
    {
        using TemporaryDirectory directory = new();
        string path = directory.File("any");
        Gen<byte[]> small = Gen.Byte.Array[0, 80];
        Gen<byte[]> headed = Gen.Select(Gen.OneOf(Gen.Const(IdxFiles.ImagesMagic), Gen.Const(IdxFiles.LabelsMagic)), Gen.UInt[0, 4].Array[1, 3], small)
            .Select((magic, sizes, content) => IdxFiles.Make(magic, sizes, content));
        Gen<byte[]> plain = Gen.OneOf(small, headed);
        Gen<byte[]> damaged = Gen.Select(plain.Select(IdxFiles.Zip), Gen.Int[0, 200], Gen.Byte).Select((zipped, at, value) =>
        {
            // Nothing zips to nothing.
            if (zipped.Length > 0)
                zipped[at % zipped.Length] = value;
            return zipped;
        });

        Gen.OneOf(plain, plain.Select(IdxFiles.Zip), damaged).Sample(
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                foreach (Action read in new Action[] { () => CheckImages(path), () => IdxReader.ReadLabels(path) })
                {
                    if (Record.Exception(read) is { } e and not InvalidDataException)
                        throw new InvalidOperationException("Another exception came out.", e);
                }
            },
            iter: 2000, threads: 1);
        Assert.True(File.Exists(path));
    }

    private static void CheckImages(string path)
    {
        IdxImages images = IdxReader.ReadImages(path);
        Assert.Equal(images.Count * images.Height * images.Width, images.Pixels.Length);
    }

    private static void AssertFails(byte[] file, string expected)
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("images", file);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => IdxReader.ReadImages(path));

        Assert.StartsWith($"'{path}': ", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
