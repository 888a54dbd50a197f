package org.negvol.segmentation;

import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/**
 * From owner map to sub-voxel bone surfaces: the network says which bone, the CT says where its
 * surface is.
 *
 * <p>From every voxel near the owner's border a ray runs along the border's normal. Among the falls
 * of HU along it, the one that is deepest and nearest the border is the bone's surface, and it lies
 * where HU passes the mean of cortical peak and neighbouring medium (the half maximum, which a
 * symmetric point spread does not move). The distance along the ray to it is the implicit field.
 * Where no fall is found, or only inside the other bone, the network's probability of 0.5 decides.
 */
public final class BoneSurfaces {

    /** How far, in mm, the surface may lie from the owner's border: three to four voxels. */
    static final double BAND_MM = 1.5;

    /** Step along a ray, in mm: half a voxel. */
    static final double STEP_MM = 0.2;

    /**
     * A fall of less than this, in HU, shows no surface: eight times the noise of a bone kernel.
     */
    static final double LEAST_FALL_HU = 250;

    /** Cortical bone has at least this many HU, even where it is thin. */
    static final double LEAST_CORTEX_HU = 250;

    /** A rise of less than this, in HU, within a fall is noise. */
    static final double RISE_HU = 120;

    /**
     * The medium at bone is at least fat, in HU; lower values belong to air behind a layer of
     * tissue too thin for the scan.
     */
    static final double LEAST_NEIGHBOUR_HU = -100;

    /** How fast trust in a fall declines with its distance from the owner's border, mm. */
    static final double TRUST_MM = 0.8;

    /**
     * Voxels that the surface of their nearest border voxel passes at a larger distance, mm, take
     * that surface: the mean over neighbours needs one voxel more than the zero set itself.
     */
    private static final double SHELL_MM = 0.9;

    /** A distance that is beyond the band, mm, whatever it is. */
    private static final float BEYOND_MM = (float) BAND_MM + 1;

    /** The distance to a bone that is not there, mm. */
    static final float FAR_MM = 1000;

    /** Samples on a ray, the border in the middle one. */
    private static final int SAMPLES = 2 * (int) Math.round((BAND_MM + 0.4) / STEP_MM) + 1;

    private final VolumeGeometry g;
    private final ScalarVolume hu;
    private final byte[] owner;
    private final int[] stride;
    private final float[] spacing;
    private final float[] profile = new float[SAMPLES];
    private final int[] profileAt = new int[SAMPLES];
    private final float[] gradient = new float[3];
    private long border;
    private long clear;

