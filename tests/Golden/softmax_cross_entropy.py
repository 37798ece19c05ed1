"""softmax_cross_entropy.json: per-row losses, probabilities, and the gradient of the mean loss with respect to the logits."""

import torch
import torch.nn.functional as F

import golden


def make(name, logits, labels):
    rows, classes = logits.shape
    logits = logits.clone().requires_grad_()
    labels = torch.tensor(labels)
    losses = F.cross_entropy(logits, labels, reduction="none")
    losses.mean().backward()
    attributes = {"rows": rows, "classes": classes, "meanLoss": losses.mean().item()}
    return golden.case(name, attributes, {
        "logits": logits, "labels": labels, "losses": losses, "probabilities": torch.softmax(logits, 1), "dLogits": logits.grad,
    })


huge = golden.random("huge.logits", 6, 10, scale=3000.0)
shifted = golden.random("shifted.logits", 4, 5) + torch.tensor([[1e4], [-1e4], [65536.0], [-65536.0]])
golden.write("softmax_cross_entropy", __file__, [
    make("ordinary", golden.random("ordinary.logits", 8, 10), [3, 0, 9, 1, 4, 7, 7, 2]),
    make("huge_logits", huge, [0, 1, 2, 3, int(huge[4].argmax()), int(huge[5].argmin())]),
    make("shifted_logits", shifted.to(torch.float32).to(torch.float64), [0, 1, 2, 4]),
    make("equal_logits", torch.full((2, 10), 7.0), [0, 9]),
    make("one_row_two_classes", torch.tensor([[0.25, -1.5]]), [1]),
    make("one_class", torch.tensor([[5.0], [-5.0]]), [0, 0]),
    make("300_classes", golden.random("300.logits", 1, 300, scale=4.0), [217]),
])
