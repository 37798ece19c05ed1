using System.Text.Json.Nodes;

namespace AlexNetSharp.Server;

// The protocol's bodies as the OpenAPI document shows them; requests and answers are read and written without them.
#pragma warning disable IDE1006 // Property names are the protocol's.

internal sealed record ErrorBody(string error);

internal sealed record ServerMetadataBody(string name, string version, string[] extensions);

internal sealed record LiveBody(bool live);

internal sealed record ReadyBody(bool ready);

internal sealed record ModelListBody(string[] models);

internal sealed record ModelReadyBody(string name, bool ready);

internal sealed record TensorMetadataBody(string name, string datatype, long[] shape);

internal sealed record ModelMetadataBody(string name, string[] versions, string platform, TensorMetadataBody[] inputs, TensorMetadataBody[] outputs, JsonObject parameters);

internal sealed record InferInputBody(string name, long[] shape, string datatype, JsonObject? parameters, float[]? data);

internal sealed record InferRequestedOutputBody(string name, JsonObject? parameters);

internal sealed record InferRequestBody(string? id, JsonObject? parameters, InferInputBody[] inputs, InferRequestedOutputBody[]? outputs);

internal sealed record InferOutputBody(string name, long[] shape, string datatype, JsonObject? parameters, float[]? data);

internal sealed record InferResponseBody(string model_name, string model_version, string? id, InferOutputBody[] outputs);

internal sealed record LabelBody(string label, double probability);

internal sealed record PredictionBody(string file, LabelBody[] top);

internal sealed record PredictResponseBody(string model, string version, PredictionBody[] predictions);
