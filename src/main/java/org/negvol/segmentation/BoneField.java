package org.negvol.segmentation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.VolumeGeometry;

/**
 * The implicit field of one bone, worked out in the box round the bone's band.
 *
 * <p>From every voxel near the owner's border a ray runs along the border's normal; the distance
 * along it to the surface that the CT shows ({@link SurfaceRay}) is the field. What several rays
 * say is evened out, and further away the field is the distance to its own zero set.
 */
final class BoneField {

    /**
     * Voxels that the surface of their nearest border voxel passes at a larger distance, mm, take
     * that surface: the mean over neighbours needs one voxel more than the zero set itself.
     */
    private static final double SHELL_MM = 0.9;

    /** What a voxel that was not looked from, looked from in vain, or with success counts. */
    private static final float[] WEIGHT = {0, 0.1f, 1};

    /** The border was not looked for from here. */
    private static final byte NOT = 0;

    private static final byte BY_NETWORK = 1;
    private static final byte BY_CT = 2;

    /** How far from the owner's border rays start, mm. */
    private static final double SEEN_MM = BoneSurfaces.BAND_MM + 0.3;

    private final byte bone;
    private final VolumeGeometry whole;

    /** The box, and where in the whole it begins. */
    private final VolumeGeometry g;

    private final int[] first;
    private final SurfaceRay ray;
    private final int[] stride;
    private final float[] spacing;
    private final boolean[] inside;
    private final float[] probability;
    private final float[] coarse;
    private final float[] smooth;
    private final float[] fine;
    private final byte[] seen;
    private final float[] gradient = new float[3];

    /** Voxels at the bone's border, and those of them whose surface the CT showed. */
    private long border;

    private long clear;