    private BoneSurfaces(ScalarVolume hu, byte[] owner) {
        this.g = hu.geometry();
        this.hu = hu;
        this.owner = owner;
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
     *     point of space, also between voxels. A bone that has no voxel is {@link #FAR_MM} away.
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
        float[] coarse = coarse(inside, nearest);
        float[] smooth = smoothed(coarse);
        float[] fine = coarse.clone();
        byte[] seen = new byte[coarse.length];
        for (int o = 0; o < fine.length; o++) {
            if (seeds[o]) {
                look(o, bone, coarse, smooth, probability, fine, seen);
            }
        }
        for (int o = 0; o < fine.length; o++) {
            int s = nearest.seed[o];
            if (s < 0 || seeds[o]) {
                continue;
            }
            float expected = coarse[o] - (coarse[s] - fine[s]);
            if (Math.abs(expected) <= SHELL_MM) {
                look(o, bone, coarse, smooth, probability, fine, seen);
            } else {
                fine[o] = expected;
                seen[o] = seen[s];
            }
        }
        float[] even = evened(fine, seen);
        boolean[] now = new boolean[fine.length];
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
        return redistanced(even, now, seen);
    }

    /** Finds the surface on the ray through a voxel; by CT if it can, else by probability. */
    private void look(
            int o,
            byte bone,
            float[] coarse,
            float[] smooth,
            float[] probability,
            float[] fine,
            byte[] seen) {
        gradient(smooth, o, gradient);
        double length = Math.hypot(Math.hypot(gradient[0], gradient[1]), gradient[2]);
        double surface =
                length > 0.1 ? surfaceOnRay(o, coarse[o], gradient, length, bone) : Double.NaN;
        if (Double.isNaN(surface)) {
            fine[o] = byProbability(probability, o, coarse[o], gradient);
            seen[o] = 1;
        } else {
            fine[o] = (float) (coarse[o] - surface);
            seen[o] = 2;
        }
    }

    /** Signed distance to the border of a mask, to half a voxel, no further than the band. */
    private float[] coarse(boolean[] inside, NearestSeed nearest) {
        float half = spacing[0] / 2;
        float[] d = new float[inside.length];
        for (int o = 0; o < d.length; o++) {
            float squared = Math.min(nearest.squaredMm2[o], BEYOND_MM * BEYOND_MM);
            float distance = (float) Math.sqrt(squared) + half;
            d[o] = inside[o] ? -distance : distance;
        }
        return d;
    }

    /** Voxels with a face neighbour on the other side. */
    private boolean[] borderOf(boolean[] inside) {
        boolean[] border = new boolean[inside.length];
        for (int axis = 0; axis < 3; axis++) {
            int s = stride[axis];
            int n = g.size(axis);
            for (int o = 0; o + s < inside.length; o++) {
                if (inside[o] != inside[o + s] && o / s % n != n - 1) {
                    border[o] = true;
                    border[o + s] = true;
                }
            }
        }
        return border;
    }

    /** Two binomial passes along each axis: takes the steps of voxels out of the normals. */
    private float[] smoothed(float[] field) {
        return binomial(binomial(field));
    }

    private void gradient(float[] f, int o, float[] out) {
        for (int axis = 0; axis < 3; axis++) {
            int s = stride[axis];
            int at = o / s % g.size(axis);
            int a = at > 0 ? o - s : o;
            int b = at < g.size(axis) - 1 ? o + s : o;
            int steps = a == b ? 1 : (b - a) / s;
            out[axis] = (f[b] - f[a]) / (steps * spacing[axis]);
        }
    }

    /**
     * Where the bone ends along the ray through a voxel.
     *
     * @param distance the voxel's distance to the owner's border, mm
     * @return distance of the surface from the owner's border along the ray, mm, positive outwards;
     *     NaN if the CT does not show it
     */
    private double surfaceOnRay(
            int voxel, float distance, float[] gradient, double length, byte bone) {
        double dx = gradient[0] / length / spacing[0];
        double dy = gradient[1] / length / spacing[1];
        double dz = gradient[2] / length / spacing[2];
        int i = voxel % stride[1];
        int j = voxel / stride[1] % g.rows();
        int k = voxel / stride[2];
        double reach = STEP_MM * (SAMPLES - 1) / 2;
        float[] v = hu.values();
        for (int q = 0; q < SAMPLES; q++) {
            double s = q * STEP_MM - reach - distance;
            float x = (float) Math.clamp(i + s * dx, 0, g.columns() - 1.001);
            float y = (float) Math.clamp(j + s * dy, 0, g.rows() - 1.001);
            float z = (float) Math.clamp(k + s * dz, 0, g.slices() - 1.001);
            int x0 = (int) x;
            int y0 = (int) y;
            int z0 = (int) z;
            float fx = x - x0;
            float fy = y - y0;
            float fz = z - z0;
            int o = x0 + stride[1] * y0 + stride[2] * z0;
            float a = v[o] + fx * (v[o + 1] - v[o]);
            o += stride[1];
            float b = v[o] + fx * (v[o + 1] - v[o]);
            o += stride[2];
            float d = v[o] + fx * (v[o + 1] - v[o]);
            o -= stride[1];
            float c = v[o] + fx * (v[o + 1] - v[o]);
            a += fy * (b - a);
            c += fy * (d - c);
            profile[q] = a + fz * (c - a);
            profileAt[q] =
                    o
                            - (fz < 0.5f ? stride[2] : 0)
                            + (fy < 0.5f ? 0 : stride[1])
                            + (fx < 0.5f ? 0 : 1);
        }
        byte other =
                bone == SegmentedJoint.CONDYLE
                        ? SegmentedJoint.TEMPORAL_BONE
                        : SegmentedJoint.CONDYLE;
        double best = Double.NaN;
        double bestScore = 0;
        int top = 0;
        int bottom = 0;
        for (int q = 1; q <= SAMPLES; q++) {
            boolean ends = q == SAMPLES || profile[q] > profile[bottom] + RISE_HU;
            if (ends) {
                double fall = profile[top] - profile[bottom];
                if (fall >= LEAST_FALL_HU
                        && profile[top] >= LEAST_CORTEX_HU
                        && owner[profileAt[top]] != other) {
                    double u = crossing(top, bottom) * STEP_MM - reach;
                    double score = fall * Math.exp(-u * u / (2 * TRUST_MM * TRUST_MM));
                    if (Math.abs(u) <= BAND_MM && score > bestScore) {
                        best = u;
                        bestScore = score;
                    }
                }
                top = q;
                bottom = q;
            } else if (profile[q] > profile[top]) {
                top = q;
                bottom = q;
            } else if (profile[q] < profile[bottom]) {
                bottom = q;
            }
        }
        return best;
    }

    /** Sample position at which a fall last passes its half height. */
    private double crossing(int top, int bottom) {
        double half = (profile[top] + Math.max(profile[bottom], LEAST_NEIGHBOUR_HU)) / 2;
        int q = bottom;
        while (q > top + 1 && profile[q - 1] < half) {
            q--;
        }
        double fall = profile[q - 1] - profile[q];
        return fall > 0 ? q - 1 + Math.clamp((profile[q - 1] - half) / fall, 0, 1) : q;
    }

    /** Signed distance to probability 0.5, no further than a voxel from the owner's border. */
    private float byProbability(float[] probability, int o, float coarse, float[] scratch) {
        gradient(probability, o, scratch);
        double slope = Math.hypot(Math.hypot(scratch[0], scratch[1]), scratch[2]);
        if (Math.abs(probability[o] - 0.5) > 0.49 || slope < 0.1) {
            return coarse;
        }
        float d = (float) ((0.5 - probability[o]) / slope);
        return Math.clamp(d, coarse - spacing[0], coarse + spacing[0]);
    }

    /** Binomial mean over the voxels of the band; those that the CT decided weigh most. */
    private float[] evened(float[] field, byte[] seen) {
        float[] value = new float[field.length];
        float[] weight = new float[field.length];
        for (int o = 0; o < field.length; o++) {
            weight[o] = seen[o] == 2 ? 1f : seen[o] == 1 ? 0.1f : 0f;
            value[o] = weight[o] * field[o];
        }
        float[] v = binomial(value);
        float[] w = binomial(weight);
        for (int o = 0; o < field.length; o++) {
            v[o] = seen[o] != 0 ? v[o] / w[o] : field[o];
        }
        return v;
    }

    /** The mean with weights 1, 2, 1 along each axis; the border continues outside. */
    private float[] binomial(float[] f) {
        float[] in = f;
        for (int axis = 0; axis < 3; axis++) {
            int s = stride[axis];
            int n = g.size(axis);
            float[] out = new float[f.length];
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
            in = out;
        }
        return in;
    }

    /** The field kept near its zero set, and the distance to that set elsewhere. */
    private float[] redistanced(float[] field, boolean[] inside, byte[] seen) {
        boolean[] seeds = borderOf(inside);
        NearestSeed nearest = NearestSeed.of(g, seeds);
        float[] out = new float[field.length];
        for (int o = 0; o < out.length; o++) {
            boolean agrees = field[o] < 0 == inside[o];
            if (seeds[o]) {
                border++;
                clear += seen[o] == 2 ? 1 : 0;
                out[o] = agrees ? field[o] : inside[o] ? -0.05f : 0.05f;
                continue;
            }
            int s = nearest.seed[o];
            float distance = Math.min(FAR_MM, (float) Math.sqrt(nearest.squaredMm2[o]));
            if (s >= 0) {
                float atSeed = Math.min(Math.abs(field[s]), spacing[0]);
                distance += inside[s] == inside[o] ? atSeed : -atSeed;
            }
            if (agrees && seen[o] == 2 && distance <= 2 * spacing[0]) {
                distance = Math.abs(field[o]);
            }
            out[o] = inside[o] ? -distance : distance;
        }
        return out;
    }
}
