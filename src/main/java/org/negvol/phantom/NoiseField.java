package org.negvol.phantom;

import java.util.SplittableRandom;

/** Smooth random field of mean 0 and deviation of about 1: a periodic lattice, read trilinearly. */
final class NoiseField {

    private static final int SIZE = 32;
    private static final int MASK = SIZE - 1;

    private final float[] lattice = new float[SIZE * SIZE * SIZE];

    NoiseField(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < lattice.length; i++) {
            // 1.6 makes up for what trilinear averaging takes from the deviation.
            lattice[i] = (float) (1.6 * random.nextGaussian());
        }
    }

    /** The field at a point given in units of its grain. */
    double at(double x, double y, double z) {
        int ix = (int) Math.floor(x);
        int iy = (int) Math.floor(y);
        int iz = (int) Math.floor(z);
        float fx = fade((float) (x - ix));
        float fy = fade((float) (y - iy));
        float fz = fade((float) (z - iz));
        int x0 = ix & MASK;
        int x1 = (ix + 1) & MASK;
        int y0 = (iy & MASK) * SIZE;
        int y1 = ((iy + 1) & MASK) * SIZE;
        int z0 = (iz & MASK) * SIZE * SIZE;
        int z1 = ((iz + 1) & MASK) * SIZE * SIZE;
        float a = mix(lattice[x0 + y0 + z0], lattice[x1 + y0 + z0], fx);
        float b = mix(lattice[x0 + y1 + z0], lattice[x1 + y1 + z0], fx);
        float c = mix(lattice[x0 + y0 + z1], lattice[x1 + y0 + z1], fx);
        float d = mix(lattice[x0 + y1 + z1], lattice[x1 + y1 + z1], fx);
        return mix(mix(a, b, fy), mix(c, d, fy), fz);
    }

    private static float fade(float t) {
        return t * t * (3 - 2 * t);
    }

    private static float mix(float a, float b, float t) {
        return a + (b - a) * t;
    }
}
