package org.negvol.measure;

import org.negvol.surface.JointSurfaces;
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

    private static final int MOST_STEPS = 80;

    private final ScalarVolume condyle;
    private final ScalarVolume temporal;

    private HiddenSpace(JointSurfaces joint) {
        condyle = joint.condyleMm();
        temporal = joint.temporalMm();
    }

    /** Share (0 to 1) of the negative volume from which bone bars the way to the condyle. */
    static double share(JointSurfaces joint) {
        HiddenSpace h = new HiddenSpace(joint);
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

    /** Follows the condyle's distance downhill. */
    private boolean isHidden(Vec3 from) {
        Vec3 p = from;
        double before = Double.POSITIVE_INFINITY;
        for (int n = 0; n < MOST_STEPS; n++) {
            double d = condyle.sample(p);
            if (d < STEP_MM || !(d < before)) {
                return false;
            }
            if (temporal.sample(p) < -DEPTH_MM) {
                return true;
            }
            before = d;
            Vec3 slope = slope(p);
            if (!(slope.norm() > 0)) {
                return false;
            }
            p = p.minus(slope.normalised().times(STEP_MM));
        }
        return false;
    }

    private Vec3 slope(Vec3 p) {
        double h = STEP_MM;
        return new Vec3(
                condyle.sample(p.plus(new Vec3(h, 0, 0)))
                        - condyle.sample(p.minus(new Vec3(h, 0, 0))),
                condyle.sample(p.plus(new Vec3(0, h, 0)))
                        - condyle.sample(p.minus(new Vec3(0, h, 0))),
                condyle.sample(p.plus(new Vec3(0, 0, h)))
                        - condyle.sample(p.minus(new Vec3(0, 0, h))));
    }
}
