"""V-Nets: residual stages, strided convolutions down, transposed convolutions up (Milletari 2016; the paper's family);
and the paper's other systems, 3-D U-Nets with and without attention gates, to be compared with them.

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


def head(channels, classes, full_resolution):
    """Logits on twice the grid, or on the same one."""
    if not full_resolution:
        return nn.Conv3d(channels, classes, 1)
    return nn.Sequential(nn.ConvTranspose3d(channels, 8, 2, stride=2), nn.PReLU(8), nn.Conv3d(8, classes, 3, padding=1))


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
        self.head = head(channels, classes, full_resolution)

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


def twice(channels_in, channels_out):
    """Convolution, ReLU, GroupNorm, twice: a stage of the paper's U-Nets."""
    middle = max(channels_in, channels_out // 2)
    layers = []
    for before, after in ((channels_in, middle), (middle, channels_out)):
        layers += [nn.Conv3d(before, after, 3, padding=1), nn.ReLU(), nn.GroupNorm(8 if after % 8 == 0 else 1, after)]
    return nn.Sequential(*layers)


class AttentionGate(nn.Module):
    """Weighs what a skip brings by what lies deeper (Oktay 2018): sigmoid(psi(relu(W x + V g))) x."""

    def __init__(self, channels_skip, channels_deeper):
        super().__init__()
        between = channels_skip // 2
        self.of_skip = nn.Conv3d(channels_skip, between, 1, bias=False)
        self.of_deeper = nn.Conv3d(channels_deeper, between, 1)
        self.psi = nn.Conv3d(between, 1, 1)

    def forward(self, skip, deeper):
        return skip * torch.sigmoid(self.psi(torch.relu(self.of_skip(skip) + self.of_deeper(deeper))))


class UNet(nn.Module):
    """A 3-D U-Net: stages of two convolutions, max-pooling down, nearest up-sampling and concatenation.

    Stem and head are the V-Net's, so that what differs between the two is the body and not the resolution it works at.
    Input [batch, 1, z, y, x], each side a multiple of 2 ** levels; output logits of the same size.
    """

    def __init__(self, classes, base, levels=4, attention=False, full_resolution=True, normalised=over_training):
        super().__init__()
        widths = [base << level for level in range(levels)]
        self.stem = halve(1, base, normalised)
        self.encoders = nn.ModuleList(
            twice(before, after) for before, after in zip([base] + widths[:-1], widths)
        )
        upwards = list(zip(reversed(widths[:-1]), reversed(widths[1:])))
        self.gates = nn.ModuleList(AttentionGate(skip, deeper) for skip, deeper in upwards) if attention else None
        self.decoders = nn.ModuleList(twice(skip + deeper, skip) for skip, deeper in upwards)
        self.head = head(base, classes, full_resolution)

    def forward(self, x):
        x = self.stem(x)
        skips = []
        for level, encoder in enumerate(self.encoders):
            x = encoder(nn.functional.max_pool3d(x, 2) if level else x)
            skips.append(x)
        skips.pop()
        for level, decoder in enumerate(self.decoders):
            skip = skips.pop()
            x = nn.functional.interpolate(x, scale_factor=2.0, mode="nearest")
            if self.gates is not None:
                skip = self.gates[level](skip, x)
            x = decoder(torch.cat([skip, x], 1))
        return self.head(x)


#: The systems that can be trained; the first one is what negvol ships.
SYSTEMS = ("v-net", "u-net", "attention-u-net")


def network(task, system="v-net"):
    joint = task == "joint"
    size = {"classes": 3 if joint else 5, "base": 16 if joint else 12}
    kind = {"full_resolution": joint, "normalised": over_training if joint else over_volume}
    if system == "v-net":
        return VNet(**size, **kind)
    return UNet(**size, **kind, attention=system == "attention-u-net")
