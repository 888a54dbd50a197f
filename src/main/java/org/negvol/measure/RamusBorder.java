package org.negvol.measure;

import org.jspecify.annotations.Nullable;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * The posterior border of neck and ramus: at each level from the neck's cut downwards the hindmost
 * point of the mandible, and the straight line through these points in the sagittal plane.
 *
 * @param angleDegrees angle of that line against the vertical; positive where it runs forward as it
 *     runs down
 * @param upper its upper end
 * @param lower its lower end
 */
record RamusBorder(double angleDegrees, Vec3 upper, Vec3 lower) {

    /** Shorter borders tell no direction. */
    static final double LEAST_LENGTH_MM = 8;

    private static final double LEVEL_STEP_MM = 0.5;
    private static final double SIDE_STEP_MM = 0.8;
    private static final double SIDE_REACH_MM = 10;
    private static final double BACK_REACH_MM = 20;
    private static final double FRONT_REACH_MM = 20;
    private static final double MARCH_MM = 0.25;

    /** Null if less than {@value #LEAST_LENGTH_MM} mm of border lie in the field of view. */
    static @Nullable RamusBorder of(
            ScalarVolume mandibleMm, PatientAxes axes, Vec3 centre, Vec3 neckCutPoint) {
        Affine toIndex = mandibleMm.geometry().indexToPatient().inverse();
        Vec3 up = axes.superior();
        double from = neckCutPoint.minus(centre).dot(up);
        double sumW = 0;
        double sumV = 0;
        double sumWw = 0;
        double sumWv = 0;
        int n = 0;
        double lowest = from;
        Vec3 first = centre;
        Vec3 last = centre;
        for (double w = from; w > from - 60; w -= LEVEL_STEP_MM) {
            Vec3 level = centre.plus(up.times(w));
            Vec3 p = hindmost(mandibleMm, toIndex, axes, level);
            if (p == null) {
                break;
            }
            double v = p.minus(centre).dot(axes.posterior());
            first = n == 0 ? p : first;
            last = p;
            sumW += w;
            sumV += v;
            sumWw += w * w;
            sumWv += w * v;
            n++;
            lowest = w;
        }
        if (from - lowest < LEAST_LENGTH_MM) {
            return null;
        }
        double slope = (n * sumWv - sumW * sumV) / (n * sumWw - sumW * sumW);
        double offset = (sumV - slope * sumW) / n;
        return new RamusBorder(
                Math.toDegrees(Math.atan(slope)),
                onLine(first, centre, axes, slope, offset),
                onLine(last, centre, axes, slope, offset));
    }

    /** A point, moved front to back onto the fitted line. */
    private static Vec3 onLine(Vec3 p, Vec3 centre, PatientAxes axes, double slope, double offset) {
        Vec3 d = p.minus(centre);
        double v = offset + slope * d.dot(axes.superior());
        return p.plus(axes.posterior().times(v - d.dot(axes.posterior())));
    }

    /** The mandible's hindmost point at a level, or null where there is none or the grid ends. */
    private static @Nullable Vec3 hindmost(
            ScalarVolume mandible, Affine toIndex, PatientAxes axes, Vec3 level) {
        if (!(value(mandible, toIndex, level) < Double.POSITIVE_INFINITY)) {
            return null;
        }
        @Nullable Vec3 best = null;
        double bestV = Double.NEGATIVE_INFINITY;
        for (double s = -SIDE_REACH_MM; s <= SIDE_REACH_MM; s += SIDE_STEP_MM) {
            Vec3 line = level.plus(axes.left().times(s));
            for (double v = BACK_REACH_MM; v > -FRONT_REACH_MM && v > bestV; v -= MARCH_MM) {
                if (!(value(mandible, toIndex, line.plus(axes.posterior().times(v))) < 0)) {
                    continue;
                }
                double in = v;
                double out = v + MARCH_MM;
                for (int i = 0; i < 12; i++) {
                    double m = (in + out) / 2;
                    if (value(mandible, toIndex, line.plus(axes.posterior().times(m))) < 0) {
                        in = m;
                    } else {
                        out = m;
                    }
                }
                if (in > bestV) {
                    bestV = in;
                    best = line.plus(axes.posterior().times(in));
                }
                break;
            }
        }
        return best;
    }

    /** The field at a point; infinite outside the grid. */
    private static double value(ScalarVolume field, Affine toIndex, Vec3 p) {
        Vec3 i = toIndex.apply(p);
        VolumeGeometry g = field.geometry();
        boolean inside =
                i.x() >= 0
                        && i.y() >= 0
                        && i.z() >= 0
                        && i.x() <= g.columns() - 1
                        && i.y() <= g.rows() - 1
                        && i.z() <= g.slices() - 1;
        return inside ? field.sampleIndex(i.x(), i.y(), i.z()) : Double.POSITIVE_INFINITY;
    }
}
