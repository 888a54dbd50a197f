"""The networks as ONNX Runtime runs them fast: the same numbers, up to rounding, from other operations.

ONNX Runtime's three-dimensional convolutions gather every kernel's inputs (im2col) before they multiply: with the eight
channels of the joint network's head that is 1.2 GB and 14 GFLOP/s of the 125 that one core gives in a matrix product.
Its transposed convolutions scatter in the same way. So here

- an upsampling by two is a 1 x 1 x 1 convolution to eight times the channels, one for each place in a block of two by
  two by two voxels, whose results are put in their places. The join that follows is linear and joined to it;
- the head stays on the coarse grid, the places of a block being channels, with slices as the batch of two-dimensional
  convolutions, for which ONNX Runtime has blocked kernels.
"""
import torch
from torch import nn

import nets


def deployed(net, task, size):
    """What the running system loads: logits on the grid of the input, whose size is z, y, x.

    Other networks than the V-Nets are what they are: they are there to be compared with.
    """
    if not isinstance(net, nets.VNet):
        return net if task == "joint" else nn.Sequential(net, nn.Upsample(scale_factor=2.0, mode="trilinear"))
    return Joint(net, size) if task == "joint" else Localizer(net, size)


class Body(nn.Module):
    """All of a V-Net but its head."""

    def __init__(self, net, size):
        super().__init__()
        self.net = net
        halvings = len(net.encoders)
        self.ups = nn.ModuleList(
            Doubling(up, join, size[2] >> (halvings - level))
            for level, (up, join) in enumerate(zip(net.ups, net.joins))
        )

    def forward(self, x):
        return self.net.features(x, self.finer)

    def finer(self, level, x, skip):
        return self.ups[level](x, skip)


