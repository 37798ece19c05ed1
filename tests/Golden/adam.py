"""adam.json: ten updates of Adam (Kingma and Ba 2015) from given gradients, in two forms that differ in what epsilon is added to.

form "pytorch":    Algorithm 1, by torch.optim.AdamW:  w -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon)
form "tensorflow": the paper's section 2 variant, where epsilon stands for epsilon-hat, written out below:
                   w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)
With weight decay AdamW (Loshchilov and Hutter 2019), by torch.optim.AdamW: w -= lr * decay * w, then the move; in either form.
"""

import numpy as np
import torch

import golden

STEPS = 10


def gradients(name, length):
    values = golden.random(name + ".gradients", STEPS, length)
    values[:, 0] = 0.0  # a weight that never moves
    values[:, 1] *= 1e-8  # gradients no larger than epsilon: here the two forms differ most
    values[1:, 2] = 0.0  # one kick, then only momentum
    return values.to(torch.float32).to(torch.float64)


def pytorch(weights, grads, lr, beta1, beta2, epsilon, decay):
    parameter = weights.clone().requires_grad_()
    optimizer = torch.optim.AdamW([parameter], lr=lr, betas=(beta1, beta2), eps=epsilon, weight_decay=decay)
    history = []
    for grad in grads:
        parameter.grad = grad.clone()
        optimizer.step()
        history.append(parameter.detach().clone())
    state = optimizer.state[parameter]
    return torch.stack(history), state["exp_avg"], state["exp_avg_sq"]


def tensorflow(weights, grads, lr, beta1, beta2, epsilon, decay):
    w = weights.numpy().copy()
    m = np.zeros_like(w)
    v = np.zeros_like(w)
    history = []
    for t, g in enumerate(grads.numpy(), start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w = w - lr * decay * w
        w = w - lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + epsilon)
        history.append(torch.from_numpy(w.copy()))
    return torch.stack(history), torch.from_numpy(m), torch.from_numpy(v)


def make(name, form, length, lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, decay=0.0):
    weights = golden.random(name + ".weights", length)
    grads = gradients(name, length)
    update = {"pytorch": pytorch, "tensorflow": tensorflow}[form]
    history, m, v = update(weights, grads, lr, beta1, beta2, epsilon, decay)
    attributes = {
        "form": form, "length": length, "steps": STEPS, "learningRate": lr, "beta1": beta1, "beta2": beta2, "epsilon": epsilon,
        "weightDecay": decay,
    }
    return golden.case(name, attributes, {
        "initialWeights": weights, "gradients": grads, "weights": history, "finalFirstMoment": m, "finalSecondMoment": v,
    })


golden.write("adam", __file__, [
    make("pytorch_defaults", "pytorch", 21),
    make("pytorch_large_epsilon", "pytorch", 11, lr=0.01, beta1=0.8, beta2=0.99, epsilon=1e-2),
    make("pytorch_weight_decay", "pytorch", 21, decay=0.01),
    make("pytorch_large_weight_decay", "pytorch", 11, lr=0.01, beta1=0.8, beta2=0.99, epsilon=1e-2, decay=0.5),
    make("tensorflow_defaults", "tensorflow", 21),
    make("tensorflow_large_epsilon", "tensorflow", 11, lr=0.01, beta1=0.8, beta2=0.99, epsilon=1e-2),
    make("tensorflow_weight_decay", "tensorflow", 21, decay=0.01),
])
