using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AlexNetSharp.Server;

/// <summary>Writes answers as JSON, whole and with their length.</summary>
internal static class JsonAnswers
{
    // A thread writes one answer at a time, and keeps the memory for the next one, unless it was a giant.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    // Answers are JSON by their type and never looked at as HTML: nothing needs escaping but what JSON says.
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int LargestKept = 1 << 20;

    /// <summary>Answers with an object.</summary>
    /// <param name="response">The response.</param>
    /// <param name="status">Its status.</param>
    /// <param name="state">Handed on.</param>
    /// <param name="write">Writes the object's properties.</param>
    public static Task WriteAsync<TState>(HttpResponse response, int status, TState state, Action<Utf8JsonWriter, TState> write)
    {
        ReadOnlyMemory<byte> content = Render(state, write);
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = content.Length;
        // Copied into the connection's own memory before this returns.
        response.BodyWriter.Write(content.Span);
        return response.BodyWriter.FlushAsync().AsTask();
    }

    /// <summary>An object's bytes, valid until this thread writes the next one.</summary>
    public static ReadOnlyMemory<byte> Render<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        ArrayBufferWriter<byte> buffer = t_buffer is { Capacity: <= LargestKept } kept ? kept : t_buffer = new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        Utf8JsonWriter writer = t_writer ??= new Utf8JsonWriter(buffer, Options);
        writer.Reset(buffer);
        writer.WriteStartObject();
        write(writer, state);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Answers with <c>{"error": …}</c>.</summary>
    public static Task WriteErrorAsync(HttpResponse response, int status, string message) =>
        WriteAsync(response, status, message.ReplaceLineEndings(" "), static (writer, text) => writer.WriteString("error", text));
}
