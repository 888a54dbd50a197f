package org.negvol.measure;

import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshDistance;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * How much of the negative volume does the condyle not see? Where the temporal bone has a hole (a
 * perforated roof or tympanic plate, or a wall thinner than a voxel) the inflated surface goes
 * through, and space behind the bone is counted that is none of the joint's.
 */
final class HiddenSpace {

    /** Every so-manieth voxel along each axis is asked. */
    private static final int STRIDE = 2;

    /** Longest step on the way to the condyle, mm: shorter than bone is thick. */
    private static final double STEP_MM = 0.3;

    /** A way this deep in bone leads through it and does not graze it, mm. */
    private static final double DEPTH_MM = 0.1;

    private final MeshDistance.Query condyle;
    private final ScalarVolume temporal;

    /** Nearest to the voxel asked last. */
    private int likely;

    private HiddenSpace(MeshDistance condyle, ScalarVolume temporalMm) {
        this.condyle = condyle.query();
        temporal = temporalMm;
    }

    /**
     * Share (0 to 1) of the negative volume from which bone bars the way to the condyle.
     *
     * @param condyle the condyle's surface
     */
    static double share(JointSurfaces joint, MeshDistance condyle) {
        HiddenSpace h = new HiddenSpace(condyle, joint.temporalMm());
        ScalarVolume fraction = joint.negativeFraction();
        VolumeGeometry g = fraction.geometry();
        double all = 0;
        double hidden = 0;
        for (int k = 0; k < g.slices(); k += STRIDE) {
            for (int j = 0; j < g.rows(); j += STRIDE) {
                for (int i = 0; i < g.columns(); i += STRIDE) {
                    double f = fraction.get(i, j, k);
                    if (f > 0) {
                        all += f;
                        hidden += h.isHidden(g.toPatient(i, j, k)) ? f : 0;
                    }
                }
            }
        }
        return all > 0 ? hidden / all : 0;
    }

    /** Follows the straight way to the nearest point of the condyle. */
    private boolean isHidden(Vec3 from) {
        condyle.nearest(from.x(), from.y(), from.z(), Double.POSITIVE_INFINITY, likely);
        likely = condyle.triangle();
        double way = condyle.distanceMm();
        Vec3 unit = condyle.point().minus(from).times(1 / Math.max(way, STEP_MM));
        for (double t = 0; t <= way - STEP_MM; t += STEP_MM) {
            if (temporal.sample(from.plus(unit.times(t))) < -DEPTH_MM) {
                return true;
            }
        }
        return false;
    }
}
