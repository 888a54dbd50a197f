package org.negvol.phantom;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * A procedural adult head whose temporomandibular joints are known exactly.
 *
 * <p>The head is a set of implicit surfaces in patient coordinates (LPS mm); it can be rendered as
 * CT (HU) or as labels onto any grid, and asked for distances at any point. The same parameters and
 * grid give the same numbers, whatever the number of threads.
 */
public final class HeadPhantom {

    /** Label of everything that is not bone. */
    public static final int BACKGROUND = Anatomy.LABEL_BACKGROUND;

    /** Label of the mandible with its teeth. */
    public static final int MANDIBLE = Anatomy.LABEL_MANDIBLE;

    /** Label of the skull: temporal bone, vault, base and face; its air cells are background. */
    public static final int SKULL = Anatomy.LABEL_SKULL;

    /** Label of other bones: the cervical spine. */
    public static final int OTHER_BONE = Anatomy.LABEL_OTHER_BONE;

    /** Size in mm of the blocks of voxels that are tested as a whole. */
    private static final double BLOCK_MM = 4;

    /** Edge of the blocks in which distance fields are computed, voxels. */
    private static final int FIELD_BLOCK = 8;

    /** Within this of a surface distance fields are exact voxel by voxel. */
    private static final double FIELD_BAND_MM = 2;

    /** Structures of about this size (mm) must not fall between two samples of a large voxel. */
    private static final double SUB_VOXEL_MM = 1.01;

    private static final int NOISE_TABLE = 1 << 16;

    private final PhantomParameters parameters;
    private final Anatomy anatomy;
    private final Affine toHead;
    private final Affine toPatient;
    private final float[] gaussians = new float[NOISE_TABLE];

    private HeadPhantom(PhantomParameters parameters) {
        this.parameters = parameters;
        anatomy = new Anatomy(parameters);
        PhantomParameters.Head h = parameters.head();
        Affine pitch = rotation(0, h.pitchDegrees());
        Affine roll = rotation(1, h.rollDegrees());
        Affine yaw = rotation(2, h.yawDegrees());
        Affine turn = yaw.after(pitch).after(roll);
        toPatient =
                Affine.of(
                        turn.get(0, 0),
                        turn.get(0, 1),
                        turn.get(0, 2),
                        h.originX(),
                        turn.get(1, 0),
                        turn.get(1, 1),
                        turn.get(1, 2),
                        h.originY(),
                        turn.get(2, 0),
                        turn.get(2, 1),
                        turn.get(2, 2),
                        h.originZ());
        toHead = toPatient.inverse();
        SplittableRandom r = new SplittableRandom(parameters.seed() * 31 + 11);
        for (int i = 0; i < NOISE_TABLE; i++) {
            gaussians[i] = (float) r.nextGaussian();
        }
    }

    public static HeadPhantom of(PhantomParameters parameters) {
        return new HeadPhantom(parameters);
    }

    public PhantomParameters parameters() {
        return parameters;
    }

    private static Affine rotation(int axis, double degrees) {
        double a = Math.toRadians(degrees);
        double c = Math.cos(a);
        double s = Math.sin(a);
        return switch (axis) {
            case 0 -> Affine.of(1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0);
            case 1 -> Affine.of(c, 0, s, 0, 0, 1, 0, 0, -s, 0, c, 0);
            default -> Affine.of(c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0);
        };
    }

    /** Takes the slices of a rendering, in order, in the thread that asked for the rendering. */
    @FunctionalInterface
    public interface SliceSink {
        /**
         * @param k slice index
         * @param hu columns×rows values, row by row; valid during the call only
         * @param labels label of every voxel's centre; valid during the call only
         */
        void slice(int k, short[] hu, byte[] labels);
    }

    /** CT values of the head on a grid, in HU, with point spread and noise. */
    public ScalarVolume hu(VolumeGeometry grid, int threads) {
        float[] values = new float[Math.toIntExact(grid.voxelCount())];
        int plane = grid.columns() * grid.rows();
        render(
                grid,
                threads,
                (k, hu, labels) -> {
                    int o = k * plane;
                    for (int i = 0; i < plane; i++) {
                        values[o + i] = hu[i];
                    }
                });
        return new ScalarVolume(grid, values);
    }

