#!/usr/bin/env python3
"""Writes the outlines of the characters that negvol's pictures use, from an OpenType font.

    typeface.py Inter-Regular.otf > src/main/resources/org/negvol/report/regular.glyphs

Needs fontTools (Debian: python3-fonttools, fonts-inter). One line a character: its code point, its
advance in units of 1/1000 em, and its outline as SVG path commands with y growing downwards.
"""
import sys

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x7E), (0xA0, 0x17F)]
SINGLES = "–—‘’“”•…′″−×÷≈≤≥→←°±µ²³½σΔ□√⌀"


class Path(BasePen):
    def __init__(self, glyphs, scale):
        super().__init__(glyphs)
        self.scale = scale
        self.out = []

    def points(self, *points):
        return " ".join(f"{round(x * self.scale)} {round(-y * self.scale)}" for x, y in points)

    def _moveTo(self, p):
        self.out.append("M" + self.points(p))

    def _lineTo(self, p):
        self.out.append("L" + self.points(p))

    def _curveToOne(self, a, b, p):
        self.out.append("C" + self.points(a, b, p))

    def _closePath(self):
        self.out.append("Z")


font = TTFont(sys.argv[1])
glyphs, names = font.getGlyphSet(), font.getBestCmap()
gsub = font["GSUB"].table
tabular = {}  # figures of equal width stand in columns
for feature in gsub.FeatureList.FeatureRecord:
    if feature.FeatureTag == "tnum":
        for index in feature.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                tabular.update(getattr(table, "ExtSubTable", table).mapping)
scale = 1000 / font["head"].unitsPerEm
codes = [c for a, b in RANGES for c in range(a, b + 1)] + [ord(c) for c in SINGLES]
for code in sorted(set(codes)):
    if code not in names:
        continue
    name = names[code]
    if chr(code).isdigit():
        name = tabular.get(name, name)
    pen = Path(glyphs, scale)
    glyphs[name].draw(pen)
    print(f"{code:04X} {round(glyphs[name].width * scale)} {''.join(pen.out)}")
