"""One training step of the paper's progressive GAN in PyTorch: the reference of train-step.bench.ts.

Usage: progressive_gan_step.py BLOCKS BATCH THREADS contiguous|channels_last
Prints "ready", then makes one iteration (generator update, critic update) per line read and prints "done".
"""

import math
import sys

import torch
import torch.nn.functional as F

BLOCKS, BATCH, THREADS, LAYOUT = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
LATENT, PITCHES = 256, 61
HEIGHT, WIDTH = 2 << (BLOCKS - 1), 16 << (BLOCKS - 1)
FORMAT = torch.channels_last if LAYOUT == "channels_last" else torch.contiguous_format
torch.set_num_threads(THREADS)
torch.manual_seed(0)


def filters(block):
    return int(min(4096 / 2**block, 256))


class Conv(torch.nn.Module):
    """Convolution with equalised learning rate."""

    def __init__(self, inputs, outputs, kernel, padding, gain=math.sqrt(2)):
        super().__init__()
        weight = torch.randn(outputs, inputs, *kernel)
        self.weight = torch.nn.Parameter(weight.contiguous(memory_format=FORMAT))
        self.bias = torch.nn.Parameter(torch.zeros(outputs))
        self.scale = gain / math.sqrt(inputs * kernel[0] * kernel[1])
        self.padding = padding

    def forward(self, x):
        return F.conv2d(x, self.weight * self.scale, self.bias, padding=self.padding)


def lrelu(x):
    return F.leaky_relu(x, 0.2)


def pixel_norm(x):
    return x * torch.rsqrt(torch.mean(x * x, dim=1, keepdim=True) + 1e-8)


class Generator(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Parameter(torch.randn(LATENT + PITCHES, filters(1) * 2 * 16))
        self.first_bias = torch.nn.Parameter(torch.zeros(filters(1), 1, 1))
        self.second = Conv(filters(1), filters(1), (3, 3), 1)
        self.convs = torch.nn.ModuleList(
            torch.nn.ModuleList([Conv(filters(b - 1), filters(b), (3, 3), 1), Conv(filters(b), filters(b), (3, 3), 1)])
            for b in range(2, BLOCKS + 1)
        )
        self.to_rgb = Conv(filters(BLOCKS), 2, (1, 1), 0, gain=1)

    def forward(self, z, pitch):
        x = pixel_norm(torch.cat([z, pitch], 1))
        scale = math.sqrt(2 / (32 * (LATENT + PITCHES)))
        x = (x @ (self.first * scale)).view(-1, filters(1), 2, 16) + self.first_bias
        x = pixel_norm(lrelu(x)).contiguous(memory_format=FORMAT)
        x = pixel_norm(lrelu(self.second(x)))
        for conv0, conv1 in self.convs:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = pixel_norm(lrelu(conv0(x)))
            x = pixel_norm(lrelu(conv1(x)))
        return torch.tanh(self.to_rgb(x))


class Critic(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.from_rgb = Conv(2, filters(BLOCKS), (1, 1), 0)
        self.convs = torch.nn.ModuleList(
            torch.nn.ModuleList([Conv(filters(b), filters(b), (3, 3), 1), Conv(filters(b), filters(b - 1), (3, 3), 1)])
            for b in range(BLOCKS, 1, -1)
        )
        self.conv0 = Conv(filters(1) + 1, filters(1), (3, 3), 1)
        self.conv1 = Conv(filters(1), filters(0), (2, 16), 0)
        self.score = torch.nn.Linear(filters(0), 1)
        self.classes = torch.nn.Linear(filters(0), PITCHES)

    def forward(self, x):
        x = lrelu(self.from_rgb(torch.clamp(x, -1, 1)))
        for conv0, conv1 in self.convs:
            x = F.avg_pool2d(lrelu(conv1(lrelu(conv0(x)))), 2)
        spread = torch.sqrt(torch.var(x, dim=0, unbiased=False) + 1e-6).mean()
        x = torch.cat([x, spread.expand(x.shape[0], 1, *x.shape[2:])], 1)
        x = lrelu(self.conv1(lrelu(self.conv0(x)))).flatten(1)
        return self.score(x), self.classes(x)


generator, critic = Generator(), Critic()
optimise_g = torch.optim.Adam(generator.parameters(), lr=8e-4, betas=(0.0, 0.99))
optimise_d = torch.optim.Adam(critic.parameters(), lr=8e-4, betas=(0.0, 0.99))
average = [p.detach().clone() for p in generator.parameters()]
real = torch.rand(BATCH, 2, HEIGHT, WIDTH).mul(2).sub(1).contiguous(memory_format=FORMAT)
labels = torch.randint(PITCHES, (BATCH,))


def inputs():
    asked = torch.randint(PITCHES, (BATCH,))
    return torch.randn(BATCH, LATENT), F.one_hot(asked, PITCHES).float(), asked


def step():
    z, pitch, asked = inputs()
    score, classes = critic(generator(z, pitch))
    loss = -score.mean() + 10 * F.cross_entropy(classes, asked)
    gradients = torch.autograd.grad(loss, list(generator.parameters()))
    for p, g in zip(generator.parameters(), gradients):
        p.grad = g
    optimise_g.step()
    with torch.no_grad():
        for a, p in zip(average, generator.parameters()):
            a.lerp_(p, 0.001)

    z, pitch, _ = inputs()
    with torch.no_grad():
        fake = generator(z, pitch)
    on_fake, _ = critic(fake)
    on_real, classes = critic(real)
    mixed = (real + torch.rand(BATCH, 1, 1, 1) * (fake - real)).requires_grad_()
    (slope,) = torch.autograd.grad(critic(mixed)[0].sum(), mixed, create_graph=True)
    penalty = ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()
    loss = on_fake.mean() - on_real.mean() + 10 * penalty + 0.001 * (on_real**2).mean() + 10 * F.cross_entropy(classes, labels)
    optimise_d.zero_grad()
    loss.backward()
    optimise_d.step()
    return float(loss)


print("ready", flush=True)
for _ in sys.stdin:
    step()
    print("done", flush=True)
