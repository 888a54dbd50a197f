package org.negvol.report;

import java.util.stream.IntStream;
import org.negvol.surface.JointSurfaces;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Which voxels of the source's own grid belong to which structure of one joint.
 *
 * <p>The fields of the joint, which lie on the VOI's grid, are sampled at the centres of the
 * source's voxels: bone where its signed distance is negative, negative volume where at least half
 * of the voxel is. Structures never overlap: where both bones claim a voxel it goes to the one it
 * lies deeper in. Outside the VOI nothing is known and nothing is marked.
 *
 * <p>The labels cover the box of source voxels that the VOI touches; box and source share their
 * axes.
 */
final class SegmentMasks {

    private static final float HALF = 0.5f;

    private final int i0;
    private final int j0;
    private final int k0;
    private final int columns;
    private final int rows;
    private final int slices;
    private final byte[] labels;

    private SegmentMasks(int i0, int j0, int k0, int columns, int rows, int slices, byte[] labels) {
        this.i0 = i0;
        this.j0 = j0;
        this.k0 = k0;
        this.columns = columns;
        this.rows = rows;
        this.slices = slices;
        this.labels = labels;
    }

    /**
     * Samples a joint on the grid of the source.
     *
     * @param joint its three fields share one grid
     * @param source grid of the source series; sheared and sagittal ones are as good as any
     */
    static SegmentMasks of(JointSurfaces joint, VolumeGeometry source) {
        VolumeGeometry voi = joint.temporalMm().geometry();
        Affine toVoi = voi.indexToPatient().inverse().after(source.indexToPatient());
        int[] low = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
        int[] high = {-1, -1, -1};
        for (int corner = 0; corner < 8; corner++) {
            Vec3 p =
                    source.toIndex(
                            voi.toPatient(
                                    (corner & 1) == 0 ? -0.5 : voi.columns() - 0.5,
                                    (corner & 2) == 0 ? -0.5 : voi.rows() - 0.5,
                                    (corner & 4) == 0 ? -0.5 : voi.slices() - 0.5));
            double[] at = {p.x(), p.y(), p.z()};
            for (int axis = 0; axis < 3; axis++) {
                low[axis] = Math.min(low[axis], (int) Math.max(0, Math.ceil(at[axis] - 1e-9)));
                high[axis] =
                        Math.max(
                                high[axis],
                                (int) Math.min(source.size(axis) - 1, Math.floor(at[axis] + 1e-9)));
            }
        }
        int columns = Math.max(0, high[0] - low[0] + 1);
        int rows = Math.max(0, high[1] - low[1] + 1);
        int slices = Math.max(0, high[2] - low[2] + 1);
        byte[] labels = new byte[Math.multiplyExact(Math.multiplyExact(columns, rows), slices)];
        SegmentMasks masks =
                new SegmentMasks(low[0], low[1], low[2], columns, rows, slices, labels);
        Fields fields = new Fields(joint);
        IntStream.range(0, slices).parallel().forEach(k -> masks.fillSlice(k, toVoi, fields));
        return masks;
    }

    private void fillSlice(int k, Affine toVoi, Fields fields) {
        Vec3 step = toVoi.step(0);
        int o = k * rows * columns;
        for (int j = 0; j < rows; j++) {
            Vec3 start = toVoi.apply(i0, j0 + j, k0 + k);
            for (int i = 0; i < columns; i++, o++) {
                labels[o] =
                        fields.label(
                                start.x() + i * step.x(),
                                start.y() + i * step.y(),
                                start.z() + i * step.z());
            }
        }
    }

    int firstSlice() {
        return k0;
    }

    int sliceCount() {
        return slices;
    }

    /** How many voxels of a slice of the source carry a label. */
    int count(int slice, byte label) {
        if (slice < k0 || slice >= k0 + slices) {
            return 0;
        }
        int n = 0;
        int from = (slice - k0) * rows * columns;
        for (int o = from; o < from + rows * columns; o++) {
            if (labels[o] == label) {
                n++;
            }
        }
        return n;
    }

    /** How many voxels carry a label. */
    long count(byte label) {
        long n = 0;
        for (int k = 0; k < slices; k++) {
            n += count(k0 + k, label);
        }
        return n;
    }

    /** The label at a voxel of the source, 0 for none. */
    byte label(int i, int j, int k) {
        if (i < i0 || j < j0 || k < k0 || i >= i0 + columns || j >= j0 + rows || k >= k0 + slices) {
            return 0;
        }
        return labels[i - i0 + columns * (j - j0 + rows * (k - k0))];
    }

