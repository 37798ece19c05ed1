"""training_steps.json and .bin: ten whole training steps of alexnet-mnist at an eighth of its width.

Per block (8, 16, 32 filters): convolution 3x3 SAME + bias, ReLU, max pool 2x2 stride 2 SAME (28 -> 14 -> 7 -> 4: the last pads one row
at the bottom and one column at the right), LRN (radius 4, bias 1, alpha 0.001/9 of the SUM, beta 0.75), dropout off. Then flatten in
H, W, C order, dense 128 ReLU, dense 128 ReLU, dense 10; mean softmax cross-entropy; Adam in TensorFlow's epsilon-hat form.

All in float64 from float32-exact weights and images; the printed last lines say how far a float32 run of this script strays.
"""

import gzip
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

import golden

MNIST = os.path.join(golden.FOLDER, "..", "..", "data", "mnist")
FIRST_IMAGE, BATCH, STEPS = 5000, 8, 10  # the training split is images 5,000 to 59,999 of the file
RATE, BETA1, BETA2, EPSILON = 0.001, 0.9, 0.999, 1e-8

# A quarter of the file for one gradient; dense1.bias's gradient and everything below dense1 speak for it.
LEFT_OUT = "firstGradient.dense1.weights"

# Our layouts: convolutions OHWI, dense [inputs, outputs].
SHAPES = {
    "conv1.weights": (8, 3, 3, 1), "conv1.bias": (8,),
    "conv2.weights": (16, 3, 3, 8), "conv2.bias": (16,),
    "conv3.weights": (32, 3, 3, 16), "conv3.bias": (32,),
    "dense1.weights": (4 * 4 * 32, 128), "dense1.bias": (128,),
    "dense2.weights": (128, 128), "dense2.bias": (128,),
    "dense3.weights": (128, 10), "dense3.bias": (10,),
}


def initial_weights():
    """He et al. 2015: N(0, 2 / fan-in). Biases are small but not zero, so that every one of them counts from the first step."""
    weights = {}
    for name, shape in SHAPES.items():
        fan_in = math.prod(shape[1:]) if name.startswith("conv") else shape[0]
        scale = 0.05 if name.endswith("bias") else math.sqrt(2 / fan_in)
        weights[name] = golden.random("training_steps." + name, *shape, scale=scale)
    return weights


def read_mnist():
    with gzip.open(os.path.join(MNIST, "train-images-idx3-ubyte.gz")) as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(os.path.join(MNIST, "train-labels-idx1-ubyte.gz")) as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    used = slice(FIRST_IMAGE, FIRST_IMAGE + BATCH * STEPS)
    images = pixels[used].astype(np.float32) / np.float32(255)
    return torch.from_numpy(images.astype(np.float64)), torch.from_numpy(labels[used].astype(np.int64))


def logits(images, w):
    """w in our layouts; autograd sees through the permutes, so the gradients come out in our layouts as well."""
    x = images.reshape(-1, 1, 28, 28)
    for block in ("conv1", "conv2", "conv3"):
        x = F.conv2d(x, w[block + ".weights"].permute(0, 3, 1, 2), w[block + ".bias"], padding=1)
        x = torch.relu(x)
        x = F.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2), value=-torch.inf)
        x = F.max_pool2d(x, 2, 2)
        x = F.local_response_norm(x, size=9, alpha=0.001, beta=0.75, k=1.0)  # torch divides alpha by size: 0.001/9 of the sum
    x = x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)
    x = torch.relu(x @ w["dense1.weights"] + w["dense1.bias"])
    x = torch.relu(x @ w["dense2.weights"] + w["dense2.bias"])
    return x @ w["dense3.weights"] + w["dense3.bias"]


def train(images, labels, initial, dtype):
    images = images.to(dtype)
    w = {name: value.clone().to(dtype).requires_grad_() for name, value in initial.items()}
    m = {name: torch.zeros_like(value) for name, value in w.items()}
    v = {name: torch.zeros_like(value) for name, value in w.items()}
    losses, first_logits, first_gradients = [], None, None
    for t in range(1, STEPS + 1):
        batch = slice((t - 1) * BATCH, t * BATCH)
        output = logits(images[batch], w)
        loss = F.cross_entropy(output, labels[batch])
        gradients = dict(zip(w, torch.autograd.grad(loss, list(w.values()))))
        losses.append(loss.item())
        if t == 1:
            first_logits, first_gradients = output.detach(), gradients
        step = RATE * math.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        with torch.no_grad():
            for name, g in gradients.items():
                m[name] = BETA1 * m[name] + (1 - BETA1) * g
                v[name] = BETA2 * v[name] + (1 - BETA2) * g * g
                w[name] -= step * m[name] / (v[name].sqrt() + EPSILON)
    return losses, first_logits, first_gradients, {name: value.detach() for name, value in w.items()}


def main():
    images, labels = read_mnist()
    initial = initial_weights()
    losses, first_logits, first_gradients, final = train(images, labels, initial, torch.float64)

    binary = golden.BinaryFile("training_steps.bin")
    arrays = {"labels": labels.reshape(STEPS, BATCH), "losses": losses, "firstLogits": first_logits}
    for prefix, values in (("initial", initial), ("firstGradient", first_gradients), ("final", final)):
        for name in SHAPES:
            if f"{prefix}.{name}" != LEFT_OUT:
                arrays[f"{prefix}.{name}"] = binary.add(values[name])
    binary.save()
    attributes = {
        "firstImage": FIRST_IMAGE, "batch": BATCH, "steps": STEPS, "pixelScale": 1 / 255,
        "learningRate": RATE, "beta1": BETA1, "beta2": BETA2, "epsilon": EPSILON,
        "lrnRadius": 4, "lrnBias": 1.0, "lrnAlpha": 0.001 / 9, "lrnBeta": 0.75,
    }
    golden.write("training_steps", __file__, [golden.case("alexnet_mnist_eighth_width", attributes, arrays)])

    losses32, logits32, gradients32, final32 = train(images, labels, initial, torch.float32)
    print("float32 against float64:")
    print(f"  losses, largest relative difference: {max(abs(a / b - 1) for a, b in zip(losses32, losses)):.1e}")
    print(f"  first logits, over the largest: {over_largest(logits32, first_logits):.1e}")
    for name in SHAPES:
        moved = (final[name] - initial[name]).abs().max().item()
        strayed = (final32[name].double() - final[name]).abs()
        print(f"  {name}: first gradient, over the largest: {over_largest(gradients32[name], first_gradients[name]):.1e}; final weights,"
              f" largest difference {strayed.max().item():.1e}, mean {strayed.mean().item():.1e}, largest move {moved:.1e}")


def over_largest(actual, expected):
    return ((actual.double() - expected).abs().max() / expected.abs().max()).item()


main()
