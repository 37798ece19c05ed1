using AlexNetSharp.Models;

namespace AlexNetSharp.Server;

/// <summary>Says what pictures show; any number of requests at a time. <c>services.AddAlexNet()</c> registers it.</summary>
/// <remarks>Pictures that wait at the same time are computed together; the answers are those of <see cref="AlexNet"/>, to the last bit.</remarks>
public interface IAlexNetPredictor
{
    /// <summary>The model: its name, input, classes and layers.</summary>
    ModelSpec Model { get; }

    /// <summary>Says what an encoded picture shows.</summary>
    /// <param name="encoded">A PNG, JPEG, BMP, GIF or WebP file's content; not to be changed until the answer is there.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="cancellationToken">Gives the picture up; one that still waits is not computed.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged or too large, or shows no glyph where one is looked for.</exception>
    /// <exception cref="PredictorBusyException">Too many pictures wait.</exception>
    /// <exception cref="TimeoutException">It has waited for <see cref="AlexNetServiceOptions.Deadline"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller gave it up.</exception>
    Task<Classification> PredictAsync(ReadOnlyMemory<byte> encoded, string name = "picture", CancellationToken cancellationToken = default);

    /// <summary>Says what the encoded picture in a stream shows: a request's body, say.</summary>
    /// <param name="stream">Read from where it stands to its end; not closed.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="cancellationToken">As above.</param>
    /// <exception cref="InvalidDataException">As above, or it has more than <see cref="AlexNetServiceOptions.MaximalPictureBytes"/> bytes.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="PredictorBusyException">Too many pictures wait.</exception>
    /// <exception cref="TimeoutException">As above.</exception>
    /// <exception cref="OperationCanceledException">As above.</exception>
    Task<Classification> PredictAsync(Stream stream, string name = "picture", CancellationToken cancellationToken = default);
}
