using System.Globalization;
using System.Text.Json;
using AlexNetSharp.Kernels.Losses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AlexNetSharp.Server;

/// <summary><c>POST /predict</c>: pictures in, labels with probabilities out, as <c>alexnet predict --json</c> gives them.</summary>
internal sealed class PredictEndpoint(ModelRepository models, BodyReader bodies, PictureGate gate, ServerOptions options)
{
    // Other types are refused here, with a message.
    private const string AnyType = "*/*";
    private const int DefaultTop = 3;

    /// <summary>Adds the address.</summary>
    public void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/predict", PredictAsync).WithTags("Predictions").WithSummary("Says what pictures show")
            .WithDescription("Pictures (PNG, JPEG, BMP, GIF or WebP, of any size) as the body itself or as the files of a multipart/form-data body; model: its name; version: its version; top: how many labels; raw: do not look for a glyph.")
            .Accepts<byte[]>("image/png", "image/jpeg", "image/bmp", "image/gif", "image/webp", "application/octet-stream", "multipart/form-data", AnyType)
            .Produces<PredictResponseBody>().ProducesError(400, 404, 408, 413, 415, 503, 504);

    private async Task PredictAsync(HttpContext context, string? model = null, string? version = null, string? top = null, string? raw = null)
    {
        int labels = top is null ? DefaultTop : int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) && parsed > 0
            ? parsed
            : throw RequestException.Invalid($"top is '{top}'; a whole number from 1 up is expected.");
        bool findsGlyph = raw is null or "false" || (raw is "true" or "" or "1" ? false : throw RequestException.Invalid($"raw is '{raw}'; true or false is expected."));
        using ModelLease lease = models.Require(model, version);
        LoadedModel loaded = lease.Model;
        using RequestBody body = await bodies.ReadAsync(context);
        IReadOnlyList<PicturePart> parts = await PictureParts.ReadAsync(context.Request, body.Memory, options.MaximalPictures, context.RequestAborted);
        (int inputs, int classes) = (checked(parts.Count * loaded.Spec.Input.Length), parts.Count * loaded.Spec.Classes.Length);
        float[] values = ArrayLoan.Rent<float>(inputs + classes);
        try
        {
            await PrepareAsync(loaded, parts, findsGlyph, values.AsMemory(0, inputs), context.RequestAborted);
            Memory<float> logits = values.AsMemory(inputs, classes);
            await loaded.Batcher.RunAsync(values.AsMemory(0, inputs), logits, parts.Count, context.RequestAborted);
            SoftmaxCrossEntropy.Softmax(logits.Span, logits.Span, loaded.Spec.Classes.Length);
            await JsonAnswers.WriteAsync(context.Response, StatusCodes.Status200OK, new Answer(loaded, parts, logits, labels), static (writer, answer) => answer.Write(writer));
        }
        finally
        {
            ArrayLoan.Return(values);
        }
    }

    private async ValueTask PrepareAsync(LoadedModel model, IReadOnlyList<PicturePart> parts, bool findsGlyph, Memory<float> values, CancellationToken aborted)
    {
        int length = model.Spec.Input.Length;
        for (int i = 0; i < parts.Count; i++)
        {
            await gate.EnterAsync(aborted);
            try
            {
                model.Pictures.Prepare(parts[i].Encoded.Span, parts[i].Name, findsGlyph, values.Slice(i * length, length).Span);
            }
            catch (InvalidDataException e)
            {
                throw RequestException.Invalid(e.Message);
            }
            finally
            {
                gate.Leave();
            }
        }
    }

    private readonly record struct Answer(LoadedModel Model, IReadOnlyList<PicturePart> Parts, ReadOnlyMemory<float> Probabilities, int Top)
    {
        public void Write(Utf8JsonWriter writer)
        {
            int classes = Model.Spec.Classes.Length;
            writer.WriteString("model"u8, Model.Name);
            writer.WriteString("version"u8, Model.Version);
            writer.WriteStartArray("predictions"u8);
            for (int i = 0; i < Parts.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("file"u8, Parts[i].Name);
                writer.WriteStartArray("top"u8);
                ReadOnlyMemory<float> probabilities = Probabilities.Slice(i * classes, classes);
                foreach (int label in Enumerable.Range(0, classes).OrderByDescending(label => probabilities.Span[label]).Take(Top))
                {
                    writer.WriteStartObject();
                    writer.WriteString("label"u8, Model.Spec.Classes[label]);
                    // The digits of the double, as the command prints them.
                    writer.WriteNumber("probability"u8, (double)probabilities.Span[label]);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
    }
}