    /** Labels of the head on a grid, in the order of {@link VolumeGeometry#index}. */
    public byte[] labels(VolumeGeometry grid, int threads) {
        byte[] values = new byte[Math.toIntExact(grid.voxelCount())];
        int plane = grid.columns() * grid.rows();
        render(
                grid,
                threads,
                (k, hu, labels) -> System.arraycopy(labels, 0, values, k * plane, plane));
        return values;
    }

    /**
     * Renders slice by slice, holding only some slices in memory.
     *
     * @param threads how many threads may work on it, at least 1
     */
    public void render(VolumeGeometry grid, int threads, SliceSink sink) {
        new Rendering(grid).run(threads, sink);
    }

    /** Some slices in a row, blurred in their plane. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Slab(int first, float[][] hu, byte[][] labels) {}

    private final class Rendering {
        private final int columns;
        private final int rows;
        private final int slices;
        private final Affine indexToHead;
        private final int[] sub = new int[3];
        private final double width;
        private final int[] block = new int[3];
        private final float[][] kernels = new float[3][];
        private final double noiseBefore;

        Rendering(VolumeGeometry grid) {
            columns = grid.columns();
            rows = grid.rows();
            slices = grid.slices();
            indexToHead = toHead.after(grid.indexToPatient());
            double largest = 0;
            double squares = 1;
            for (int a = 0; a < 3; a++) {
                double spacing = grid.spacingMm(a);
                sub[a] = (int) Math.max(1, Math.ceil(spacing / SUB_VOXEL_MM - 1e-6));
                block[a] = Math.clamp(Math.round(BLOCK_MM / spacing), 2, 16);
                largest = Math.max(largest, spacing / sub[a]);
                kernels[a] = gaussianKernel(parameters.acquisition().pointSpreadMm() / spacing);
                double s = 0;
                for (float f : kernels[a]) {
                    s += (double) f * f;
                }
                squares *= s;
            }
            width = largest;
            noiseBefore = parameters.acquisition().noiseHu() / Math.sqrt(squares);
        }

        void run(int threads, SliceSink sink) {
            int reach = kernels[2].length / 2;
            int slabs = (slices + block[2] - 1) / block[2];
            float[][] rawHu = new float[slices][];
            byte[][] rawLabels = new byte[slices][];
            short[] out = new short[columns * rows];
            float[] sum = new float[columns * rows];
            int emitted = 0;
            ArrayDeque<Future<Slab>> running = new ArrayDeque<>();
            try (ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, threads))) {
                int next = 0;
                try {
                    for (int done = 0; done < slabs; done++) {
                        while (next < slabs && running.size() < threads + 1) {
                            int first = next++ * block[2];
                            running.add(pool.submit(() -> slab(first)));
                        }
                        Slab slab = running.remove().get();
                        for (int i = 0; i < slab.hu().length; i++) {
                            rawHu[slab.first() + i] = slab.hu()[i];
                            rawLabels[slab.first() + i] = slab.labels()[i];
                        }
                        int have = slab.first() + slab.hu().length;
                        while (emitted < slices && (emitted + reach < have || have == slices)) {
                            blurAcross(rawHu, emitted, sum, out);
                            sink.slice(emitted, out, rawLabels[emitted]);
                            rawLabels[emitted] = new byte[0];
                            if (emitted - reach >= 0) {
                                rawHu[emitted - reach] = new float[0];
                            }
                            emitted++;
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while rendering a phantom", e);
                } catch (ExecutionException e) {
                    throw new IllegalStateException("rendering a phantom failed", e.getCause());
                } finally {
                    pool.shutdownNow();
                }
            }
        }

        private void blurAcross(float[][] raw, int k, float[] sum, short[] out) {
            float[] kernel = kernels[2];
            int reach = kernel.length / 2;
            java.util.Arrays.fill(sum, 0);
            for (int t = -reach; t <= reach; t++) {
                float[] source = raw[Math.clamp(k + t, 0, slices - 1)];
                float f = kernel[t + reach];
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += f * source[i];
                }
            }
            float scale = (float) parameters.acquisition().huScale();
            float offset = (float) parameters.acquisition().huOffset();
            for (int i = 0; i < sum.length; i++) {
                out[i] = (short) Math.clamp(Math.round(sum[i] * scale + offset), -1024, 3071);
            }
        }

        private Slab slab(int first) {
            int depth = Math.min(block[2], slices - first);
            float[][] hu = new float[depth][columns * rows];
            byte[][] labels = new byte[depth][columns * rows];
            Anatomy.Sample sample = new Anatomy.Sample();
            for (int j = 0; j < rows; j += block[1]) {
                for (int i = 0; i < columns; i += block[0]) {
                    block(i, j, first, depth, hu, labels, sample);
                }
            }
            float[] line = new float[Math.max(columns, rows)];
            for (int d = 0; d < depth; d++) {
                addNoise(first + d, hu[d]);
                blurRows(hu[d], line);
                blurColumns(hu[d]);
            }
            return new Slab(first, hu, labels);
        }

        private void block(
                int i0,
                int j0,
                int k0,
                int depth,
                float[][] hu,
                byte[][] labels,
                Anatomy.Sample sample) {
            int i1 = Math.min(i0 + block[0], columns);
            int j1 = Math.min(j0 + block[1], rows);
            double hi = (i1 - i0) / 2.0;
            double hj = (j1 - j0) / 2.0;
            double hk = depth / 2.0;
            Affine m = indexToHead;
            double ci = i0 + hi - 0.5;
            double cj = j0 + hj - 0.5;
            double ck = k0 + hk - 0.5;
            Vec3 c = m.apply(ci, cj, ck);
            Vec3 di = m.step(0).times(hi);
            Vec3 dj = m.step(1).times(hj);
            Vec3 dk = m.step(2).times(hk);
            double radius =
                    Math.max(
                            Math.max(di.plus(dj).plus(dk).norm(), di.minus(dj).plus(dk).norm()),
                            Math.max(di.plus(dj).minus(dk).norm(), di.minus(dj).minus(dk).norm()));
            int parts = anatomy.parts(c.x(), c.y(), c.z(), radius);
            if ((parts & Anatomy.SKIN) == 0 && anatomy.skin(c.x(), c.y(), c.z()) > 0) {
                if ((parts & Anatomy.TABLE) == 0) {
                    for (int d = 0; d < depth; d++) {
                        for (int j = j0; j < j1; j++) {
                            java.util.Arrays.fill(hu[d], j * columns + i0, j * columns + i1, -1000);
                        }
                    }
                    return;
                }
                parts = Anatomy.TABLE | Anatomy.SKIN;
            }
            boolean fine = (parts & ~(Anatomy.TABLE | Anatomy.SKIN)) != 0;
            int ni = fine ? sub[0] : 1;
            int nj = fine ? sub[1] : 1;
            int nk = fine ? sub[2] : 1;
            int n = ni * nj * nk;
            double m00 = m.get(0, 0);
            double m10 = m.get(1, 0);
            double m20 = m.get(2, 0);
            for (int d = 0; d < depth; d++) {
                for (int j = j0; j < j1; j++) {
                    int o = j * columns;
                    Vec3 row = m.apply(0, j, k0 + d);
                    for (int i = i0; i < i1; i++) {
                        double x = row.x() + m00 * i;
                        double y = row.y() + m10 * i;
                        double z = row.z() + m20 * i;
                        if (n == 1) {
                            anatomy.sample(x, y, z, parts, width, sample);
                            hu[d][o + i] = (float) sample.hu;
                            labels[d][o + i] = (byte) sample.label;
                        } else {
                            double sum = 0;
                            for (int a = 0; a < n; a++) {
                                double fi = (a % ni + 0.5) / ni - 0.5;
                                double fj = (Math.floorDiv(a, ni) % nj + 0.5) / nj - 0.5;
                                double fk = (Math.floorDiv(a, ni * nj) + 0.5) / nk - 0.5;
                                anatomy.sample(
                                        x + m.get(0, 0) * fi + m.get(0, 1) * fj + m.get(0, 2) * fk,
                                        y + m.get(1, 0) * fi + m.get(1, 1) * fj + m.get(1, 2) * fk,
                                        z + m.get(2, 0) * fi + m.get(2, 1) * fj + m.get(2, 2) * fk,
                                        parts,
                                        width,
                                        sample);
                                sum += sample.hu;
                            }
                            hu[d][o + i] = (float) (sum / n);
                            anatomy.sample(x, y, z, parts, width, sample);
                            labels[d][o + i] = (byte) sample.label;
                        }
                    }
                }
            }
        }

        private void addNoise(int k, float[] hu) {
            if (noiseBefore == 0) {
                return;
            }
            float a = (float) noiseBefore;
            long state = (parameters.seed() * 0x9E3779B97F4A7C15L) ^ (k * 0xD1B54A32D192ED03L);
            for (int i = 0; i < hu.length; i++) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                hu[i] += a * gaussians[(int) (state >>> 48)];
            }
        }

        private void blurRows(float[] hu, float[] line) {
            float[] kernel = kernels[0];
            int reach = kernel.length / 2;
            if (reach == 0) {
                return;
            }
            for (int j = 0; j < rows; j++) {
                int o = j * columns;
                System.arraycopy(hu, o, line, 0, columns);
                for (int i = 0; i < columns; i++) {
                    float s = 0;
                    for (int t = -reach; t <= reach; t++) {
                        s += kernel[t + reach] * line[Math.clamp(i + t, 0, columns - 1)];
                    }
                    hu[o + i] = s;
                }
            }
        }

        private void blurColumns(float[] hu) {
            float[] kernel = kernels[1];
            int reach = kernel.length / 2;
            if (reach == 0) {
                return;
            }
            float[] source = hu.clone();
            java.util.Arrays.fill(hu, 0);
            for (int j = 0; j < rows; j++) {
                for (int t = -reach; t <= reach; t++) {
                    int from = Math.clamp(j + t, 0, rows - 1) * columns;
                    float f = kernel[t + reach];
                    int o = j * columns;
                    for (int i = 0; i < columns; i++) {
                        hu[o + i] += f * source[from + i];
                    }
                }
            }
        }
    }

    private static float[] gaussianKernel(double sigma) {
        if (sigma < 0.1) {
            return new float[] {1};
        }
        int reach = (int) Math.ceil(2.5 * sigma);
        float[] kernel = new float[2 * reach + 1];
        double sum = 0;
        for (int i = -reach; i <= reach; i++) {
            sum += Math.exp(-0.5 * i * i / (sigma * sigma));
        }
        for (int i = -reach; i <= reach; i++) {
            kernel[i + reach] = (float) (Math.exp(-0.5 * i * i / (sigma * sigma)) / sum);
        }
        return kernel;
    }

    /**
     * Signed distance in mm to the mandible at a point (LPS mm), negative inside: exact at the
     * surface, of first order away from it. 1000 where there is no mandible.
     */
    public double condyleMm(Vec3 patientMm) {
        return scaled(patientMm, true);
    }