    private BoneField(
            byte bone,
            VolumeGeometry whole,
            int[] first,
            VolumeGeometry g,
            byte[] owner,
            float[] probability,
            SurfaceRay ray) {
        this.bone = bone;
        this.whole = whole;
        this.first = first;
        this.g = g;
        this.ray = ray;
        stride = new int[] {1, g.columns(), g.columns() * g.rows()};
        spacing =
                new float[] {
                    (float) g.spacingMm(0), (float) g.spacingMm(1), (float) g.spacingMm(2)
                };
        inside = new boolean[Math.toIntExact(g.voxelCount())];
        this.probability = new float[inside.length];
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                int from = whole.index(first[0], first[1] + j, first[2] + k);
                System.arraycopy(probability, from, this.probability, o, g.columns());
                for (int i = 0; i < g.columns(); i++, o++) {
                    inside[o] = owner[from + i] == bone;
                }
            }
        }
        coarse = new float[inside.length];
        seen = new byte[inside.length];
        boolean[] seeds = borderOf(inside);
        NearestSeed nearest = NearestSeed.within(g, seeds, SEEN_MM);
        float half = spacing[0] / 2;
        for (int o = 0; o < coarse.length; o++) {
            float distance = Math.min(nearest.distanceMm(o), BoneSurfaces.MOST_MM);
            coarse[o] = inside[o] ? -distance - half : distance + half;
        }
        // Two binomial passes take the steps of voxels out of the normals.
        smooth = binomial(binomial(coarse));
        fine = coarse.clone();
        look(seeds, nearest);
    }

    /**
     * A bone's field over the whole grid.
     *
     * @param values distances in mm, negative inside
     * @param border voxels at the bone's border
     * @param clear those of them whose surface the CT showed
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Result(float[] values, long border, long clear) {}

    /**
     * @param whole the VOI
     * @param owner label of each voxel, as in {@link SegmentedJoint}
     * @param probability the network's of this bone
     */
    static Result of(
            byte bone, VolumeGeometry whole, byte[] owner, float[] probability, SurfaceRay ray) {
        float[] values = new float[owner.length];
        int[] first = new int[3];
        VolumeGeometry box = box(bone, whole, owner, first);
        if (box == null) {
            Arrays.fill(values, BoneSurfaces.FAR_MM);
            return new Result(values, 0, 0);
        }
        BoneField field = new BoneField(bone, whole, first, box, owner, probability, ray);
        field.put(values);
        return new Result(values, field.border, field.clear);
    }

    /**
     * The box round a bone outside of which the field is at its most: rays end, and with them the
     * refined surface, within the band of the owner's border.
     *
     * @param first receives where it begins
     * @return null if there is no bone
     */
    private static @Nullable VolumeGeometry box(
            byte bone, VolumeGeometry g, byte[] owner, int[] first) {
        int[] low = {g.columns(), g.rows(), g.slices()};
        int[] high = {-1, -1, -1};
        for (int k = 0, row = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++, row += g.columns()) {
                int from = row;
                int end = row + g.columns();
                while (from < end && owner[from] != bone) {
                    from++;
                }
                if (from == end) {
                    continue;
                }
                while (owner[end - 1] != bone) {
                    end--;
                }
                low[0] = Math.min(low[0], from - row);
                high[0] = Math.max(high[0], end - 1 - row);
                low[1] = Math.min(low[1], j);
                high[1] = Math.max(high[1], j);
                low[2] = Math.min(low[2], k);
                high[2] = k;
            }
        }
        if (high[0] < 0) {
            return null;
        }
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            // Three voxels more, since the means reach that far.
            int margin = (int) Math.ceil((SEEN_MM + BoneSurfaces.MOST_MM) / g.spacingMm(axis)) + 3;
            first[axis] = Math.max(0, low[axis] - margin);
            size[axis] = Math.min(g.size(axis) - 1, high[axis] + margin) - first[axis] + 1;
        }
        return g.box(first[0], first[1], first[2], size[0], size[1], size[2]);
    }

    /** Writes the field over the whole grid. */
    private void put(float[] values) {
        float[] even = evened();
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
        boolean[] seeds = borderOf(now);
        float beyond = BoneSurfaces.FAR_MM;
        for (boolean seed : seeds) {
            beyond = seed ? BoneSurfaces.MOST_MM : beyond;
        }
        Arrays.fill(values, beyond);
        float[] out = redistanced(even, now, seeds, beyond);
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++, o += g.columns()) {
                int to = whole.index(first[0], first[1] + j, first[2] + k);
                System.arraycopy(out, o, values, to, g.columns());
            }
        }
    }

    /** Looks for the surface from the border, and then from what else lies near it. */
    private void look(boolean[] seeds, NearestSeed nearest) {
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++, o++) {
                    if (seeds[o]) {
                        look(i, j, k);
                    }
                }
            }
        }
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++, o++) {
                    int seed = seeds[o] ? -1 : nearest.seed(o);
                    if (seed >= 0) {
                        lookOrFollow(i, j, k, seed);
                    }
                }
            }
        }
    }

    /** Looks at what lies nearest the surface of a border voxel; the rest follows that one. */
    private void lookOrFollow(int i, int j, int k, int seed) {
        int o = g.index(i, j, k);
        float expected = coarse[o] - (coarse[seed] - fine[seed]);
        if (Math.abs(expected) <= SHELL_MM) {
            look(i, j, k);
        } else {
            fine[o] = expected;
            seen[o] = seen[seed];
        }
    }

    /** Finds the surface on the ray through a voxel; by CT if it can, else by probability. */
    private void look(int i, int j, int k) {
        int o = g.index(i, j, k);
        double length = gradient(smooth, i, j, k);
        double surface = Double.NaN;
        if (length > 0.1) {
            byte other =
                    bone == SegmentedJoint.CONDYLE
                            ? SegmentedJoint.TEMPORAL_BONE
                            : SegmentedJoint.CONDYLE;
            surface =
                    ray.surface(
                            first[0] + i,
                            first[1] + j,
                            first[2] + k,
                            coarse[o],
                            gradient,
                            length,
                            other);
        }
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

    /** Voxels with a face neighbour on the other side. */
    private boolean[] borderOf(boolean[] mask) {
        boolean[] at = new boolean[mask.length];
        int nx = g.columns();
        for (int k = 0, row = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++, row += nx) {
                mark(mask, at, row, row + nx - 1, 1);
                if (j < g.rows() - 1) {
                    mark(mask, at, row, row + nx, stride[1]);
                }
                if (k < g.slices() - 1) {
                    mark(mask, at, row, row + nx, stride[2]);
                }
            }
        }
        return at;
    }

    /** Marks voxels of a row, and their neighbours a step on, where these lie on the other side. */
    private static void mark(boolean[] mask, boolean[] at, int from, int end, int step) {
        for (int o = from; o < end; o++) {
            boolean differs = mask[o] ^ mask[o + step];
            at[o] |= differs;
            at[o + step] |= differs;
        }
    }

    /** Binomial mean over the voxels of the band; those that the CT decided weigh most. */
    private float[] evened() {
        float[] value = new float[fine.length];
        float[] weight = new float[fine.length];
        for (int o = 0; o < fine.length; o++) {
            weight[o] = WEIGHT[seen[o]];
            value[o] = weight[o] * fine[o];
        }
        float[] v = binomial(value);
        float[] w = binomial(weight);
        for (int o = 0; o < fine.length; o++) {
            v[o] = seen[o] != NOT ? v[o] / w[o] : fine[o];
        }
        return v;
    }

    /** The mean with weights 1, 2, 1 along each axis; the border continues outside. */
    private float[] binomial(float[] f) {
        Slices mean = new Slices(stride[1], stride[2]);
        int last = g.slices() - 1;
        float[] out = new float[f.length];
        for (int k = 0; k <= last + 1; k++) {
            mean.next(f, Math.min(k, last) * stride[2]);
            if (k > 0) {
                mean.putMiddle(out, (k - 1) * stride[2]);
            }
        }
        return out;
    }

    /**
     * The binomial mean of three slices at a time: as much as stays in the processor's cache. What
     * is averaged lies at the same places of several arrays, since only such loops become vector
     * instructions.
     */
    private static final class Slices {

        private final int nx;
        private final int n;
        private final float[] a;
        private final float[] b;
        private final float[] c;

        /** Means within the last three slices given. */
        private float[] below;

        private float[] middle;
        private float[] above;
        private boolean started;

        Slices(int nx, int n) {
            this.nx = nx;
            this.n = n;
            a = new float[n];
            b = new float[n];
            c = new float[n];
            below = new float[n];
            middle = new float[n];
            above = new float[n];
        }

        void next(float[] f, int from) {
            float[] spare = below;
            below = middle;
            middle = above;
            above = spare;
            shifted(f, from, 1);
            for (int row = 0; row < n; row += nx) {
                a[row] = b[row];
                c[row + nx - 1] = b[row + nx - 1];
            }
            mean(a, b, c, above);
            shifted(above, 0, nx);
            mean(a, b, c, above);
            if (!started) {
                System.arraycopy(above, 0, middle, 0, n);
                started = true;
            }
        }

        /** Sets a, b and c to a slice moved up by some places, in place, and moved down. */
        private void shifted(float[] f, int from, int places) {
            System.arraycopy(f, from, b, 0, n);
            System.arraycopy(b, 0, a, places, n - places);
            System.arraycopy(b, 0, a, 0, places);
            System.arraycopy(b, places, c, 0, n - places);
            System.arraycopy(b, n - places, c, n - places, places);
        }

        void putMiddle(float[] out, int to) {
            mean(below, middle, above, a);
            System.arraycopy(a, 0, out, to, n);
        }

        private static void mean(float[] a, float[] b, float[] c, float[] out) {
            for (int o = 0; o < out.length; o++) {
                out[o] = (a[o] + 2 * b[o] + c[o]) / 4;
            }
        }
    }

    /** The field kept near its zero set, and the distance to that set elsewhere. */
    private float[] redistanced(float[] field, boolean[] now, boolean[] seeds, float beyond) {
        NearestSeed nearest = NearestSeed.within(g, seeds, BoneSurfaces.MOST_MM);
        float[] out = new float[field.length];
        for (int o = 0; o < out.length; o++) {
            boolean agrees = field[o] < 0 == now[o];
            if (seeds[o]) {
                border++;
                clear += seen[o] == BY_CT ? 1 : 0;
                out[o] = agrees ? field[o] : now[o] ? -0.05f : 0.05f;
                continue;
            }
            float distance = beyond;
            int s = nearest.seed(o);
            if (s >= 0) {
                float atSeed = Math.min(Math.abs(field[s]), spacing[0]);
                float fromSeed = nearest.distanceMm(o);
                distance = Math.min(beyond, fromSeed + (now[s] == now[o] ? atSeed : -atSeed));
            }
            if (agrees && seen[o] == BY_CT && distance <= 2 * spacing[0]) {
                distance = Math.abs(field[o]);
            }
            out[o] = now[o] ? -distance : distance;
        }
        return out;
    }
}
