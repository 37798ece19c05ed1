using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AlexNetSharp.Server;

/// <summary>Finds the pictures in a request's body: one as it is, or several as the parts of a multipart body.</summary>
internal static class PictureParts
{
    private const int LongestBoundary = 200;
    private const int LongestName = 200;

    /// <summary>Reads them.</summary>
    /// <exception cref="RequestException">The body is empty or broken (400), holds too many (413), or is of no such type (415).</exception>
    public static async ValueTask<IReadOnlyList<PicturePart>> ReadAsync(HttpRequest request, ReadOnlyMemory<byte> body, int mostPictures, CancellationToken aborted)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || type.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            if (type is null && !string.IsNullOrEmpty(request.ContentType))
                throw Unsupported(request.ContentType);
            return body.IsEmpty ? throw RequestException.Invalid("The body is empty; a picture is expected.") : [new PicturePart("picture", body)];
        }
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw Unsupported(type.MediaType.ToString());
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > LongestBoundary)
            throw RequestException.Invalid($"The multipart body's boundary has {boundary.Length} characters; 1 to {LongestBoundary} are expected.");
        try
        {
            return await ReadPartsAsync(boundary, body, mostPictures, aborted);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw RequestException.Invalid($"The multipart body is broken: {e.Message}");
        }
    }

    private static async Task<List<PicturePart>> ReadPartsAsync(string boundary, ReadOnlyMemory<byte> body, int mostPictures, CancellationToken aborted)
    {
        MemoryMarshal.TryGetArray(body, out ArraySegment<byte> bytes);
        using MemoryStream stream = new(bytes.Array ?? [], bytes.Offset, bytes.Count, writable: false);
        MultipartReader reader = new(boundary, stream);
        List<PicturePart> parts = [];
        while (await reader.ReadNextSectionAsync(aborted) is MultipartSection section)
        {
            using MemoryStream content = new();
            await section.Body.CopyToAsync(content, aborted);
            FileMultipartSection? file = section.AsFileSection();
            // Fields that are no files may stand beside the pictures.
            if (file is null)
                continue;
            if (parts.Count == mostPictures)
                throw RequestException.TooLarge($"The request holds more than {mostPictures} pictures. Send fewer at a time.");
            string name = file.FileName.Length is > 0 and <= LongestName ? file.FileName : $"picture {parts.Count + 1}";
            parts.Add(new PicturePart(name, content.GetBuffer().AsMemory(0, (int)content.Length)));
        }
        return parts.Count > 0 ? parts : throw RequestException.Invalid("The multipart body holds no file; a picture is expected as a part with a file name.");
    }

    private static RequestException Unsupported(string type) =>
        RequestException.UnsupportedType($"The body's type is '{type}'; a picture (image/*) or several (multipart/form-data) are expected.");
}