    /**
     * Signed distance in mm to the skull at a point (LPS mm), negative inside: exact at the
     * surface, of first order away from it.
     */
    public double temporalMm(Vec3 patientMm) {
        return scaled(patientMm, false);
    }

    /**
     * {@link #condyleMm(Vec3)} at every voxel of a grid within 2 mm of the surface, and in steps
     * further away, for a reference negative volume; 1000 where there is no mandible.
     *
     * @param grid at most 0.5 mm between voxels, or the gradient is blurred
     */
    public ScalarVolume condyleMm(VolumeGeometry grid) {
        return scaled(grid, true);
    }

    /** {@link #temporalMm(Vec3)} at every voxel of a grid. */
    public ScalarVolume temporalMm(VolumeGeometry grid) {
        return scaled(grid, false);
    }

    private ScalarVolume scaled(VolumeGeometry grid, boolean condyle) {
        int nx = grid.columns();
        int ny = grid.rows();
        int nz = grid.slices();
        float[] raw = new float[Math.toIntExact(grid.voxelCount())];
        IntStream.range(0, (nz + FIELD_BLOCK - 1) / FIELD_BLOCK)
                .parallel()
                .forEach(slab -> blocks(grid, slab * FIELD_BLOCK, condyle, raw));
        // Slopes along the grid's axes become a gradient in mm through the transposed inverse.
        Affine inverse = grid.indexToPatient().inverse();
        float[] out = new float[raw.length];
        for (int k = 0; k < nz; k++) {
            for (int j = 0; j < ny; j++) {
                for (int i = 0; i < nx; i++) {
                    int o = grid.index(i, j, k);
                    double si = slope(raw, o, i, nx, 1);
                    double sj = slope(raw, o, j, ny, nx);
                    double sk = slope(raw, o, k, nz, nx * ny);
                    double g = 0;
                    for (int a = 0; a < 3; a++) {
                        double d =
                                si * inverse.get(0, a)
                                        + sj * inverse.get(1, a)
                                        + sk * inverse.get(2, a);
                        g += d * d;
                    }
                    out[o] = (float) (raw[o] / Math.clamp(Math.sqrt(g), 0.5, 2));
                    if (raw[o] > 500) {
                        out[o] = raw[o];
                    }
                }
            }
        }
        return new ScalarVolume(grid, out);
    }

