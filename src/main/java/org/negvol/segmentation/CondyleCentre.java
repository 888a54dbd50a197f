package org.negvol.segmentation;

import org.jspecify.annotations.Nullable;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Where is the centre of the condyle's head, given which voxels are mandible?
 *
 * <p>The head is what lies within {@link #HEAD_MM} of the mandible's top near the expected place;
 * its centre is the middle of that across, at the level where its axial section is largest. The
 * coronoid process, which may reach as high, lies 25 mm and more in front.
 */
final class CondyleCentre {

    /** Mandible further than this from the expected axis is coronoid process, or another side. */
    static final double WITHIN_MM = 15;

    /** How far the head reaches below its top, mm: the neck begins there. */
    static final double HEAD_MM = 9;

    /** Heads are 4 to 7 mm high above their largest section; wear makes them lower. */
    static final double LEAST_HEIGHT_MM = 2;

    /** … and below this the neck may widen again, mm. */
    static final double MOST_HEIGHT_MM = 8;

    /** So much bone, in mm³, lies above the level that counts as the top: no spur, no noise. */
    static final double TOP_MM3 = 5;

    private CondyleCentre() {}

    /**
     * @param g a grid along the patient's axes (i = left, j = back, k = head)
     * @param owner label of each voxel, as in {@link SegmentedJoint}
     * @param expected where the joint is expected, LPS mm
     * @return the centre, LPS mm; null if there is no mandible near the expected place
     */
    static @Nullable Vec3 of(VolumeGeometry g, byte[] owner, Vec3 expected) {
        Vec3 first = once(g, owner, expected);
        return first == null ? null : once(g, owner, first);
    }

    private static @Nullable Vec3 once(VolumeGeometry g, byte[] owner, Vec3 expected) {
        int[] count = new int[g.slices()];
        double[] x = new double[g.slices()];
        double[] y = new double[g.slices()];
        for (int k = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++) {
                    if (owner[g.index(i, j, k)] == SegmentedJoint.CONDYLE) {
                        Vec3 p = g.toPatient(i, j, k);
                        if (Math.hypot(p.x() - expected.x(), p.y() - expected.y()) <= WITHIN_MM) {
                            count[k]++;
                            x[k] += p.x();
                            y[k] += p.y();
                        }
                    }
                }
            }
        }
        int top = g.slices() - 1;
        double above = 0;
        while (top >= 0 && above + count[top] * g.voxelVolumeMm3() < TOP_MM3) {
            above += count[top] * g.voxelVolumeMm3();
            top--;
        }
        if (top < 0) {
            return null;
        }
        int last = Math.max(0, top - (int) Math.round(HEAD_MM / g.spacingMm(2)));
        double n = 0;
        double sx = 0;
        double sy = 0;
        for (int k = last; k < g.slices(); k++) {
            n += count[k];
            sx += x[k];
            sy += y[k];
        }
        return new Vec3(sx / n, sy / n, g.toPatient(0, 0, widest(g, count, top)).z());
    }

    /** The level of the largest section, evened out over its neighbours. */
    private static int widest(VolumeGeometry g, int[] count, int top) {
        int from = top - (int) Math.round(LEAST_HEIGHT_MM / g.spacingMm(2));
        int to = top - (int) Math.round(MOST_HEIGHT_MM / g.spacingMm(2));
        int best = Math.max(0, from);
        int most = 0;
        for (int k = from; k >= Math.max(1, to); k--) {
            int section = count[k - 1] + 2 * count[k] + count[k + 1];
            if (section > most) {
                most = section;
                best = k;
            }
        }
        return best;
    }
}