    /**
     * Sets the bits of one frame.
     *
     * @param slice slice of the source
     * @param sourceColumns columns of a frame
     * @param bits all frames, bit after bit without gaps between rows or frames, the least
     *     significant bit of a byte first (PS3.5 8.1.1 and D.2): frames whose size is no multiple
     *     of 8 share a byte
     * @param firstBit where the frame begins
     */
    void pack(int slice, byte label, int sourceColumns, byte[] bits, long firstBit) {
        int o = (slice - k0) * rows * columns;
        for (int j = 0; j < rows; j++) {
            long bit = firstBit + (long) (j0 + j) * sourceColumns + i0;
            for (int i = 0; i < columns; i++, o++, bit++) {
                if (labels[o] == label) {
                    bits[(int) (bit >>> 3)] |= (byte) (1 << (bit & 7));
                }
            }
        }
    }

    /**
     * Sets the pixels of one frame of bytes.
     *
     * @param slice slice of the source
     * @param sourceColumns columns of a frame
     * @param pixels all frames, a byte a pixel
     * @param firstPixel where the frame begins
     * @param value what a pixel with that label becomes
     */
    void fill(
            int slice, byte label, int sourceColumns, byte[] pixels, long firstPixel, byte value) {
        int o = (slice - k0) * rows * columns;
        for (int j = 0; j < rows; j++) {
            int p = Math.toIntExact(firstPixel + (long) (j0 + j) * sourceColumns + i0);
            for (int i = 0; i < columns; i++, o++, p++) {
                if (labels[o] == label) {
                    pixels[p] = value;
                }
            }
        }
    }

    /** The three fields of a joint, sampled together. */
    private static final class Fields {
        private final float[] condyle;
        private final float[] temporal;
        private final float[] negative;
        private final int nx;
        private final int ny;
        private final int nz;

        Fields(JointSurfaces joint) {
            VolumeGeometry grid = joint.temporalMm().geometry();
            condyle = on(grid, joint.condyleMm());
            temporal = on(grid, joint.temporalMm());
            negative = on(grid, joint.negativeFraction());
            nx = grid.columns();
            ny = grid.rows();
            nz = grid.slices();
        }

        private static float[] on(VolumeGeometry grid, ScalarVolume field) {
            if (!field.geometry().equals(grid)) {
                throw new IllegalArgumentException(
                        "the fields of a joint lie on different grids: %s and %s"
                                .formatted(grid, field.geometry()));
            }
            return field.values();
        }

        byte label(double x, double y, double z) {
            if (!(x >= -0.5
                    && y >= -0.5
                    && z >= -0.5
                    && x <= nx - 0.5
                    && y <= ny - 0.5
                    && z <= nz - 0.5)) {
                return 0;
            }
            double cx = Math.clamp(x, 0.0, nx - 1.0);
            double cy = Math.clamp(y, 0.0, ny - 1.0);
            double cz = Math.clamp(z, 0.0, nz - 1.0);
            int x0 = Math.min((int) cx, Math.max(nx - 2, 0));
            int y0 = Math.min((int) cy, Math.max(ny - 2, 0));
            int z0 = Math.min((int) cz, Math.max(nz - 2, 0));
            float fx = (float) (cx - x0);
            float fy = (float) (cy - y0);
            float fz = (float) (cz - z0);
            int at = x0 + nx * (y0 + ny * z0);
            float t = sample(temporal, at, fx, fy, fz);
            float c = sample(condyle, at, fx, fy, fz);
            if (c < 0 && c <= t) {
                return SegmentKind.CONDYLE.label();
            }
            if (t < 0) {
                return SegmentKind.TEMPORAL_BONE.label();
            }
            return sample(negative, at, fx, fy, fz) >= HALF
                    ? SegmentKind.NEGATIVE_VOLUME.label()
                    : 0;
        }

        private float sample(float[] v, int at, float fx, float fy, float fz) {
            int dx = nx > 1 ? 1 : 0;
            int dy = ny > 1 ? nx : 0;
            int dz = nz > 1 ? nx * ny : 0;
            float c00 = v[at] + fx * (v[at + dx] - v[at]);
            float c10 = v[at + dy] + fx * (v[at + dy + dx] - v[at + dy]);
            int up = at + dz;
            float c01 = v[up] + fx * (v[up + dx] - v[up]);
            float c11 = v[up + dy] + fx * (v[up + dy + dx] - v[up + dy]);
            float c0 = c00 + fy * (c10 - c00);
            float c1 = c01 + fy * (c11 - c01);
            return c0 + fz * (c1 - c0);
        }
    }
}