    /**
     * One layer of blocks. Far from the surface nobody needs the field voxel by voxel: there a
     * block has the value of its middle.
     */
    private void blocks(VolumeGeometry grid, int k0, boolean condyle, float[] raw) {
        int k1 = Math.min(k0 + FIELD_BLOCK, grid.slices());
        double half = (FIELD_BLOCK - 1) / 2.0;
        double radius = grid.toPatient(0, 0, 0).distanceTo(grid.toPatient(half, half, half));
        for (int j0 = 0; j0 < grid.rows(); j0 += FIELD_BLOCK) {
            for (int i0 = 0; i0 < grid.columns(); i0 += FIELD_BLOCK) {
                int i1 = Math.min(i0 + FIELD_BLOCK, grid.columns());
                double middle = field(grid.toPatient(i0 + half, j0 + half, k0 + half), condyle);
                boolean far = Math.abs(middle) > 2 * radius + FIELD_BAND_MM;
                for (int k = k0; k < k1; k++) {
                    for (int j = j0; j < Math.min(j0 + FIELD_BLOCK, grid.rows()); j++) {
                        int o = grid.index(0, j, k);
                        for (int i = i0; i < i1; i++) {
                            raw[o + i] =
                                    (float)
                                            (far
                                                    ? middle
                                                    : field(grid.toPatient(i, j, k), condyle));
                        }
                    }
                }
            }
        }
    }

