"""A WaveNet sampled step by step, each layer remembering what it needs of the past: the reference of wavenet-sampler.bench.ts.

Usage: wavenet_sampler.py numpy|torch LAYERS CYCLE WIDTH SKIP BATCH SAMPLES
       wavenet_sampler.py read MEGABYTES
Prints "ready", then for every line read draws SAMPLES samples of each note (or reads that many megabytes of weights, as a matrix times a vector),
and prints "done". The number of threads is OMP_NUM_THREADS'.
"""

import os
import sys

import numpy as np

THREADS = int(os.environ["OMP_NUM_THREADS"])
KIND, NUMBERS = sys.argv[1], [int(value) for value in sys.argv[2:]]
rng = np.random.default_rng(1)


def normal(*shape):
    return 0.05 * rng.standard_normal(shape, dtype=np.float32)


def reader(megabytes):
    matrix, vector = normal(megabytes * 250_000 // 1024, 1024), normal(1024)
    return lambda: matrix @ vector


class Weights:
    """Older taps first in the rows of a dilated convolution; what goes to the residual stream and to the skips side by side."""

    def __init__(self, layers, cycle, width, skip, batch):
        self.dilations = [2 ** (layer % cycle) for layer in range(layers)]
        self.width, self.skip, self.batch = width, skip, batch
        self.start, self.skip_start = normal(3, width), normal(width, skip)
        self.dilated = [normal(3 * width, 2 * width) for _ in self.dilations]
        self.conditions = [normal(batch, 2 * width) for _ in self.dilations]
        self.after = [normal(width, width + skip) for _ in self.dilations]
        self.after_biases = [normal(width + skip) for _ in self.dilations]
        self.out, self.out_bias = normal(skip, skip), normal(batch, skip)
        self.logits, self.logits_bias = normal(skip, 256), normal(256)


def numpy_sampler(weights, samples):
    w, batch = weights.width, weights.batch
    inputs = np.zeros((batch, 3), np.float32)
    rings = [np.zeros((2 * dilation, batch, w), np.float32) for dilation in weights.dilations]
    taps = np.zeros((batch, 3 * w), np.float32)
    time = 0

    def step():
        nonlocal time
        x = inputs @ weights.start
        skips = x @ weights.skip_start
        for layer, dilation in enumerate(weights.dilations):
            ring = rings[layer]
            now = time % (2 * dilation)
            taps[:, :w], taps[:, w : 2 * w], taps[:, 2 * w :] = ring[now], ring[(time + dilation) % (2 * dilation)], x
            sums = taps @ weights.dilated[layer]
            sums += weights.conditions[layer]
            gated = np.tanh(sums[:, w:])
            gated /= 1 + np.exp(-sums[:, :w])
            ring[now] = x
            after = gated @ weights.after[layer]
            after += weights.after_biases[layer]
            x = x + after[:, :w]
            skips += after[:, w:]
        head = np.maximum(np.maximum(skips, 0) @ weights.out + weights.out_bias, 0)
        logits = head @ weights.logits + weights.logits_bias
        chances = np.exp(logits - logits.max(1, keepdims=True))
        sums = np.cumsum(chances, 1)
        codes = np.minimum((sums < rng.random((batch, 1), dtype=np.float32) * sums[:, -1:]).sum(1), 255)
        inputs[:, :2] = inputs[:, 1:]
        inputs[:, 2] = (codes - 128) / 128
        time += 1

    return lambda: [step() for _ in range(samples)]


def torch_sampler(weights, samples):
    import torch

    torch.set_num_threads(THREADS)
    tensor = torch.from_numpy
    w, batch = weights.width, weights.batch
    start, skip_start = tensor(weights.start), tensor(weights.skip_start)
    layers = [
        (dilation, *map(tensor, parts))
        for dilation, *parts in zip(weights.dilations, weights.dilated, weights.conditions, weights.after, weights.after_biases)
    ]
    out, out_bias, last, last_bias = map(tensor, (weights.out, weights.out_bias, weights.logits, weights.logits_bias))
    inputs = torch.zeros(batch, 3)
    rings = [torch.zeros(2 * dilation, batch, w) for dilation in weights.dilations]
    time = 0

    def step():
        nonlocal time, inputs
        x = inputs @ start
        skips = x @ skip_start
        for ring, (dilation, dilated, condition, after, after_bias) in zip(rings, layers):
            now = time % (2 * dilation)
            taps = torch.cat((ring[now], ring[(time + dilation) % (2 * dilation)], x), 1)
            gate, signal = torch.addmm(condition, taps, dilated).split(w, 1)
            ring[now] = x
            residual, skip = torch.addmm(after_bias, torch.sigmoid(gate) * torch.tanh(signal), after).split((w, weights.skip), 1)
            x = x + residual
            skips = skips + skip
        head = torch.relu(torch.addmm(out_bias, torch.relu(skips), out))
        chances = torch.softmax(torch.addmm(last_bias, head, last), 1)
        codes = torch.multinomial(chances, 1)
        inputs = torch.cat((inputs[:, 1:], (codes - 128) / 128), 1)
        time += 1

    def run():
        with torch.inference_mode():
            for _ in range(samples):
                step()

    return run


if KIND == "read":
    work = reader(*NUMBERS)
else:
    work = (numpy_sampler if KIND == "numpy" else torch_sampler)(Weights(*NUMBERS[:5]), NUMBERS[5])
work()
print("ready", flush=True)
for _ in sys.stdin:
    work()
    print("done", flush=True)
