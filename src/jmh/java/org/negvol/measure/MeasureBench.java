package org.negvol.measure;

import java.util.concurrent.TimeUnit;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The measures of a joint and the comparison of both, on the demonstration's head. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MeasureBench {

    private JointSurfaces left;
    private JointSurfaces right;
    private JointMeasures leftMeasures;
    private JointMeasures rightMeasures;
    private MeshDistance toLeft;
    private MeshDistance toMirrored;
    private WeightedSample distances;
    private double[] leftSample;
    private double[] rightSample;

    @Setup
    public void joints() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        left = surfaces(head, Side.LEFT);
        right = surfaces(head, Side.RIGHT);
        leftMeasures = JointMeasurer.measure(left);
        rightMeasures = JointMeasurer.measure(right);
        TriangleMesh mirrored = Symmetry.mirrored(right.negativeVolume());
        toLeft = MeshDistance.of(left.negativeVolume());
        toMirrored = MeshDistance.of(mirrored);
        distances = distances(mirrored);
        leftSample = SurfaceSample.of(left.negativeVolume(), 800);
        rightSample = SurfaceSample.of(mirrored, 800);
    }

    private WeightedSample distances(TriangleMesh from) {
        float[] mm = new float[from.vertexCount() / 4];
        double[] weights = new double[mm.length];
        for (int i = 0; i < mm.length; i++) {
            mm[i] = (float) toLeft.distanceMm(from.vertex(4 * i));
            weights[i] = 1;
        }
        return WeightedSample.of(mm, weights, mm.length);
    }

    private static JointSurfaces surfaces(HeadPhantom head, Side side) {
        Vec3 centre = head.truth(side).centre();
        JointSurfaceResult result =
                NegativeVolume.compute(
                        side,
                        head.condyleMm(VoiGrid.around(centre)),
                        head.temporalMm(VoiGrid.around(centre)),
                        centre,
                        NegativeVolumeParameters.DEFAULT);
        return ((JointSurfaceResult.Computed) result).surfaces();
    }

    @Benchmark
    public JointMeasures meshesToMeasures() {
        return JointMeasurer.measure(left);
    }

    @Benchmark
    public SymmetryMeasures leftAgainstRight() {
        return Symmetry.compare(left, leftMeasures, right, rightMeasures);
    }

    @Benchmark
    public Object registration() {
        return SurfaceRegistration.register(toLeft, toMirrored);
    }

    @Benchmark
    public double bootstrap() {
        return LargestOfMany.standardDeviation(distances, 1800, distances, 1800);
    }

    @Benchmark
    public double wasserstein() {
        return Wasserstein.distanceMm(leftSample, rightSample);
    }
}