    private static double slope(float[] values, int at, int position, int size, int step) {
        int before = position > 0 ? 1 : 0;
        int after = position < size - 1 ? 1 : 0;
        if (before + after == 0) {
            return 0;
        }
        double rise = (double) values[at + after * step] - values[at - before * step];
        return rise / (before + after);
    }

    /** The field divided by the length of its gradient: a distance near its zero set. */
    private double scaled(Vec3 p, boolean condyle) {
        double d = field(p, condyle);
        if (Math.abs(d) > 500) {
            return d;
        }
        double h = 0.05;
        double gx =
                field(p.plus(new Vec3(h, 0, 0)), condyle)
                        - field(p.minus(new Vec3(h, 0, 0)), condyle);
        double gy =
                field(p.plus(new Vec3(0, h, 0)), condyle)
                        - field(p.minus(new Vec3(0, h, 0)), condyle);
        double gz =
                field(p.plus(new Vec3(0, 0, h)), condyle)
                        - field(p.minus(new Vec3(0, 0, h)), condyle);
        double g = Math.sqrt(gx * gx + gy * gy + gz * gz) / (2 * h);
        return d / Math.clamp(g, 0.5, 2);
    }

    private double field(Vec3 p, boolean condyle) {
        Vec3 h = toHead.apply(p);
        Anatomy.Sample s = new Anatomy.Sample();
        anatomy.sample(
                h.x(),
                h.y(),
                h.z(),
                Anatomy.ALL
                        & ~(Anatomy.SKIN | (parameters.head().mandible() ? 0 : Anatomy.MANDIBLE)),
                0.4,
                s);
        return condyle ? s.mandible : s.skull;
    }

