package org.negvol.segmentation;

import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/**
 * From owner map to sub-voxel bone surfaces: the network says which bone, the CT says where its
 * surface is.
 *
 * <p>From every voxel near the owner's border a ray runs along the border's normal. The distance
 * along it to the surface that the CT shows ({@link SurfaceRay}) is the implicit field. Where it
 * shows none, or only inside the other bone, the network's probability of 0.5 decides.
 */
public final class BoneSurfaces {

    /** How far, in mm, the surface may lie from the owner's border: three to four voxels. */
    static final double BAND_MM = 1.5;

    /**
     * Voxels that the surface of their nearest border voxel passes at a larger distance, mm, take
     * that surface: the mean over neighbours needs one voxel more than the zero set itself.
     */
    private static final double SHELL_MM = 0.9;

    /** Distances of more mm are given as this: nobody asks for them. */
    static final float MOST_MM = 2.5f;

    /** What a voxel that was not looked from, looked from in vain, or with success counts. */
    private static final float[] WEIGHT = {0, 0.1f, 1};

    /** The distance to a bone that is not there, mm. */
    static final float FAR_MM = 1000;

    private final VolumeGeometry g;
    private final byte[] owner;
    private final SurfaceRay ray;
    private final int[] stride;
    private final float[] spacing;
    private long border;
    private long clear;

    private BoneSurfaces(ScalarVolume hu, byte[] owner) {
        this.g = hu.geometry();
        this.owner = owner;
        this.ray = new SurfaceRay(hu, owner);
        this.stride = new int[] {1, g.columns(), g.columns() * g.rows()};
        this.spacing =
                new float[] {
                    (float) g.spacingMm(0), (float) g.spacingMm(1), (float) g.spacingMm(2)
                };
    }

    /**
     * @param hu the VOI in HU on a grid with orthogonal axes
     * @param owner label of each voxel, as in {@link SegmentedJoint}
     * @param pCondyle the network's probability of mandible at each voxel, 0 to 1
     * @param pTemporal the same of temporal bone
     * @return the cleaned owner map and both fields; of the fields, at most one is negative at any
     *     point of space, also between voxels. Distances beyond {@link #MOST_MM} are given as that;
     *     a bone that has no voxel is {@link #FAR_MM} away.
     */
    public static SegmentedJoint refine(
            ScalarVolume hu, byte[] owner, float[] pCondyle, float[] pTemporal, Side side) {
        int n = hu.values().length;
        if (owner.length != n || pCondyle.length != n || pTemporal.length != n) {
            throw new IllegalArgumentException(
                    "a VOI of %d voxels needs as many owners and probabilities, got %d, %d, %d"
                            .formatted(n, owner.length, pCondyle.length, pTemporal.length));
        }
        return refineCleaned(hu, OwnerMap.clean(hu, owner), pCondyle, pTemporal, side);
    }

    /**
     * The same of an owner map that {@link OwnerMap#clean} has been over.
     *
     * @param cleaned is overwritten with the owner map of the refined surfaces
     */
    static SegmentedJoint refineCleaned(
            ScalarVolume hu, byte[] cleaned, float[] pCondyle, float[] pTemporal, Side side) {
        int n = cleaned.length;
        BoneSurfaces b = new BoneSurfaces(hu, cleaned);
        float[] condyle = b.field(SegmentedJoint.CONDYLE, pCondyle);
        float[] temporal = b.field(SegmentedJoint.TEMPORAL_BONE, pTemporal);
        double won = 0;
        long bone = 0;
        for (int i = 0; i < n; i++) {
            separate(condyle, temporal, i, pTemporal[i] - pCondyle[i]);
            if (condyle[i] < 0) {
                cleaned[i] = SegmentedJoint.CONDYLE;
            } else if (temporal[i] < 0) {
                cleaned[i] = SegmentedJoint.TEMPORAL_BONE;
            } else {
                cleaned[i] = SegmentedJoint.BACKGROUND;
                continue;
            }
            won += Math.max(1 - pCondyle[i] - pTemporal[i], Math.max(pCondyle[i], pTemporal[i]));
            bone++;
        }
        return new SegmentedJoint(
                side,
                hu,
                cleaned,
                new ScalarVolume(b.g, condyle),
                new ScalarVolume(b.g, temporal),
                bone == 0 ? 0 : won / bone,
                b.border == 0 ? 0 : (double) b.clear / b.border);
    }

    /**
     * Makes the sum of both fields nowhere negative: then no interpolation of them is negative in
     * both. Where the bones overlap the probability moves the wall between them, by half a voxel.
     */
    private static void separate(float[] condyle, float[] temporal, int i, float towardsTemporal) {
        float c = condyle[i];
        float t = temporal[i];
        if (c + t < 0) {
            float wall = (c - t) / 2 + (c < 0 && t < 0 ? 0.2f * towardsTemporal : 0);
            condyle[i] = wall;
            temporal[i] = -wall;
        }
    }

