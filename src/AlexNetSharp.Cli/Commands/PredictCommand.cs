using System.CommandLine;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet predict</c>.</summary>
internal static class PredictCommand
{
    private const int DefaultTop = 3;

    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model("A .safetensors file, or the folder of a run");
        Argument<string[]> images = new("IMAGE") { Description = "PNG, JPEG, BMP, GIF or WebP files of any size", Arity = ArgumentArity.OneOrMore };
        images.Validators.Add(CommonOptions.RequireNames);
        Option<int> top = new("--top")
        {
            Description = "How many labels to show",
            HelpName = "N",
            CustomParser = result => CommonOptions.Number(result, 1, int.MaxValue, 0),
            DefaultValueFactory = _ => DefaultTop,
        };
        Option<bool> raw = new("--raw") { Description = "Only resize pictures: no cropping, centring or inverting" };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("predict", "Say what pictures show; digits are brought to the form in which MNIST has them") { model, images, top, raw, threads, json };
        command.SetAction(parsed => Run(
            parsed.GetValue(model)!, parsed.GetValue(images)!, parsed.GetValue(top), parsed.GetValue(raw), parsed.GetValue(threads), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string model, string[] files, int top, bool raw, int threads, bool json)
    {
        // While the model is read other threads decode the first picture, which loads the decoder, and compile the kernels.
        Task<Picture> first = Task.Run(() => Read(files[0]));
        _ = KernelWarmUp.Start();
        using Network network = ModelArgument.Load(model);
        using ThreadTeam team = new(threads);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        FeatureShape input = network.Spec.Input;
        List<PredictJson> results = [];
        int exitCode = CommandRunner.Done;
        for (int i = 0; i < files.Length; i++)
        {
            string file = files[i];
            try
            {
                Prepare(i == 0 ? first.GetAwaiter().GetResult() : Read(file), input, raw).CopyTo(plan.Input(1));
            }
            catch (Exception e) when (CommandRunner.IsUserError(e))
            {
                // One bad picture must not cost the answers for the others.
                CommandRunner.WriteError(e.Message);
                exitCode = CommandRunner.Failed;
                continue;
            }
            float[] probabilities = new float[network.Spec.Classes.Length];
            SoftmaxCrossEntropy.Softmax(plan.Forward(1), probabilities, probabilities.Length);
            PredictJson result = new(file, [.. probabilities
                .Select((probability, label) => new LabelJson(network.Spec.Classes[label], probability))
                .OrderByDescending(label => label.Probability)
                .Take(top)]);
            results.Add(result);
            if (!json)
                Console.WriteLine($"{file}: {string.Join(", ", result.Top.Select(label => $"{label.Label} ({label.Probability:P2})"))}");
        }
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(results, JsonForms.Line.IReadOnlyListPredictJson));
        return exitCode;
    }

    private static Picture Read(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no picture at '{file}'{(Directory.Exists(file) ? ", but a folder" : "")}. Name a PNG, JPEG, BMP, GIF or WebP file.");
        return PictureReader.Read(file);
    }

    private static float[] Prepare(Picture picture, FeatureShape input, bool raw) =>
        // The way MNIST was made is one for grey pictures of one glyph; a colour model gets the whole picture.
        raw || input.Channels != 1
            ? picture.Resize(input.Height, input.Width, input.Channels)
            : DigitPreparation.Prepare(picture, input.Height, input.Width);
}