    /**
     * What is known of one joint.
     *
     * @throws IllegalStateException if this head has no mandible
     */
    public JointTruth truth(Side side) {
        if (!parameters.head().mandible()) {
            throw new IllegalStateException("a head without mandible has no joint");
        }
        Vec3 centre = centre(side);
        double e = Math.toRadians(40);
        double c = Math.cos(e);
        double s = Math.sin(e);
        return new JointTruth(
                side,
                centre,
                leave(centre, direction(side, 0, 0, 1), true),
                leave(centre, direction(side, -1, 0, 0), true),
                leave(centre, direction(side, 1, 0, 0), true),
                gap(centre, direction(side, 0, -c, s)),
                gap(centre, direction(side, 0, 0, 1)),
                gap(centre, direction(side, 0, c, s)),
                gap(centre, direction(side, -c, 0, s)),
                gap(centre, direction(side, c, 0, s)));
    }

    /** Centre of a condyle (LPS mm), where the mandible stands. */
    Vec3 centre(Side side) {
        PhantomParameters.Joint j = parameters.joint(side);
        double sign = side == Side.LEFT ? 1 : -1;
        Vec3 wanted = anatomy.opened(new Vec3(sign * j.lateralMm(), j.posteriorMm(), j.upMm()));
        // The head is deformed by a map whose inverse is found by iteration.
        Vec3 p = wanted;
        for (int i = 0; i < 20; i++) {
            Vec3 q =
                    new Vec3(
                            anatomy.warpX(p.x(), p.y(), p.z()),
                            anatomy.warpY(p.x(), p.y(), p.z()),
                            anatomy.warpZ(p.x(), p.y(), p.z()));
            p = p.plus(wanted.minus(q));
        }
        return toPatient.apply(p);
    }

    private Vec3 direction(Side side, double u, double v, double w) {
        JointShape s = side == Side.LEFT ? anatomy.left : anatomy.right;
        double[] xy = s.toHead(u, v);
        Vec3 d = new Vec3(side == Side.LEFT ? xy[0] : -xy[0], xy[1], w);
        return toPatient.applyToDirection(anatomy.openedDirection(d)).normalised();
    }

    private JointTruth.Gap gap(Vec3 centre, Vec3 direction) {
        Vec3 start = leave(centre, direction, true);
        double h = 0.02;
        Vec3 normal =
                new Vec3(
                                field(start.plus(new Vec3(h, 0, 0)), true)
                                        - field(start.minus(new Vec3(h, 0, 0)), true),
                                field(start.plus(new Vec3(0, h, 0)), true)
                                        - field(start.minus(new Vec3(0, h, 0)), true),
                                field(start.plus(new Vec3(0, 0, h)), true)
                                        - field(start.minus(new Vec3(0, 0, h)), true))
                        .normalised();
        Vec3 end = leave(start, normal, false);
        return new JointTruth.Gap(start.distanceTo(end), start, end);
    }

    /** Where a ray leaves the condyle, or (not condyle) meets the temporal bone; 15 mm at most. */
    private Vec3 leave(Vec3 from, Vec3 direction, boolean condyle) {
        double step = 0.1;
        double t = 0;
        while (t < 15 && sign(from.plus(direction.times(t)), condyle)) {
            t += step;
        }
        double a = Math.max(0, t - step);
        double b = Math.min(t, 15);
        for (int i = 0; i < 30; i++) {
            double m = (a + b) / 2;
            if (sign(from.plus(direction.times(m)), condyle)) {
                a = m;
            } else {
                b = m;
            }
        }
        return from.plus(direction.times((a + b) / 2));
    }

    private boolean sign(Vec3 p, boolean condyle) {
        double d = field(p, condyle);
        return condyle ? d < 0 : d > 0;
    }
}
