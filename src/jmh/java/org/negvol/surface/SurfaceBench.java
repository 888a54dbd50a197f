package org.negvol.surface;

import java.util.concurrent.TimeUnit;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.JointTruth;
import org.negvol.phantom.PhantomParameters;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VolumeGeometry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The kernels between the bones' fields and the negative volume, on the demonstration's joint. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SurfaceBench {

    /** How far reports let a simplified surface lie from the true one. */
    private static final double TOLERANCE_MM = 0.03;

    private ScalarVolume mandibleMm;
    private ScalarVolume temporalMm;
    private Vec3 centre;
    private TriangleMesh mandible;
    private TriangleMesh temporal;
    private TriangleMesh start;
    private TriangleMesh mouth;
    private MeshDistance distance;

    @Setup
    public void joint() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        JointTruth truth = head.truth(Side.LEFT);
        centre = truth.centre();
        VolumeGeometry grid = VoiGrid.around(centre);
        mandibleMm = head.condyleMm(grid);
        temporalMm = head.temporalMm(grid);
        mandible = IsoSurface.extract(mandibleMm, 0);
        temporal = IsoSurface.extract(temporalMm, 0);
        distance = MeshDistance.of(temporal);
        negativeVolume(
                new StageListener() {
                    @Override
                    public void start(TriangleMesh mesh) {
                        start = mesh;
                    }

                    @Override
                    public void mouth(TriangleMesh hull) {
                        mouth = hull;
                    }
                });
    }

    private JointSurfaceResult negativeVolume(StageListener listener) {
        return NegativeVolume.compute(
                Side.LEFT,
                mandibleMm,
                temporalMm,
                centre,
                NegativeVolumeParameters.DEFAULT,
                listener);
    }

    @Benchmark
    public JointSurfaceResult fieldsToMeshes() {
        return negativeVolume(StageListener.NONE);
    }

    @Benchmark
    public TriangleMesh isoSurface() {
        return IsoSurface.extract(temporalMm, 0);
    }

    /** The condyle, its axis and the neck's cut. */
    @Benchmark
    public Object condyle() {
        return CondyleIsolation.find(
                mandible,
                mandibleMm.geometry(),
                centre,
                NegativeVolume.middleNear(temporal, centre),
                NegativeVolumeParameters.DEFAULT);
    }

    @Benchmark
    public TriangleMesh simplified() {
        return SimplifiedMesh.of(temporal, TOLERANCE_MM);
    }

    @Benchmark
    public MeshDistance distanceTree() {
        return MeshDistance.of(temporal);
    }

    /** From every vertex of the condyle to the temporal bone. */
    @Benchmark
    public double nearest() {
        MeshDistance.Query q = distance.query();
        double[] p = start.xyzMm();
        double sum = 0;
        int hint = 0;
        for (int v = 0; v < p.length; v += 3) {
            q.nearest(p[v], p[v + 1], p[v + 2], Double.POSITIVE_INFINITY, hint);
            hint = q.triangle();
            sum += q.distanceMm();
        }
        return sum;
    }

    /** From every vertex of the condyle away from its centre. */
    @Benchmark
    public double rays() {
        MeshDistance.Query q = distance.query();
        double sum = 0;
        for (int v = 0; v < start.vertexCount(); v++) {
            Vec3 p = start.vertex(v);
            Vec3 d = p.minus(centre).normalised();
            sum += Math.min(q.ray(p.x(), p.y(), p.z(), d.x(), d.y(), d.z(), 12), 12);
        }
        return sum;
    }

    @Benchmark
    public Object inflation() {
        return Inflation.inflate(
                start, distance, NegativeVolumeParameters.DEFAULT, StageListener.NONE);
    }

    @Benchmark
    public TriangleMesh convexHull() {
        return ConvexHull.of(temporal.xyzMm());
    }

    @Benchmark
    public float[] booleanDifference() {
        return JointLattice.of(
                        mandibleMm.geometry(),
                        start,
                        start,
                        temporal,
                        mouth,
                        new double[0])
                .fractions();
    }

    @Benchmark
    public int selfIntersections() {
        return SelfIntersections.count(temporal);
    }
}
