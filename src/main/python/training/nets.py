"""V-Nets: residual stages, strided convolutions down, transposed convolutions up (Milletari 2016; the paper's family).

A stem of stride 2 keeps a pass affordable on two cores; what it loses in sharpness the CT itself gives back, since the
network only has to say which bone a voxel belongs to.
"""
import torch
from torch import nn


class Residual(nn.Module):
    """`convolutions` times convolution, normalisation, PReLU, added to the input."""

    def __init__(self, channels, convolutions, normalised):
        super().__init__()
        layers = []
        for _ in range(convolutions):
            layers += [
                nn.Conv3d(channels, channels, 3, padding=1, bias=False),
                normalised(channels),
                nn.PReLU(channels),
            ]
        self.body = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.body(x)


def over_training(channels):
    """Statistics of the training's samples: they are alike, each a joint in the middle."""
    return nn.BatchNorm3d(channels, momentum=0.03)


def over_volume(channels):
    """Statistics of the volume itself, as the paper's V-Net has at a batch of one: fields of view differ too much."""
    return nn.InstanceNorm3d(channels, affine=True)


def halve(channels_in, channels_out, normalised):
    return nn.Sequential(
        nn.Conv3d(channels_in, channels_out, 2, stride=2, bias=False),
        normalised(channels_out),
        nn.PReLU(channels_out),
    )


class VNet(nn.Module):
    """Input [batch, 1, z, y, x], each side a multiple of 2 ** len(depths); output logits [batch, classes, z, y, x].

    Without `full_resolution` the logits have half the input's size: enough to tell where a joint is, at half the cost.
    """

    def __init__(self, classes, base, depths=(1, 2, 2, 2), full_resolution=True, normalised=over_training):
        super().__init__()
        channels = base
        self.stem = halve(1, channels, normalised)
        self.encoders = nn.ModuleList()
        self.downs = nn.ModuleList()
        for level, depth in enumerate(depths):
            self.encoders.append(Residual(channels, depth, normalised))
            if level < len(depths) - 1:
                self.downs.append(halve(channels, 2 * channels, normalised))
                channels *= 2
        self.ups = nn.ModuleList()
        self.joins = nn.ModuleList()
        self.decoders = nn.ModuleList()
        for depth in reversed(depths[:-1]):
            self.ups.append(nn.ConvTranspose3d(channels, channels // 2, 2, stride=2))
            self.joins.append(nn.Conv3d(channels, channels // 2, 1))
            channels //= 2
            self.decoders.append(Residual(channels, depth, normalised))
        if full_resolution:
            self.head = nn.Sequential(
                nn.ConvTranspose3d(channels, 8, 2, stride=2), nn.PReLU(8), nn.Conv3d(8, classes, 3, padding=1)
            )
        else:
            self.head = nn.Conv3d(channels, classes, 1)

    def forward(self, x):
        return self.head(self.features(x, self.finer))

    def features(self, x, finer):
        """What the head sees; `finer` is this network's own or does the same."""
        x = self.stem(x)
        skips = []
        for level, encoder in enumerate(self.encoders):
            x = encoder(x)
            if level < len(self.downs):
                skips.append(x)
                x = self.downs[level](x)
        for level, decoder in enumerate(self.decoders):
            x = decoder(finer(level, x, skips.pop()))
        return x

    def finer(self, level, x, skip):
        """Doubles the grid, and joins what the encoder had there."""
        return self.joins[level](torch.cat([self.ups[level](x), skip], 1))


def network(task):
    if task == "joint":
        return VNet(classes=3, base=16)
    return VNet(classes=5, base=12, full_resolution=False, normalised=over_volume)
