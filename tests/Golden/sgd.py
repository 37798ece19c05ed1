"""sgd.json: ten updates of stochastic gradient descent with momentum and weight decay, in two forms.

form "pytorch":        by torch.optim.SGD:  v = momentum * v + (g + decay * w);  w -= lr * v
form "krizhevsky2012": Krizhevsky et al. 2012, section 5, written out below:
                       v = momentum * v - decay * lr * w - lr * g;  w += v
With nesterov, by torch.optim.SGD: v as in the first form, w -= lr * (g + decay * w + momentum * v).
They agree while the learning rate stands still; here it falls after the fifth update, so that they do not.
"""

import numpy as np
import torch

import golden

STEPS = 10


def pytorch(weights, grads, rates, momentum, decay, nesterov):
    parameter = weights.clone().requires_grad_()
    optimizer = torch.optim.SGD([parameter], lr=rates[0], momentum=momentum, weight_decay=decay, nesterov=nesterov)
    history = []
    for grad, rate in zip(grads, rates):
        optimizer.param_groups[0]["lr"] = rate
        parameter.grad = grad.clone()
        optimizer.step()
        history.append(parameter.detach().clone())
    return torch.stack(history)


def krizhevsky2012(weights, grads, rates, momentum, decay, nesterov):
    w = weights.numpy().copy()
    v = np.zeros_like(w)
    history = []
    for g, rate in zip(grads.numpy(), rates):
        v = momentum * v - decay * rate * w - rate * g
        w = w + v
        history.append(torch.from_numpy(w.copy()))
    return torch.stack(history)


def make(name, form, momentum, decay, nesterov=False, length=15, rate=0.01):
    weights = golden.random(name + ".weights", length)
    grads = golden.random(name + ".gradients", STEPS, length)
    rates = [rate] * 5 + [rate / 10] * 5
    update = {"pytorch": pytorch, "krizhevsky2012": krizhevsky2012}[form]
    history = update(weights, grads, rates, momentum, decay, nesterov)
    attributes = {"form": form, "length": length, "steps": STEPS, "momentum": momentum, "weightDecay": decay, "nesterov": nesterov}
    return golden.case(name, attributes, {
        "initialWeights": weights, "gradients": grads, "learningRates": rates, "weights": history,
    })


golden.write("sgd", __file__, [
    make("pytorch_plain", "pytorch", 0.0, 0.0),
    make("pytorch_momentum", "pytorch", 0.9, 0.0),
    make("pytorch_weight_decay", "pytorch", 0.0, 0.05),
    make("pytorch_momentum_weight_decay", "pytorch", 0.9, 0.05),
    make("pytorch_nesterov", "pytorch", 0.9, 0.0, nesterov=True),
    make("pytorch_nesterov_weight_decay", "pytorch", 0.8, 0.05, nesterov=True),
    make("krizhevsky2012_momentum", "krizhevsky2012", 0.9, 0.0),
    make("krizhevsky2012_momentum_weight_decay", "krizhevsky2012", 0.9, 0.05),
    make("krizhevsky2012_paper", "krizhevsky2012", 0.9, 0.0005),
])