class Joint(nn.Module):
    """A V-Net of full resolution."""

    def __init__(self, net, size):
        super().__init__()
        self.body = Body(net, size)
        self.head = Head(*net.head, size[2] // 2)

    def forward(self, x):
        return self.head(self.body(x))


class Localizer(nn.Module):
    """A V-Net of half resolution, its logits interpolated back to the input's grid."""

    def __init__(self, net, size):
        super().__init__()
        self.body = Body(net, size)
        self.head = net.head
        for axis, n in zip("zyx", size):
            self.register_buffer(axis, finer(n // 2))

    def forward(self, x):
        x = torch.matmul(torch.matmul(self.y, self.head(self.body(x))), self.x.T)
        classes, d, h, w = x.shape[1:]
        return torch.matmul(self.z, x.reshape(1, classes, d, h * w)).reshape(1, classes, 2 * d, h, w)


def finer(n):
    """[2 n, n]: linear interpolation to voxels of half the size, constant beyond the outermost centres."""
    one = torch.eye(n)[None, None]
    return nn.functional.interpolate(one, size=(2 * n, n), mode="bilinear", align_corners=False)[0, 0]


def interleaving(n):
    """[2 n, 2 n]: takes the n values of even places, followed by those of odd ones, to their places."""
    places = torch.zeros(2 * n, 2 * n)
    at = torch.arange(n)
    places[at, 2 * at] = 1
    places[n + at, 2 * at + 1] = 1
    return places


class Doubling(nn.Module):
    """A transposed convolution of kernel and stride 2, and the 1 x 1 x 1 convolution of its result and a skip."""

    def __init__(self, up, join, width):
        super().__init__()
        channels_in, channels_up = up.weight.shape[:2]
        self.channels = join.weight.shape[0]
        of_up = join.weight[:, :channels_up, 0, 0, 0]
        joined = torch.einsum("cu,iuzyx->czyxi", of_up, up.weight)
        self.blocks = nn.Conv3d(channels_in, 8 * self.channels, 1, bias=False)
        self.blocks.weight = nn.Parameter(joined.reshape(-1, channels_in, 1, 1, 1))
        self.skip = nn.Conv3d(join.weight.shape[1] - channels_up, self.channels, 1)
        self.skip.weight = nn.Parameter(join.weight[:, channels_up:])
        self.skip.bias = nn.Parameter(join.bias + of_up @ up.bias)
        self.register_buffer("places", interleaving(width))

    def forward(self, x, skip):
        c = self.channels
        d, h, w = x.shape[2:]
        blocks = self.blocks(x).reshape(c, 2, 2, 2, d, h, w).permute(0, 4, 1, 5, 2, 3, 6)
        return torch.matmul(blocks.reshape(1, c, 2 * d, 2 * h, 2 * w), self.places) + self.skip(skip)


class Head(nn.Module):
    """A transposed convolution of kernel and stride 2, PReLU, and a convolution of kernel 3.

    Channels of the coarse grid are places in a block first (z, y, x), then channels of the fine grid. The PReLU of slope
    a, which is below 1, is relu((1 - a) v) + a v, both linear parts of which are convolutions. Along y and x a kernel of
    2 on the coarse grid holds all that a kernel of 3 on the fine one needs; along z each slice says what it adds to the
    two fine slices in it and to those next to it.
    """

    def __init__(self, up, prelu, convolution, width):
        super().__init__()
        channels_in, channels = up.weight.shape[:2]
        self.classes = convolution.weight.shape[0]
        weight = up.weight.permute(2, 3, 4, 1, 0).reshape(8 * channels, channels_in, 1, 1)
        bias = up.bias.repeat(8)
        slope = prelu.weight.expand(channels).repeat(8)
        if slope.max() >= 1:
            raise ValueError("a PReLU of slope 1 or more is no sum of a ReLU and a linear part")
        self.positive = nn.Conv2d(channels_in, 8 * channels, 1)
        self.positive.weight = nn.Parameter((1 - slope)[:, None, None, None] * weight)
        self.positive.bias = nn.Parameter((1 - slope) * bias)
        self.linear = nn.Conv2d(channels_in, 8 * channels, 1)
        self.linear.weight = nn.Parameter(slope[:, None, None, None] * weight)
        self.linear.bias = nn.Parameter(slope * bias)
        # A coarse slice adds to its lower and upper fine slice, to the one above it and to the one below it.
        self.convolution = nn.Conv2d(8 * channels, 16 * self.classes, 2, padding=1)
        self.convolution.weight = nn.Parameter(torch.cat([coarse(convolution.weight, to) for to in (0, 1, 2, -1)]))
        own = convolution.bias.repeat(8)
        self.convolution.bias = nn.Parameter(torch.cat([own, torch.zeros_like(own)]))
        self.register_buffer("places", interleaving(width))

    def forward(self, x):
        d, h, w = x.shape[2:]
        classes = self.classes
        slices = x[0].permute(1, 0, 2, 3)
        blocks = self.linear(slices) + torch.relu(self.positive(slices))
        lower, upper, above, below = self.convolution(blocks).split([4 * classes] * 4, 1)
        nothing = torch.zeros(1, 4 * classes, h + 1, w + 1)
        lower = lower + torch.cat([nothing, above[:-1]])
        upper = upper + torch.cat([below[1:], nothing])
        # The convolution looks before each row and column: what is for the later place of a block comes one later.
        both = torch.stack([lower, upper], 1).reshape(d, 2, 2, 2, classes, h + 1, w + 1)
        rows = [
            torch.cat([both[:, :, y, x, :, y : y + h, x : x + w] for x in range(2)], -1)
            for y in range(2)
        ]
        fine = torch.stack(rows, 4).permute(2, 0, 1, 3, 4, 5)
        return torch.matmul(fine.reshape(1, classes, 2 * d, 2 * h, 2 * w), self.places)


def coarse(weight, to):
    """A convolution of kernel 3 as seen by one coarse slice: [4 classes, 8 channels, 2, 2].

    `weight` is [classes, channels, 3, 3, 3]; `to` is the fine slice that is added to, counted from the coarse slice's lower one.
    """
    classes, channels = weight.shape[:2]
    out = torch.zeros(2, 2, classes, 2, 2, 2, channels, 2, 2)
    for z in range(2):
        if abs(z - to) > 1:
            continue
        for to_y in range(2):
            for to_x in range(2):
                for y in range(to_y - 1, to_y + 2):
                    for x in range(to_x - 1, to_x + 2):
                        # Block and place in it of the fine row and column; the kernel begins a block early for the
                        # earlier place and at the block itself for the later one.
                        at = (y // 2 + 1 - to_y, x // 2 + 1 - to_x)
                        out[to_y, to_x, :, z, y % 2, x % 2, :, at[0], at[1]] = weight[
                            :, :, z - to + 1, y - to_y + 1, x - to_x + 1
                        ]
    return out.reshape(4 * classes, 8 * channels, 2, 2)
