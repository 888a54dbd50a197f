package org.negvol.segmentation;

import java.util.EnumMap;
import java.util.Map;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/**
 * What a network says of every voxel of a grid.
 *
 * @param grid where
 * @param of for each meaning but the background its probability, 0 to 1, in the order of {@link
 *     VolumeGeometry#index}
 */
record Probabilities(VolumeGeometry grid, Map<Meaning, float[]> of) {

    /** All zero. */
    static Probabilities none(VolumeGeometry grid, Iterable<Meaning> meanings) {
        Map<Meaning, float[]> of = new EnumMap<>(Meaning.class);
        for (Meaning m : meanings) {
            if (m != Meaning.BACKGROUND) {
                of.put(m, new float[Math.toIntExact(grid.voxelCount())]);
            }
        }
        return new Probabilities(grid, of);
    }

    float[] of(Meaning meaning) {
        float[] p = of.get(meaning);
        if (p == null) {
            throw new IllegalArgumentException("the network knows no " + meaning.written());
        }
        return p;
    }

    /** Sum over all voxels of what the network says of a side's bones. */
    double mass(Side side) {
        double sum = 0;
        for (Map.Entry<Meaning, float[]> e : of.entrySet()) {
            if (e.getKey().isOf(side)) {
                for (float f : e.getValue()) {
                    sum += f;
                }
            }
        }
        return sum;
    }

    /** The same of a scan that is known to show one side: the bones of either are that side's. */
    Probabilities allOf(Side side) {
        Map<Meaning, float[]> out = new EnumMap<>(Meaning.class);
        for (Map.Entry<Meaning, float[]> e : of.entrySet()) {
            float[] own = e.getValue();
            float[] mirrored = of(e.getKey().mirrored());
            float[] sum = new float[own.length];
            if (e.getKey().isOf(side)) {
                for (int o = 0; o < sum.length; o++) {
                    sum[o] = Math.min(1, own[o] + mirrored[o]);
                }
            }
            out.put(e.getKey(), sum);
        }
        return new Probabilities(grid, out);
    }

    /**
     * The same on another grid: exact where its voxels are voxels of this one, interpolated
     * linearly elsewhere, 0 outside.
     */
    Probabilities on(VolumeGeometry other) {
        Map<Meaning, float[]> out = new EnumMap<>(Meaning.class);
        of.forEach((m, p) -> out.put(m, Regrid.linear(grid, p, other, 0)));
        return new Probabilities(other, out);
    }
}
