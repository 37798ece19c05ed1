using AlexNetSharp.Data;
using AlexNetSharp.Images;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>Encodes the pictures of TensorBoard's events; where this system cannot, says so once and leaves them out.</summary>
internal sealed class EventPictures
{
    private bool _failed;

    public byte[]? Encode(StoredImage image, int channels)
    {
        if (_failed)
            return null;
        try
        {
            return PictureWriter.EncodePng(image, channels);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            _failed = true;
            CommandRunner.WriteError($"there are no pictures for TensorBoard: {e.Message}");
            return null;
        }
    }
}
