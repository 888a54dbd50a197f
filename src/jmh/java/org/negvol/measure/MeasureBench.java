package org.negvol.measure;

import java.util.concurrent.TimeUnit;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
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
    private double[] leftSample;
    private double[] rightSample;

    @Setup
    public void joints() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        left = surfaces(head, Side.LEFT);
        right = surfaces(head, Side.RIGHT);
        leftMeasures = JointMeasurer.measure(left);
        rightMeasures = JointMeasurer.measure(right);
        leftSample = SurfaceSample.of(left.negativeVolume(), 800);
        rightSample = SurfaceSample.of(Symmetry.mirrored(right.negativeVolume()), 800);
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
    public double wasserstein() {
        return Wasserstein.distanceMm(leftSample, rightSample);
    }
}
