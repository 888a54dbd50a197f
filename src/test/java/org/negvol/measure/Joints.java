package org.negvol.measure;

import java.util.function.ToDoubleFunction;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.JointTruth;
import org.negvol.surface.IsoSurface;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VolumeGeometry;

/**
 * Surfaces of joints given by signed distances, with a negative volume that is simple to state:
 * what lies within {@value #REACH_MM} mm of the condyle, above the neck's cut and in neither bone.
 */
final class Joints {

    static final double REACH_MM = 4;

    private Joints() {}

    /** A joint whose bones are functions of the place, on any grid. */
    static JointSurfaces of(
            Side side,
            VolumeGeometry grid,
            ToDoubleFunction<Vec3> condyle,
            ToDoubleFunction<Vec3> temporal,
            Vec3 axis,
            Vec3 cut) {
        return of(side, field(grid, condyle), field(grid, temporal), axis, cut);
    }

    static JointSurfaces of(
            Side side, ScalarVolume mandible, ScalarVolume temporal, Vec3 axis, Vec3 cut) {
        VolumeGeometry grid = mandible.geometry();
        float[] condyle = new float[mandible.values().length];
        float[] negative = new float[condyle.length];
        float[] inflated = new float[condyle.length];
        float[] fraction = new float[condyle.length];
        double h = Math.cbrt(grid.voxelVolumeMm3());
        for (int k = 0, o = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++, o++) {
                    double below = cut.minus(grid.toPatient(i, j, k)).dot(axis);
                    double c = mandible.values()[o];
                    double t = temporal.values()[o];
                    condyle[o] = (float) Math.max(c, below);
                    inflated[o] = (float) Math.max(c - REACH_MM, below);
                    negative[o] = (float) Math.max(Math.max(inflated[o], -c), -t);
                    fraction[o] = (float) Math.clamp(0.5 - negative[o] / h, 0, 1);
                }
            }
        }
        ScalarVolume clipped = new ScalarVolume(grid, condyle);
        TriangleMesh between = IsoSurface.extract(new ScalarVolume(grid, negative), 0);
        return new JointSurfaces(
                side,
                IsoSurface.extract(clipped, 0),
                IsoSurface.extract(temporal, 0),
                IsoSurface.extract(new ScalarVolume(grid, inflated), 0),
                between,
                MeshMeasures.areaMm2(between),
                new ScalarVolume(grid, fraction),
                clipped,
                temporal,
                axis,
                cut,
                0.5,
                0.3,
                0.2,
                0.0,
                NegativeVolumeParameters.DEFAULT);
    }

    static ScalarVolume field(VolumeGeometry grid, ToDoubleFunction<Vec3> f) {
        float[] values = new float[Math.toIntExact(grid.voxelCount())];
        for (int k = 0, o = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    values[o++] = (float) f.applyAsDouble(grid.toPatient(i, j, k));
                }
            }
        }
        return new ScalarVolume(grid, values);
    }

    /** A joint of a phantom, at 0.4 mm, its neck cut 10 mm below its top across the head's up. */
    static JointSurfaces of(HeadPhantom phantom, Side side) {
        JointTruth truth = phantom.truth(side);
        VolumeGeometry grid = VoiGrid.around(truth.centre());
        Vec3 up = truth.top().minus(truth.centre()).normalised();
        return of(
                side,
                phantom.condyleMm(grid),
                phantom.temporalMm(grid),
                up,
                truth.top().minus(up.times(10)));
    }

    /** The axes of a phantom's head, from what is known of one of its joints. */
    static PatientAxes axes(HeadPhantom phantom, Side side) {
        JointTruth truth = phantom.truth(side);
        Vec3 up = truth.top().minus(truth.centre()).normalised();
        Vec3 u = truth.lateralPole().minus(truth.medialPole()).normalised();
        if (side == Side.RIGHT) {
            u = u.times(-1);
        }
        double a =
                Math.toRadians(
                        phantom.parameters().joint(side).horizontalAngleDegrees()
                                * (side == Side.LEFT ? 1 : -1));
        Vec3 left = u.times(Math.cos(a)).plus(up.cross(u).times(Math.sin(a)));
        return new PatientAxes(left, up.cross(left), up);
    }
}
