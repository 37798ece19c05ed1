using System.CommandLine;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet export</c>.</summary>
internal static class ExportCommand
{
    private const string SafeTensors = "safetensors";
    private const string Onnx = "onnx";
    private const string Nchw = "nchw";
    private const string Nhwc = "nhwc";
    private const string Dynamic = "dynamic";

    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model("A model's file, or the folder of a run");
        Option<string> format = CommonOptions.Choice("--format", "The file's format", $"{SafeTensors}|{Onnx}", SafeTensors, [SafeTensors, Onnx]);
        Option<string> output = CommonOptions.Output("The file");
        Option<bool> half = CommonOptions.Half();
        Option<bool> force = CommonOptions.Force();
        Option<int?> opset = CommonOptions.OptionalCount(
            "--opset", $"ONNX: the version of the operator set, up to {OnnxExportOptions.NewestOpset} (default: {OnnxExportOptions.DefaultOpset})", OnnxExportOptions.OldestOpset);
        Option<string?> layout = CommonOptions.OptionalChoice("--layout", $"ONNX: the order of the input's values (default: {Nchw})", [Nchw, Nhwc]);
        Option<bool> preprocessing = new("--with-preprocessing") { Description = "ONNX: take a picture's bytes (uint8, of the input's size) and give probabilities" };
        Option<string?> batch = CommonOptions.Text("--batch", $"ONNX: pictures at a time, fixed, or {Dynamic} (default: {Dynamic})", $"N|{Dynamic}");
        Command command = new("export", "Write a model to a file that others read") { model, format, output, half, force, opset, layout, preprocessing, batch };
        command.SetAction(parsed =>
        {
            bool isOnnx = parsed.GetValue(format) == Onnx;
            if (!isOnnx && new Option[] { opset, layout, preprocessing, batch }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is Option stray)
                throw new UsageException($"{stray.Name} goes with --format {Onnx}; the format is {SafeTensors}.");
            if (isOnnx && parsed.GetValue(half))
                throw new UsageException($"--half goes with --format {SafeTensors}; ONNX is written in float32.");
            OnnxExportOptions options = new()
            {
                Opset = OpsetOf(parsed.GetValue(opset)),
                Layout = parsed.GetValue(layout) == Nhwc ? OnnxPictureLayout.Nhwc : OnnxPictureLayout.Nchw,
                WithPreprocessing = parsed.GetValue(preprocessing),
                Batch = BatchOf(parsed.GetValue(batch)),
            };
            string file = parsed.GetValue(output)!;
            OutputFile.RequireFree(file, parsed.GetValue(force));
            using Network network = ModelArgument.Load(parsed.GetValue(model)!);
            if (isOnnx)
                OnnxExport.Write(network, file, options);
            else
                ModelFile.Save(network, file, parsed.GetValue(half) ? WeightPrecision.Half : WeightPrecision.Full);
            Console.WriteLine($"{network.Spec.Name}, {network.ParameterCount:N0} parameters: {file}");
            return CommandRunner.Done;
        });
        return command;
    }

    private static int OpsetOf(int? opset) => opset is null or <= OnnxExportOptions.NewestOpset
        ? opset ?? OnnxExportOptions.DefaultOpset
        : throw new UsageException($"--opset is {opset}; {OnnxExportOptions.OldestOpset} to {OnnxExportOptions.NewestOpset} is expected.");

    private static int? BatchOf(string? text) => text switch
    {
        null or Dynamic => null,
        _ when int.TryParse(text, out int batch) && batch >= 1 => batch,
        _ => throw new UsageException($"--batch is '{text}'; a number from 1 up or {Dynamic} is expected."),
    };
}
