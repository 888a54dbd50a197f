package org.negvol.segmentation;

import java.util.concurrent.TimeUnit;
import org.negvol.phantom.HeadPhantom;
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

/** The kernels between the owner map and the bones' fields, on the demonstration's joint. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SegmentationBench {

    /** A network is about so sure of a voxel. */
    private static final float SURE = 0.97f;

    private VolumeGeometry grid;
    private ScalarVolume hu;
    private byte[] owner;
    private float[] condyle;
    private float[] temporal;
    private boolean[] bone;
    private boolean[] border;

    @Setup
    public void joint() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        Vec3 centre = head.truth(Side.LEFT).centre();
        grid = VoiGrid.around(centre);
        int plane = grid.columns() * grid.rows();
        int voxels = plane * grid.slices();
        float[] values = new float[voxels];
        owner = new byte[voxels];
        condyle = new float[voxels];
        temporal = new float[voxels];
        bone = new boolean[voxels];
        border = new boolean[voxels];
        head.render(
                grid,
                1,
                (k, slice, labels) -> {
                    for (int i = 0; i < plane; i++) {
                        int o = k * plane + i;
                        values[o] = slice[i];
                        boolean mandible = labels[i] == HeadPhantom.MANDIBLE;
                        boolean skull = labels[i] == HeadPhantom.SKULL;
                        owner[o] =
                                mandible
                                        ? SegmentedJoint.CONDYLE
                                        : skull
                                                ? SegmentedJoint.TEMPORAL_BONE
                                                : SegmentedJoint.BACKGROUND;
                        condyle[o] = mandible ? SURE : (1 - SURE) / 2;
                        temporal[o] = skull ? SURE : (1 - SURE) / 2;
                        bone[o] = skull;
                    }
                });
        hu = new ScalarVolume(grid, values);
        for (int o = 1; o < voxels; o++) {
            border[o] = bone[o] != bone[o - 1];
        }
    }

    @Benchmark
    public SegmentedJoint ownerMapToFields() {
        return BoneSurfaces.refine(hu, owner, condyle, temporal, Side.LEFT);
    }

    @Benchmark
    public byte[] cleanOwnerMap() {
        return OwnerMap.clean(hu, owner);
    }

    @Benchmark
    public Object nearestSeed() {
        return NearestSeed.within(grid, border, BoneSurfaces.MOST_MM);
    }

    @Benchmark
    public Object pieces() {
        return Pieces.of(grid, bone);
    }
}
