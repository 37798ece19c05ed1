"""one_cycle.json: learning rates of PyTorch's OneCycleLR, cosine annealing, momentum left alone."""

import torch

import golden


def make(name, steps, rate, peak, start_divisor, final_divisor):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps, pct_start=peak, cycle_momentum=False, div_factor=start_divisor,
        final_div_factor=final_divisor)
    rates = []
    for step in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < steps:
            schedule.step()
    attributes = {"steps": steps, "rate": rate, "peakAt": peak, "startDivisor": start_divisor, "finalDivisor": final_divisor}
    return golden.case(name, attributes, {"rates": rates})


golden.write("one_cycle", __file__, [
    make("defaults", 40, 0.1, 0.3, 25.0, 1e4),
    make("late_peak", 23, 0.5, 0.75, 10.0, 100.0),
    make("two_steps", 2, 0.1, 0.25, 25.0, 1e4),
])
