"""One training step of a WaveNet of 256 codes, told the pitch, in PyTorch: the reference of wavenet-step.bench.ts.

Usage: wavenet_step.py convolutions|products LAYERS CYCLE WIDTH SKIP CONDITIONING PITCHES BATCH SAMPLES THREADS
The network is made of PyTorch's convolutions, [batch, channels, samples], or of matrix products, [batch, samples, channels], those of a
convolution with its three taps side by side.
Prints "ready", then makes one update (loss, gradients, Adam, average of the weights) per line read and prints "done".
"""

import sys

import torch
import torch.nn.functional as F
from torch import nn

KIND = sys.argv[1]
LAYERS, CYCLE, WIDTH, SKIP, CONDITIONING, PITCHES, BATCH, SAMPLES, THREADS = map(int, sys.argv[2:])
HOP, CODES = 512, 256
torch.set_num_threads(THREADS)
torch.manual_seed(0)


class CausalConvolution(nn.Conv1d):
    """Three taps that see nothing to come."""

    def __init__(self, inputs, outputs, dilation):
        super().__init__(inputs, outputs, 3, dilation=dilation)

    def forward(self, x):
        return super().forward(F.pad(x, (2 * self.dilation[0], 0)))


class CausalProduct(nn.Linear):
    def __init__(self, inputs, outputs, dilation):
        super().__init__(3 * inputs, outputs)
        self.dilation = dilation

    def forward(self, x):
        length = x.shape[1]
        past = F.pad(x, (0, 0, 2 * self.dilation, 0))
        return super().forward(torch.cat((past[:, :length], past[:, self.dilation : self.dilation + length], x), 2))


def convolution_add(x, frames):
    return (x.unflatten(2, (-1, HOP)) + frames.unsqueeze(3)).flatten(2)


def product_add(x, frames):
    return (x.unflatten(1, (-1, HOP)) + frames.unsqueeze(2)).flatten(1, 2)


if KIND == "products":
    Causal, Pointwise, add, CHANNELS, TIME = CausalProduct, nn.Linear, product_add, 2, 1
else:
    Causal, add, CHANNELS, TIME = CausalConvolution, convolution_add, 1, 2

    def Pointwise(inputs, outputs):
        return nn.Conv1d(inputs, outputs, 1)


class WaveNet(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [PITCHES] + 8 * [CONDITIONING]
        self.stack = nn.ModuleList(
            nn.Conv1d(inputs, CONDITIONING, 3, dilation=dilation, padding=dilation)
            for inputs, dilation in zip(widths, [2, 4, 8, 16, 32, 1, 1, 1])
        )
        dilations = [2 ** (layer % CYCLE) for layer in range(LAYERS)]
        self.start = Causal(1, WIDTH, 1)
        self.skip_start = Pointwise(WIDTH, SKIP)
        self.dilated = nn.ModuleList(Causal(WIDTH, 2 * WIDTH, dilation) for dilation in dilations)
        self.conditions = nn.ModuleList(Pointwise(CONDITIONING, 2 * WIDTH) for _ in dilations)
        self.residuals = nn.ModuleList(Pointwise(WIDTH, WIDTH) for _ in dilations[1:])
        self.skips = nn.ModuleList(Pointwise(WIDTH, SKIP) for _ in dilations)
        self.out = Pointwise(SKIP, SKIP)
        self.condition_out = Pointwise(CONDITIONING, SKIP)
        self.logits = Pointwise(SKIP, CODES)

    def forward(self, audio, pitch):
        frames = pitch
        for layer in self.stack[:-1]:
            frames = torch.relu(layer(frames))
        frames = self.stack[-1](frames)
        if TIME == 1:
            frames = frames.transpose(1, 2)
        x = self.start(F.pad(audio, (1, 0))[:, :-1].unsqueeze(CHANNELS))
        skips = self.skip_start(x)
        for index, dilated in enumerate(self.dilated):
            gate, signal = add(dilated(x), self.conditions[index](frames)).split(WIDTH, CHANNELS)
            gated = torch.sigmoid(gate) * torch.tanh(signal)
            if index < LAYERS - 1:
                x = x + self.residuals[index](gated)
            skips = skips + self.skips[index](gated)
        head = add(self.out(torch.relu(skips)), self.condition_out(frames))
        return self.logits(torch.relu(head))


net = WaveNet()
average = [p.detach().clone() for p in net.parameters()]
optimise = torch.optim.Adam(net.parameters(), lr=1e-3)
codes = torch.randint(CODES, (BATCH, SAMPLES))
audio = (codes - 128) / 128
pitches = F.one_hot(torch.randint(PITCHES, (BATCH, 1)), PITCHES).float().transpose(1, 2).repeat(1, 1, SAMPLES // HOP)


def step():
    optimise.zero_grad()
    logits = net(audio, pitches)
    loss = F.cross_entropy(logits.flatten(0, 1) if TIME == 1 else logits, codes.flatten() if TIME == 1 else codes)
    loss.backward()
    optimise.step()
    with torch.no_grad():
        for a, p in zip(average, net.parameters()):
            a.lerp_(p, 0.001)
    return loss.item()


step()
print("ready", flush=True)
for _ in sys.stdin:
    step()
    print("done", flush=True)
