using System.CommandLine;
using System.Text.Json;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Data;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet predict</c>.</summary>
internal static class PredictCommand
{
    private const int DefaultTop = 3;

    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model("A model's file (.safetensors, .onnx, .pth), or the folder of a run");
        Argument<string[]> images = new("IMAGE") { Description = "PNG, JPEG, BMP, GIF or WebP files of any size", Arity = ArgumentArity.OneOrMore };
        images.Validators.Add(CommonOptions.RequireNames);
        Option<int> top = new("--top")
        {
            Description = "How many labels to show",
            HelpName = "N",
            CustomParser = result => CommonOptions.Number(result, 1, int.MaxValue, 0),
            DefaultValueFactory = _ => DefaultTop,
        };
        Option<bool> raw = new("--raw") { Description = "Do not look for a glyph, where the model was trained on glyphs: no cropping, centring or inverting" };
        Option<string?> testTimeAugmentation = CommonOptions.TestTimeAugmentation();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("predict", "Say what pictures show; they are prepared as those were that the model was trained on") { model, images, top, raw, testTimeAugmentation, threads, json };
        command.SetAction(parsed => Run(
            parsed.GetValue(model)!, parsed.GetValue(images)!, parsed.GetValue(top), parsed.GetValue(raw),
            TestTimeAugmentation.Find(parsed.GetValue(testTimeAugmentation) ?? TestTimeAugmentation.None.Name), parsed.GetValue(threads), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string model, string[] files, int top, bool raw, TestTimeAugmentation views, int threads, bool json)
    {
        // While the model is read other threads load the decoder, at the first picture, and compile the kernels.
        Task decoder = Task.Run(() => PictureReader.Read(files[0]));
        _ = KernelWarmUp.Start();
        using AlexNet network = new(ModelArgument.Load(model), new AlexNetOptions { Threads = threads, Views = views, FindsGlyph = !raw });
        // What is wrong with the picture is said in its turn.
        decoder.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        List<PredictJson> results = [];
        int exitCode = CommandRunner.Done;
        foreach (string file in files)
        {
            Classification answer;
            try
            {
                answer = network.Predict(file);
            }
            catch (Exception e) when (CommandRunner.IsUserError(e))
            {
                // One bad picture must not cost the answers for the others.
                CommandRunner.WriteError(e.Message);
                exitCode = CommandRunner.Failed;
                continue;
            }
            PredictJson result = new(file, [.. answer.Labels.Take(top).Select(label => new LabelJson(label.Label, label.Probability))]);
            results.Add(result);
            if (!json)
                Console.WriteLine($"{file}: {string.Join(", ", result.Top.Select(label => $"{label.Label} ({label.Probability:P2})"))}");
        }
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(results, JsonForms.Line.IReadOnlyListPredictJson));
        return exitCode;
    }
}
