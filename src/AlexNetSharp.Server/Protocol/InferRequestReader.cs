using System.Runtime.InteropServices;
using System.Text.Json;
using AlexNetSharp.Models;

namespace AlexNetSharp.Server;

/// <summary>Reads inference requests: JSON, or JSON followed by the bytes of its tensor (the extension for binary tensor data).</summary>
internal static class InferRequestReader
{
    /// <summary>Reads a request for a model.</summary>
    /// <param name="body">The body.</param>
    /// <param name="headerLength">Bytes of JSON at its start; null for all.</param>
    /// <param name="model">What it must fit.</param>
    /// <exception cref="RequestException">It is not as the protocol and the model want it (400).</exception>
    public static InferRequest Read(ReadOnlySpan<byte> body, int? headerLength, LoadedModel model)
    {
        if (headerLength > body.Length)
            throw RequestException.Invalid($"Inference-Header-Content-Length is {headerLength}; the body has {body.Length} bytes.");
        ReadOnlySpan<byte> json = body[..(headerLength ?? body.Length)], tail = body[json.Length..];
        InferRequest request = new();
        try
        {
            TensorDraft tensor = ReadJson(json, request);
            Finish(tensor, tail, headerLength is not null, request, model);
            return request;
        }
        catch (Exception e)
        {
            request.Dispose();
            // The latter: text that is no UTF-8, or half a surrogate pair.
            if (e is JsonException or InvalidOperationException)
                throw RequestException.Invalid($"The body is no JSON: {e.Message}");
            throw;
        }
    }

