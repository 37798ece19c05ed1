"""alexnet_family.json and .bin: forward and every gradient of the AlexNets for ImageNet, of their real geometry, narrow and on small pictures.

Kernels, strides, groups, padding, pooling and LRN are those of the published networks; widths are divided by 16, the two wide dense layers cut
further, and pictures are 99x99, so that every layer has more than one position. Dropout is off.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

import golden

WIDTH, SIDE, BATCH, CLASSES = 16, 99, 2, 10

# Of the size of bytes less their mean: LRN's constants were chosen for such values. torchvision's network is given 1/64 of them.
PIXELS = golden.random("alexnet_family.input", BATCH, SIDE, SIDE, 3, scale=64)
LABELS = torch.tensor([3, 7])

# Rounded to float32, as the layer holds it.
PAPER_ALPHA = float(np.float32(1e-4))
CAFFE_ALPHA = float(np.float32(1e-4) / np.float32(5))  # Caffe divides by the window


def shapes(filters, groups, pooled, units):
    """Our layouts: convolutions OHWI, dense [inputs, outputs]."""
    result, channels = {}, 3
    for i, (count, kernel) in enumerate(zip(filters, (11, 5, 3, 3, 3))):
        result[f"conv{i + 1}.weight"] = (count, kernel, kernel, channels // groups[i])
        result[f"conv{i + 1}.bias"] = (count,)
        channels = count
    inputs = pooled * pooled * channels
    for i, count in enumerate((units, units, CLASSES)):
        result[f"fc{i + 1}.weight"] = (inputs, count)
        result[f"fc{i + 1}.bias"] = (count,)
        inputs = count
    return result


def draw(name, shape_of, bias_scale):
    """He et al. 2015; the last layer smaller, so that the softmax has not made up its mind."""
    weights = {}
    for key, shape in shape_of.items():
        fan_in = math.prod(shape[1:]) if key.startswith("conv") else shape[0]
        scale = bias_scale if key.endswith("bias") else math.sqrt(2 / fan_in) / (16 if key.startswith("fc3") else 1)
        weights[key] = golden.random(f"{name}.{key}", *shape, scale=scale)
    return weights


def conv(x, w, name, **options):
    return torch.relu(F.conv2d(x, w[name + ".weight"].permute(0, 3, 1, 2), w[name + ".bias"], **options))


def pool(x):
    return F.max_pool2d(x, 3, 2)


def lrn(x, k, alpha):
    return F.local_response_norm(x, size=5, alpha=alpha * 5, beta=0.75, k=k)  # torch divides alpha by size


def dense(x, w):
    x = x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)
    x = torch.relu(x @ w["fc1.weight"] + w["fc1.bias"])
    x = torch.relu(x @ w["fc2.weight"] + w["fc2.bias"])
    return x @ w["fc3.weight"] + w["fc3.bias"]


def of_groups(stage):
    def logits(x, w):
        x = stage(conv(x, w, "conv1", stride=4))
        x = stage(conv(x, w, "conv2", padding=2, groups=2))
        x = conv(x, w, "conv3", padding=1)
        x = conv(x, w, "conv4", padding=1, groups=2)
        x = pool(conv(x, w, "conv5", padding=1, groups=2))
        return dense(x, w)
    return logits


def owt(x, w):
    x = pool(conv(x, w, "conv1", stride=4, padding=2))
    x = pool(conv(x, w, "conv2", padding=2))
    x = conv(x, w, "conv3", padding=1)
    x = conv(x, w, "conv4", padding=1)
    x = pool(conv(x, w, "conv5", padding=1))
    return dense(F.adaptive_avg_pool2d(x, (6, 6)), w)


def run(logits, pixels, weights, dtype):
    x = pixels.clone().to(dtype).requires_grad_()
    w = {key: value.clone().to(dtype).requires_grad_() for key, value in weights.items()}
    output = logits(x.permute(0, 3, 1, 2), w)
    F.cross_entropy(output, LABELS).backward()
    return output.detach(), {key: value.grad for key, value in w.items()}, x.grad


def over_largest(actual, expected):
    return ((actual.double() - expected).abs().max() / expected.abs().max()).item()


def main():
    binary = golden.BinaryFile("alexnet_family.bin")
    pixels = binary.add(PIXELS)
    of_2012 = shapes((6, 16, 24, 24, 16), (1, 2, 1, 2, 2), 2, 64)
    of_torchvision = shapes((4, 12, 24, 16, 16), (1, 1, 1, 1, 1), 6, 32)
    grouped, plain = draw("alexnet_family.2012", of_2012, 1.0), draw("alexnet_family.owt", of_torchvision, 0.05)
    grouped_file, plain_file = ({key: binary.add(value) for key, value in weights.items()} for weights in (grouped, plain))
    networks = [
        ("alexnet-2012", of_groups(lambda x: pool(lrn(x, 2.0, PAPER_ALPHA))), 1.0, 64, grouped, grouped_file),
        ("caffenet", of_groups(lambda x: lrn(pool(x), 1.0, CAFFE_ALPHA)), 1.0, 64, grouped, grouped_file),
        ("alexnet-owt", owt, 1 / 64, 32, plain, plain_file),
    ]
    cases = []
    for name, logits, scale, units, weights, weights_file in networks:
        output, gradients, d_input = run(logits, PIXELS * scale, weights, torch.float64)
        arrays = {"labels": LABELS, "input": pixels, "logits": output, "dInput": binary.add(d_input[-1])}
        for key in weights:
            arrays[key] = weights_file[key]
            arrays["gradient." + key] = binary.add(gradients[key])
        attributes = {"width": WIDTH, "side": SIDE, "batch": BATCH, "classes": CLASSES, "units": units, "inputScale": scale}
        cases.append(golden.case(name, attributes, arrays))

        output32, gradients32, d_input32 = run(logits, PIXELS * scale, weights, torch.float32)
        worst = max(over_largest(gradients32[key], gradients[key]) for key in weights)
        print(f"{name}: float32 against float64, over the largest: logits {over_largest(output32, output):.1e}, gradients {worst:.1e},"
              f" input's {over_largest(d_input32, d_input):.1e}; probabilities {torch.softmax(output, 1).max(1).values.tolist()}")
    binary.save()
    golden.write("alexnet_family", __file__, cases)


main()
