using System.Text;
using AlexNetSharp.Interop.TensorBoard;

namespace AlexNetSharp.Interop.Tests.TensorBoard;

public sealed class RecordFrameTests
{
    // RFC 3720, appendix B.4, and the check value of the CRC catalogues.
    public static TheoryData<byte[], uint> KnownChecksums => new()
    {
        { [], 0 },
        { new byte[32], 0x8a9136aa },
        { [.. Enumerable.Repeat((byte)255, 32)], 0x62a8ab43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46dd794e },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113fdb5c },
        { Encoding.ASCII.GetBytes("123456789"), 0xe3069283 },
    };

    [Theory]
    [MemberData(nameof(KnownChecksums))]
    public void Crc32C_KnownBytes_GivesTheKnownChecksum(byte[] data, uint checksum) => Assert.Equal(checksum, RecordFrame.Crc32C(data));

    [Fact]
    public void Of_EveryLength_IsReadBackWithBothChecksums()
    {
        for (int length = 0; length < 70; length++)
        {
            byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];

            Assert.Equal(data, Assert.Single(EventFileReader.ReadRecords(RecordFrame.Of(data))));
        }
    }

    [Fact]
    public void Of_AnyByteChanged_IsNoticed()
    {
        byte[] frame = RecordFrame.Of([1, 2, 3, 4, 5]);
        for (int i = 0; i < frame.Length; i++)
        {
            byte[] changed = [.. frame];
            changed[i] ^= 16;

            Assert.Throws<InvalidDataException>(() => EventFileReader.ReadRecords(changed).ToArray());
        }
    }
}