    private static TensorDraft ReadJson(ReadOnlySpan<byte> json, InferRequest request)
    {
        Utf8JsonReader reader = new(json);
        TensorDraft? tensor = null;
        bool? binary = null;
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "The body must be a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                request.Id = Text(ref reader, "'id'");
            }
            else if (reader.ValueTextEquals("inputs"u8))
            {
                Require(tensor is null, "'inputs' stands there twice.");
                tensor = ReadInputs(ref reader, ref json, request.Values);
            }
            else if (reader.ValueTextEquals("outputs"u8))
            {
                ReadOutputs(ref reader, request.Outputs);
            }
            else if (reader.ValueTextEquals("parameters"u8))
            {
                binary = ReadParameters(ref reader, "binary_data_output"u8, out _) ?? binary;
            }
            else
            {
                Skip(ref reader);
            }
        }
        // Whatever follows the object is an error of the reader.
        reader.Read();
        if (request.Outputs.Count == 0)
            request.Outputs.AddRange([new(TensorNames.Logits, null), new(TensorNames.Probabilities, null)]);
        for (int i = 0; i < request.Outputs.Count; i++)
            request.Outputs[i] = request.Outputs[i] with { IsBinary = request.Outputs[i].IsBinary ?? binary ?? false };
        return tensor ?? throw RequestException.Invalid("The request has no 'inputs'.");
    }

    private static TensorDraft ReadInputs(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, NumberBuffer values)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, "'inputs' must be an array of tensors.");
        TensorDraft? tensor = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(tensor is null, $"The request has several inputs; one is expected, '{TensorNames.Input}' or '{TensorNames.Pixels}'.");
            tensor = ReadInput(ref reader, ref json, values);
        }
        return tensor ?? throw RequestException.Invalid($"'inputs' is empty; '{TensorNames.Input}' or '{TensorNames.Pixels}' is expected.");
    }

    private static TensorDraft ReadInput(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, NumberBuffer values)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, "'inputs' must be an array of tensors, each an object.");
        TensorDraft tensor = new();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                tensor.Name = Text(ref reader, "A tensor's 'name'");
            }
            else if (reader.ValueTextEquals("datatype"u8))
            {
                tensor.Datatype = Text(ref reader, "A tensor's 'datatype'");
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                tensor.Shape = ReadShape(ref reader);
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                Require(!tensor.HasData, "A tensor's 'data' stands there twice.");
                reader.Read();
                (tensor.Nesting, tensor.HasData) = (TensorDataReader.Read(ref reader, ref json, values), true);
            }
            else if (reader.ValueTextEquals("parameters"u8))
            {
                ReadParameters(ref reader, "binary_data_size"u8, out long? size);
                tensor.BinarySize = size ?? tensor.BinarySize;
            }
            else
            {
                Skip(ref reader);
            }
        }
        return tensor;
    }

    private static long[] ReadShape(ref Utf8JsonReader reader)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, "A tensor's 'shape' must be an array of whole numbers.");
        List<long> shape = new(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            long length = 0;
            Require(shape.Count < 8 && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out length) && length >= 0, "A tensor's 'shape' must be an array of whole numbers from 0 up.");
            shape.Add(length);
        }
        return [.. shape];
    }

    private static void ReadOutputs(ref Utf8JsonReader reader, List<RequestedOutput> outputs)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, "'outputs' must be an array of objects.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(reader.TokenType == JsonTokenType.StartObject, "'outputs' must be an array of objects.");
            (string? name, bool? binary) = (null, null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("name"u8))
                    name = Text(ref reader, "An output's 'name'");
                else if (reader.ValueTextEquals("parameters"u8))
                    binary = ReadParameters(ref reader, "binary_data"u8, out _) ?? binary;
                else
                    Skip(ref reader);
            }
            if (name is not (TensorNames.Logits or TensorNames.Probabilities))
                throw RequestException.Invalid($"There is no output '{name}'; '{TensorNames.Logits}' and '{TensorNames.Probabilities}' are there.");
            if (outputs.Any(other => other.Name == name))
                throw RequestException.Invalid($"The output '{name}' is asked for twice.");
            outputs.Add(new RequestedOutput(name, binary));
        }
    }

    // Of the parameters one is looked at, a flag or a length; others are other servers'.
    private static bool? ReadParameters(ref Utf8JsonReader reader, ReadOnlySpan<byte> known, out long? length)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "'parameters' must be an object.");
        (bool? flag, length) = (null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isKnown = reader.ValueTextEquals(known);
            Skip(ref reader);
            if (!isKnown)
                continue;
            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                flag = reader.TokenType == JsonTokenType.True;
            else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0)
                length = number;
            else
                throw RequestException.Invalid("A parameter for binary data must be true, false or a length in bytes.");
        }
        return flag;
    }

    private static void Finish(TensorDraft tensor, ReadOnlySpan<byte> tail, bool hasTail, InferRequest request, LoadedModel model)
    {
        FeatureShape input = model.Spec.Input;
        string datatype = tensor.Name switch
        {
            TensorNames.Input => TensorNames.Float,
            TensorNames.Pixels => TensorNames.Byte,
            _ => throw RequestException.Invalid($"There is no input '{tensor.Name}'; '{TensorNames.Input}' ({TensorNames.Float}) or '{TensorNames.Pixels}' ({TensorNames.Byte}) is expected."),
        };
        if (tensor.Datatype != datatype)
            throw RequestException.Invalid($"Input '{tensor.Name}' has the datatype '{tensor.Datatype}'; {datatype} is expected.");
        if (tensor.Shape is not [>= 1 and <= int.MaxValue, long height, long width, long channels] || height != input.Height || width != input.Width || channels != input.Channels)
            throw RequestException.Invalid($"Input '{tensor.Name}' has the shape [{string.Join(',', tensor.Shape ?? [])}]; {TensorNames.ShapeOf(input)} with N from 1 up is expected.");
        long length = tensor.Shape[0] * input.Length;
        request.Count = (int)tensor.Shape[0];
        if (tensor.BinarySize is not null)
        {
            Require(hasTail && !tensor.HasData, "Binary data needs the header Inference-Header-Content-Length, and no 'data' beside it.");
            long bytes = length * (datatype == TensorNames.Float ? sizeof(float) : 1);
            if (tensor.BinarySize != bytes || tail.Length != bytes)
                throw RequestException.Invalid($"Input '{tensor.Name}' announces {tensor.BinarySize} bytes, and {tail.Length} follow the JSON; {bytes} are expected for its shape.");
            TakeBytes(tail, request.Values.Resize((int)length).Span, datatype, model.Pixels);
            return;
        }
        if (!tail.IsEmpty)
            throw RequestException.Invalid($"{tail.Length} bytes follow the JSON, which no tensor claims by binary_data_size.");
        if (!tensor.HasData)
            throw RequestException.Invalid($"Input '{tensor.Name}' has no 'data'.");
        if (request.Values.Count != length || (tensor.Nesting.Length > 1 && !tensor.Nesting.AsSpan().SequenceEqual([request.Count, input.Height, input.Width, input.Channels])))
            throw RequestException.Invalid($"Input '{tensor.Name}' holds {request.Values.Count} values nested as [{string.Join(',', tensor.Nesting)}]; its shape [{string.Join(',', tensor.Shape)}] means {length}, flat or nested so.");
        if (datatype == TensorNames.Byte)
            TakeLevels(request.Values.Memory.Span, model.Pixels);
    }

    private static void TakeBytes(ReadOnlySpan<byte> bytes, Span<float> values, string datatype, PixelTable pixels)
    {
        if (datatype == TensorNames.Byte)
        {
            pixels.Look(bytes, values);
            return;
        }
        // Little-endian, as the protocol says and .NET's processors are.
        bytes.CopyTo(MemoryMarshal.AsBytes(values));
        foreach (float value in values)
            Require(float.IsFinite(value), "The input holds NaN or an infinity; finite numbers are expected.");
    }

    private static void TakeLevels(Span<float> values, PixelTable pixels)
    {
        foreach (float value in values)
        {
            if (!(value >= 0 && value <= 255 && value == MathF.Truncate(value)))
                throw RequestException.Invalid($"Input '{TensorNames.Pixels}' holds {value}; whole numbers from 0 to 255 are expected.");
        }
        pixels.Look(values);
    }

    private static string Text(ref Utf8JsonReader reader, string what)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.String, $"{what} must be a string.");
        return reader.GetString()!;
    }

    // Past a property's value, at its last token.
    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw RequestException.Invalid(message);
    }
}
