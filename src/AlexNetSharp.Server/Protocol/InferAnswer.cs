using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AlexNetSharp.Server;

/// <summary>The answer to an inference request: logits, probabilities or both, as JSON or as bytes after it.</summary>
/// <param name="Model">What computed it.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Logits">[count, classes].</param>
/// <param name="Probabilities">[count, classes]; empty where nobody asked for them.</param>
internal sealed record InferAnswer(LoadedModel Model, InferRequest Request, ReadOnlyMemory<float> Logits, ReadOnlyMemory<float> Probabilities)
{
    /// <summary>The header that says how many bytes of the body are JSON.</summary>
    public const string HeaderLength = "Inference-Header-Content-Length";

    private int Classes => Model.Spec.Classes.Length;

    /// <summary>Writes it.</summary>
    /// <exception cref="RequestException">A number is not finite, which JSON cannot say (400).</exception>
    public Task WriteAsync(HttpResponse response)
    {
        foreach (RequestedOutput output in Request.Outputs)
        {
            if (output.IsBinary != true)
                RequireFinite(ValuesOf(output.Name).Span);
        }
        if (Request.Outputs.All(output => output.IsBinary != true))
            return JsonAnswers.WriteAsync(response, StatusCodes.Status200OK, this, static (writer, answer) => answer.Write(writer));
        ReadOnlyMemory<byte> json = JsonAnswers.Render(this, static (writer, answer) => answer.Write(writer));
        response.ContentType = "application/octet-stream";
        response.Headers[HeaderLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = json.Length + Request.Outputs.Sum(output => output.IsBinary == true ? (long)ValuesOf(output.Name).Length * sizeof(float) : 0);
        Append(response, json.Span);
        foreach (RequestedOutput output in Request.Outputs)
        {
            if (output.IsBinary == true)
                Append(response, MemoryMarshal.AsBytes(ValuesOf(output.Name).Span));
        }
        return response.BodyWriter.FlushAsync().AsTask();
    }

    private static void Append(HttpResponse response, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(response.BodyWriter.GetSpan(bytes.Length));
        response.BodyWriter.Advance(bytes.Length);
    }

    private static void RequireFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new RequestException(StatusCodes.Status400BadRequest, "not_finite", $"The model's answer to this input holds {value}, which JSON has no word for. Send values as large as the model was trained on, or ask for binary data.");
        }
    }

    private ReadOnlyMemory<float> ValuesOf(string output) => output == TensorNames.Logits ? Logits : Probabilities;

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("model_name"u8, Model.Name);
        writer.WriteString("model_version"u8, Model.Version);
        if (Request.Id is not null)
            writer.WriteString("id"u8, Request.Id);
        writer.WriteStartArray("outputs"u8);
        foreach ((string name, bool? isBinary) in Request.Outputs)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, name);
            writer.WriteString("datatype"u8, TensorNames.Float);
            writer.WriteStartArray("shape"u8);
            writer.WriteNumberValue(Request.Count);
            writer.WriteNumberValue(Classes);
            writer.WriteEndArray();
            if (isBinary == true)
            {
                writer.WriteStartObject("parameters"u8);
                writer.WriteNumber("binary_data_size"u8, (long)Request.Count * Classes * sizeof(float));
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteStartArray("data"u8);
                foreach (float value in ValuesOf(name).Span)
                    writer.WriteNumberValue(value);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