    private float[] field(byte bone, float[] probability) {
        boolean[] inside = OwnerMap.is(owner, bone);
        boolean[] seeds = borderOf(inside);
        NearestSeed nearest = NearestSeed.within(g, seeds, BAND_MM + 0.3);
        Looks looks = new Looks(bone, probability, coarse(inside, nearest));
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++, o++) {
                    if (seeds[o]) {
                        looks.look(i, j, k);
                    }
                }
            }
        }
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++, o++) {
                    if (nearest.seed[o] >= 0 && !seeds[o]) {
                        looks.lookOrFollow(i, j, k, nearest.seed[o]);
                    }
                }
            }
        }
        float[] even = evened(looks.fine, looks.seen);
        boolean[] now = new boolean[even.length];
        for (int o = 0; o < now.length; o++) {
            now[o] = even[o] < 0;
        }
        if (bone == SegmentedJoint.CONDYLE) {
            OwnerMap.keepLargest(g, now);
            // Rays that met a trabecula leave bubbles in the marrow; a condyle holds no air.
            OwnerMap.fillCavities(g, now);
        } else {
            OwnerMap.dropSmall(g, now, OwnerMap.SMALLEST_TEMPORAL_MM3);
        }
        return redistanced(even, now, looks.seen);
    }

    /** What the CT or else the network says of the surface near each voxel of a bone's band. */
    private final class Looks {

        /** The border was not looked for from here. */
        static final byte NOT = 0;

        static final byte BY_NETWORK = 1;
        static final byte BY_CT = 2;

        private final byte other;
        private final float[] probability;
        private final float[] coarse;
        private final float[] smooth;
        private final float[] fine;
        private final byte[] seen;
        private final float[] gradient = new float[3];

        Looks(byte bone, float[] probability, float[] coarse) {
            other =
                    bone == SegmentedJoint.CONDYLE
                            ? SegmentedJoint.TEMPORAL_BONE
                            : SegmentedJoint.CONDYLE;
            this.probability = probability;
            this.coarse = coarse;
            // Two binomial passes take the steps of voxels out of the normals.
            smooth = binomial(binomial(coarse));
            fine = coarse.clone();
            seen = new byte[coarse.length];
        }

        /** Looks at what lies nearest the surface of a border voxel; the rest follows that one. */
        void lookOrFollow(int i, int j, int k, int border) {
            int o = g.index(i, j, k);
            float expected = coarse[o] - (coarse[border] - fine[border]);
            if (Math.abs(expected) <= SHELL_MM) {
                look(i, j, k);
            } else {
                fine[o] = expected;
                seen[o] = seen[border];
            }
        }

        /** Finds the surface on the ray through a voxel; by CT if it can, else by probability. */
        void look(int i, int j, int k) {
            int o = g.index(i, j, k);
            double length = gradient(smooth, i, j, k);
            double surface =
                    length > 0.1
                            ? ray.surface(i, j, k, coarse[o], gradient, length, other)
                            : Double.NaN;
            if (Double.isNaN(surface)) {
                fine[o] = byProbability(i, j, k);
                seen[o] = BY_NETWORK;
            } else {
                fine[o] = (float) (coarse[o] - surface);
                seen[o] = BY_CT;
            }
        }

        /** Signed distance to probability 0.5, no further than a voxel from the owner's border. */
        private float byProbability(int i, int j, int k) {
            int o = g.index(i, j, k);
            double slope = gradient(probability, i, j, k);
            if (Math.abs(probability[o] - 0.5) > 0.49 || slope < 0.1) {
                return coarse[o];
            }
            float d = (float) ((0.5 - probability[o]) / slope);
            return Math.clamp(d, coarse[o] - spacing[0], coarse[o] + spacing[0]);
        }

        /** The gradient of a field at a voxel, into {@link #gradient}; returns its length. */
        private double gradient(float[] f, int i, int j, int k) {
            int o = g.index(i, j, k);
            gradient[0] = slope(f, o, i, 0);
            gradient[1] = slope(f, o, j, 1);
            gradient[2] = slope(f, o, k, 2);
            return Math.sqrt(
                    (double) gradient[0] * gradient[0]
                            + (double) gradient[1] * gradient[1]
                            + (double) gradient[2] * gradient[2]);
        }

        private float slope(float[] f, int o, int at, int axis) {
            int before = at > 0 ? stride[axis] : 0;
            int after = at < g.size(axis) - 1 ? stride[axis] : 0;
            int steps = before == 0 || after == 0 ? 1 : 2;
            return (f[o + after] - f[o - before]) / (steps * spacing[axis]);
        }
    }

    /** Signed distance to the border of a mask, to half a voxel, no further than the band. */
    private float[] coarse(boolean[] inside, NearestSeed nearest) {
        float half = spacing[0] / 2;
        float[] d = new float[inside.length];
        for (int o = 0; o < d.length; o++) {
            float distance = (float) Math.sqrt(Math.min(nearest.squaredMm2[o], MOST_MM * MOST_MM));
            d[o] = inside[o] ? -distance - half : distance + half;
        }
        return d;
    }

    /** Voxels with a face neighbour on the other side. */
    private boolean[] borderOf(boolean[] inside) {
        boolean[] border = new boolean[inside.length];
        int nx = g.columns();
        for (int k = 0, row = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++, row += nx) {
                mark(inside, border, row, row + nx - 1, 1);
                if (j < g.rows() - 1) {
                    mark(inside, border, row, row + nx, stride[1]);
                }
                if (k < g.slices() - 1) {
                    mark(inside, border, row, row + nx, stride[2]);
                }
            }
        }
        return border;
    }

    /** Marks voxels of a row, and their neighbours a step on, where these lie on the other side. */
    private static void mark(boolean[] inside, boolean[] border, int from, int end, int step) {
        for (int o = from; o < end; o++) {
            if (inside[o] != inside[o + step]) {
                border[o] = true;
                border[o + step] = true;
            }
        }
    }

    /** Binomial mean over the voxels of the band; those that the CT decided weigh most. */
    private float[] evened(float[] field, byte[] seen) {
        float[] value = new float[field.length];
        float[] weight = new float[field.length];
        for (int o = 0; o < field.length; o++) {
            weight[o] = WEIGHT[seen[o]];
            value[o] = weight[o] * field[o];
        }
        float[] v = binomial(value);
        float[] w = binomial(weight);
        for (int o = 0; o < field.length; o++) {
            v[o] = seen[o] != Looks.NOT ? v[o] / w[o] : field[o];
        }
        return v;
    }

    /** The mean with weights 1, 2, 1 along each axis; the border continues outside. */
    private float[] binomial(float[] f) {
        float[] in = f;
        int nx = g.columns();
        float[] out = new float[f.length];
        for (int row = 0; row < f.length; row += nx) {
            int last = row + nx - 1;
            out[row] = (3 * in[row] + in[Math.min(row + 1, last)]) / 4;
            for (int o = row + 1; o < last; o++) {
                out[o] = (in[o - 1] + 2 * in[o] + in[o + 1]) / 4;
            }
            out[last] = (in[Math.max(last - 1, row)] + 3 * in[last]) / 4;
        }
        for (int axis = 1; axis < 3; axis++) {
            in = out;
            out = new float[f.length];
            int s = stride[axis];
            int n = g.size(axis);
            for (int base = 0; base < f.length; base += s * n) {
                for (int at = 0; at < n; at++) {
                    int from = base + at * s;
                    int before = at > 0 ? s : 0;
                    int after = at < n - 1 ? s : 0;
                    for (int o = from; o < from + s; o++) {
                        out[o] = (in[o - before] + 2 * in[o] + in[o + after]) / 4;
                    }
                }
            }
        }
        return out;
    }

    /** The field kept near its zero set, and the distance to that set elsewhere. */
    private float[] redistanced(float[] field, boolean[] inside, byte[] seen) {
        boolean[] seeds = borderOf(inside);
        NearestSeed nearest = NearestSeed.within(g, seeds, MOST_MM);
        float[] out = new float[field.length];
        float beyond = FAR_MM;
        for (boolean seed : seeds) {
            beyond = seed ? MOST_MM : beyond;
        }
        for (int o = 0; o < out.length; o++) {
            boolean agrees = field[o] < 0 == inside[o];
            int s = nearest.seed[o];
            if (seeds[o]) {
                border++;
                clear += seen[o] == Looks.BY_CT ? 1 : 0;
                out[o] = agrees ? field[o] : inside[o] ? -0.05f : 0.05f;
                continue;
            }
            float distance = beyond;
            if (s >= 0) {
                float atSeed = Math.min(Math.abs(field[s]), spacing[0]);
                float fromSeed = (float) Math.sqrt(nearest.squaredMm2[o]);
                distance = Math.min(beyond, fromSeed + (inside[s] == inside[o] ? atSeed : -atSeed));
            }
            if (agrees && seen[o] == Looks.BY_CT && distance <= 2 * spacing[0]) {
                distance = Math.abs(field[o]);
            }
            out[o] = inside[o] ? -distance : distance;
        }
        return out;
    }
}
