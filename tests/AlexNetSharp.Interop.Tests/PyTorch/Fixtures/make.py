"""Makes the .pth files beside it with PyTorch itself (written by 1.13, Debian's python3-torch), and the logits that PyTorch computes.

Models are narrow, so that the files are small. Pictures are a formula, so that both sides have them: pixel i of picture n is
((i * 37 + n * 101) mod 256) / 255. Run from this folder.
"""
import collections
import json
import torch
from torch import nn

torch.manual_seed(1)


class Mnist(nn.Module):
    """alexnet-mnist at a sixteenth of its width; its LRN divides alpha by the window, as PyTorch does: 0.001 over 9 channels."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.conv3 = nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
        self.fc1, self.fc2, self.fc3 = nn.Linear(16 * 4 * 4, 64), nn.Linear(64, 64), nn.Linear(64, 10)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = nn.functional.max_pool2d(torch.relu(conv(x)), 2, 2, ceil_mode=True)
            x = nn.functional.local_response_norm(x, 9, alpha=0.001, beta=0.75, k=1)
        x = torch.flatten(x, 1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class Owt(nn.Module):
    """torchvision's AlexNet at a thirty-second of its width, for seven classes: its layers under its names."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 2, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(2, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(6, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(8 * 36, 128), nn.ReLU(), nn.Dropout(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 7))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def pictures(count, channels, side):
    length = channels * side * side
    values = [((i * 37 + n * 101) % 256) / 255 for n in range(count) for i in range(length)]
    return torch.tensor(values, dtype=torch.float64).reshape(count, channels, side, side)


def logits(model, count, channels, side):
    with torch.no_grad():
        return model.double().eval()(pictures(count, channels, side)).tolist()


mnist, owt = Mnist(), Owt()
torch.save(mnist.state_dict(), "mnist.pth")
torch.save(mnist.state_dict(), "mnist-legacy.pth", _use_new_zipfile_serialization=False)
# Half of everything; around it what training scripts write.
half = collections.OrderedDict((f"module.{name}", value.half()) for name, value in owt.state_dict().items())
torch.save({"epoch": 3, "arch": "alexnet", "best_acc1": 0.5, "steps": torch.tensor([1, 2, 3]), "state_dict": half}, "owt-half-nested.pth")
torch.save({"model": owt.bfloat16().state_dict()}, "owt-bfloat16-legacy.pth", _use_new_zipfile_serialization=False)

# Views of every kind: one storage for two parameters, an offset, other strides; parameters instead of tensors.
shared = torch.arange(40, dtype=torch.float32)
torch.save(
    {"conv.weight": shared[:36].reshape(3, 3, 2, 2).permute(2, 3, 1, 0), "conv.bias": nn.Parameter(shared[38:40]),
     "fc.weight": torch.arange(16.).reshape(8, 2).t()[:, ::2], "fc.bias": shared[::20]},
    "views.pth")
torch.save(
    {"conv.weight": shared[:36].reshape(3, 3, 2, 2).permute(2, 3, 1, 0), "conv.bias": nn.Parameter(shared[38:40]),
     "fc.weight": torch.arange(16.).reshape(8, 2).t()[:, ::2], "fc.bias": shared[::20]},
    "views-legacy.pth", _use_new_zipfile_serialization=False, pickle_protocol=2)
torch.save({"conv.weight": torch.zeros(1).expand(1000, 1000), "x": torch.tensor(5)}, "expanded.pth")

halved = Owt()
halved.load_state_dict({name[7:]: value.float() for name, value in half.items()})
with open("logits.json", "w") as file:
    json.dump({"mnist": logits(mnist, 2, 1, 28), "owt-half": logits(halved, 2, 3, 224), "owt-bfloat16": logits(owt, 2, 3, 224)}, file, indent=1)
