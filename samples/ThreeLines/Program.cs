using AlexNetSharp;

using AlexNet alexnet = AlexNet.Load(args[0]);
Console.WriteLine(alexnet.Predict(args[1]));
