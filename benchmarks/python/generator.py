"""The paper's high-resolution generator in PyTorch, as written: one batch of notes for every line read.

usage: generator.py BATCH channels_last|contiguous
"""

import math
import sys

import torch
import torch.nn.functional as F

batch, layout = int(sys.argv[1]), sys.argv[2]
memory_format = torch.channels_last if layout == "channels_last" else torch.contiguous_format
torch.manual_seed(0)
widths = [256, 256, 256, 256, 128, 64, 32]


def conv(inputs, outputs, size, gain):
    """Kernel with its scale multiplied in, and bias."""
    kernel = torch.randn(outputs, inputs, *size) * gain / math.sqrt(inputs * size[0] * size[1])
    return kernel.contiguous(memory_format=memory_format), torch.randn(outputs) * 0.1


def pixel_norm(x):
    return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)


def activate(x):
    return pixel_norm(F.leaky_relu(x, 0.2))


blocks = []
inputs = 317
for block, width in enumerate(widths):
    first = torch.randn(317, 256 * 32) * math.sqrt(2 / (317 * 32)) if block == 0 else conv(inputs, width, (3, 3), math.sqrt(2))
    blocks.append((first, conv(width, width, (3, 3), math.sqrt(2))))
    inputs = width
to_rgb = conv(32, 2, (1, 1), 1)
first_bias = torch.randn(1, 256, 1, 1) * 0.1


@torch.inference_mode()
def generate(z):
    x = z
    for block, (first, second) in enumerate(blocks):
        if block == 0:
            # a 1 x 1 image and a kernel of the output's size: a matrix product
            x = (pixel_norm(x) @ first).reshape(batch, 256, 2, 16) + first_bias
            x = activate(x.contiguous(memory_format=memory_format))
        else:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = activate(F.conv2d(x, *first, padding=1))
        x = activate(F.conv2d(x, *second, padding=1))
    image = torch.tanh(F.conv2d(x, *to_rgb))
    return image / torch.tensor([0.0661371661726, 0.8]).reshape(1, 2, 1, 1)


z = torch.randn(batch, 317)
generate(z)
print("ready", flush=True)
for _ in sys.stdin:
    assert generate(z).shape == (batch, 2, 128, 1024)
    print("done", flush=True)
