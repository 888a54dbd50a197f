package org.negvol.measure;

import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * The paper's manual protocol by machine: a ball at the joint's centre, minus both bones.
 *
 * <p>Rule: the ball's centre is that of the condylar head; its radius reaches from there to the
 * fossa's roof straight above or to the poles (half the condyle's width), whichever is further.
 * What lies below the neck's cut does not count, nor does what lies outside the VOI.
 *
 * @param centre LPS mm
 * @param radiusMm radius
 * @param volumeMm3 volume of the ball above the neck's cut without condyle and temporal bone
 */
public record NegativeBall(Vec3 centre, double radiusMm, double volumeMm3) {

    /**
     * @param condyleMm signed distance to the condyle, mm, negative inside
     * @param temporalMm the same of the temporal bone, on the same grid
     * @param neckCutPoint a point of the neck's cutting plane
     * @param condyleAxis its normal, upwards
     */
    static NegativeBall of(
            Vec3 centre,
            double radiusMm,
            ScalarVolume condyleMm,
            ScalarVolume temporalMm,
            Vec3 neckCutPoint,
            Vec3 condyleAxis) {
        VolumeGeometry g = condyleMm.geometry();
        Affine m = g.indexToPatient();
        double[] from = new double[3];
        double[] to = new double[3];
        box(g, centre, radiusMm, from, to);
        double h = Math.cbrt(g.voxelVolumeMm3());
        double sum = 0;
        for (int k = (int) from[2]; k <= to[2]; k++) {
            for (int j = (int) from[1]; j <= to[1]; j++) {
                for (int i = (int) from[0]; i <= to[0]; i++) {
                    Vec3 p = m.apply(i, j, k);
                    double outside = p.distanceTo(centre) - radiusMm;
                    if (outside > h) {
                        continue;
                    }
                    int o = g.index(i, j, k);
                    double below = neckCutPoint.minus(p).dot(condyleAxis);
                    double room = Math.max(Math.max(outside, below), -temporalMm.values()[o]);
                    // The condyle ends at the neck's cut itself, so it is taken from the room as a
                    // body; as a bound of it, its cut would count as bone's surface.
                    sum += part(room / h) - part(Math.max(outside, condyleMm.values()[o]) / h);
                }
            }
        }
        return new NegativeBall(centre, radiusMm, Math.max(0, sum) * g.voxelVolumeMm3());
    }

    /** How much of a voxel lies on the inner side of a surface so many voxels away. */
    private static double part(double distance) {
        return Math.clamp(0.5 - distance, 0.0, 1.0);
    }

    /** Index box round a ball: along each axis its extent in a grid that may be sheared. */
    private static void box(
            VolumeGeometry g, Vec3 centre, double radius, double[] from, double[] to) {
        Affine inverse = g.indexToPatient().inverse();
        Vec3 c = inverse.apply(centre);
        double[] at = {c.x(), c.y(), c.z()};
        for (int a = 0; a < 3; a++) {
            double reach =
                    1
                            + radius
                                    * Math.sqrt(
                                            inverse.get(a, 0) * inverse.get(a, 0)
                                                    + inverse.get(a, 1) * inverse.get(a, 1)
                                                    + inverse.get(a, 2) * inverse.get(a, 2));
            from[a] = Math.max(0, Math.ceil(at[a] - reach));
            to[a] = Math.min(g.size(a) - 1.0, Math.floor(at[a] + reach));
        }
    }
}
