package org.negvol.phantom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.negvol.volume.Affine;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Writes phantoms for training: raw little-endian int16 HU ({@code .hu}) and uint8 labels ({@code
 * .lab}), first axis fastest, one pair a sample, with a line of {@code index.csv} each.
 *
 * <p>Randomised far beyond real scanners: HU scale, point spread, noise, thick slices along any
 * axis, poses, fields of view, missing mandibles.
 */
public final class PhantomExport {

    /** What a sample shows. */
    public enum Kind {
        /**
         * One joint at 0.4 mm, 112×144×128 voxels, axes of the patient, left joints mirrored to the
         * right; labels 0 background, 1 mandible, 2 skull.
         */
        VOI,
        /**
         * A head at 2 mm, 112³ voxels, −1024 HU outside the scan; labels 0 background, 1 left and 2
         * right mandible within 14 mm of the condyle's centre, 3 left and 4 right skull within 16
         * mm of it.
         */
        COARSE
    }

    private static final int VOI_X = 112;
    private static final int VOI_Y = 144;
    private static final int VOI_Z = 128;
    private static final double VOI_MM = 0.4;
    private static final int COARSE = 112;
    private static final double COARSE_MM = 2;

    /** HU and labels of one sample, and what {@code index.csv} says of it. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Exported(short[] hu, byte[] labels, String line) {}

    private PhantomExport() {}

    /**
     * Writes the samples {@code from} (inclusive) to {@code to} (exclusive); a sample depends only
     * on its seed, {@code seed + index}. Files that are there already are left.
     */
    public static void export(Kind kind, long seed, int from, int to, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        for (int i = from; i < to; i++) {
            String name = "%06d".formatted(i);
            Path labels = folder.resolve(name + ".lab");
            if (Files.exists(labels)) {
                continue;
            }
            Exported e = kind == Kind.VOI ? voi(seed + i) : coarse(seed + i);
            ByteBuffer bytes =
                    ByteBuffer.allocate(2 * e.hu().length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asShortBuffer().put(e.hu());
            Files.write(folder.resolve(name + ".hu"), bytes.array());
            Files.writeString(folder.resolve(name + ".csv"), name + "," + e.line() + "\n");
            Files.write(labels, e.labels());
        }
    }

    static Exported voi(long seed) {
        SplittableRandom r = new SplittableRandom(seed * 7919 + 1);
        PhantomParameters p = randomised(seed, r);
        Side side = r.nextBoolean() ? Side.LEFT : Side.RIGHT;
        boolean noMandible = r.nextDouble() < 0.03;
        HeadPhantom phantom = HeadPhantom.of(noMandible ? withoutMandible(p) : p);
        Vec3 centre = phantom.centre(side);
        Vec3 shift = new Vec3(r.nextDouble(-8, 8), r.nextDouble(-8, 8), r.nextDouble(-8, 8));
        Vec3 middle = centre.plus(shift);
        double mirror = side == Side.LEFT ? -1 : 1;
        VolumeGeometry grid = grid(VOI_X, VOI_Y, VOI_Z, VOI_MM, middle, mirror);
        short[] hu = new short[VOI_X * VOI_Y * VOI_Z];
        byte[] labels = new byte[hu.length];
        render(phantom, grid, hu, labels);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == HeadPhantom.OTHER_BONE) {
                labels[i] = 0;
            }
        }
        int[] size = {VOI_X, VOI_Y, VOI_Z};
        thicken(hu, size, r, 8);
        streaks(hu, size, r);
        cut(hu, labels, size, r);
        Vec3 at = grid.toIndex(centre);
        String line =
                String.format(
                        Locale.ROOT,
                        "%d,%s,%.2f,%.2f,%.2f,%s",
                        seed,
                        side,
                        at.x(),
                        at.y(),
                        at.z(),
                        noMandible ? "no-mandible" : "mandible");
        return new Exported(hu, labels, line);
    }

    static Exported coarse(long seed) {
        SplittableRandom r = new SplittableRandom(seed * 7919 + 2);
        PhantomParameters p = randomised(seed, r);
        boolean noMandible = r.nextDouble() < 0.08;
        HeadPhantom phantom = HeadPhantom.of(noMandible ? withoutMandible(p) : p);
        Vec3 l = phantom.centre(Side.LEFT);
        Vec3 rr = phantom.centre(Side.RIGHT);
        Vec3 between = l.plus(rr).times(0.5);
        double[] low = new double[3];
        double[] high = new double[3];
        String view = fieldOfView(r, between, l, rr, low, high);
        Vec3 middle =
                new Vec3((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2);
        VolumeGeometry grid = grid(COARSE, COARSE, COARSE, COARSE_MM, middle, 1);
        short[] hu = new short[COARSE * COARSE * COARSE];
        byte[] found = new byte[hu.length];
        render(phantom, grid, hu, found);
        int[] size = {COARSE, COARSE, COARSE};
        thicken(hu, size, r, 3);
        byte[] labels = new byte[hu.length];
        double tilt = r.nextDouble() < 0.3 ? Math.tan(Math.toRadians(r.nextDouble(-20, 20))) : 0;
        for (int k = 0; k < COARSE; k++) {
            for (int j = 0; j < COARSE; j++) {
                for (int i = 0; i < COARSE; i++) {
                    int o = grid.index(i, j, k);
                    Vec3 q = grid.toPatient(i, j, k);
                    double z = q.z() - tilt * (q.y() - middle.y());
                    if (q.x() < low[0]
                            || q.x() > high[0]
                            || q.y() < low[1]
                            || q.y() > high[1]
                            || z < low[2]
                            || z > high[2]) {
                        hu[o] = -1024;
                        continue;
                    }
                    if (found[o] == HeadPhantom.MANDIBLE) {
                        labels[o] =
                                (byte) (q.distanceTo(l) < 14 ? 1 : q.distanceTo(rr) < 14 ? 2 : 0);
                    } else if (found[o] == HeadPhantom.SKULL) {
                        labels[o] =
                                (byte) (q.distanceTo(l) < 16 ? 3 : q.distanceTo(rr) < 16 ? 4 : 0);
                    }
                }
            }
        }
        Vec3 li = grid.toIndex(l);
        Vec3 ri = grid.toIndex(rr);
        String line =
                String.format(
                        Locale.ROOT,
                        "%d,%s,%s,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f",
                        seed,
                        view,
                        noMandible ? "no-mandible" : "mandible",
                        li.x(),
                        li.y(),
                        li.z(),
                        ri.x(),
                        ri.y(),
                        ri.z());
        return new Exported(hu, labels, line);
    }

    private static String fieldOfView(
            SplittableRandom r, Vec3 between, Vec3 l, Vec3 right, double[] low, double[] high) {
        double u = r.nextDouble();
        double[] x = {between.x() - r.nextDouble(80, 125), between.x() + r.nextDouble(80, 125)};
        double[] y = {between.y() - r.nextDouble(95, 125), between.y() + r.nextDouble(70, 125)};
        double[] z;
        String view;
        if (u < 0.35) {
            view = "head";
            z =
                    new double[] {
                        between.z() - r.nextDouble(60, 130), between.z() + r.nextDouble(60, 140)
                    };
        } else if (u < 0.6) {
            view = "brain";
            z =
                    new double[] {
                        between.z() - r.nextDouble(8, 50), between.z() + r.nextDouble(40, 140)
                    };
        } else if (u < 0.75) {
            view = "face";
            z =
                    new double[] {
                        between.z() - r.nextDouble(60, 120), between.z() + r.nextDouble(12, 50)
                    };
        } else if (u < 0.88) {
            boolean left = r.nextBoolean();
            view = left ? "left-joint" : "right-joint";
            Vec3 c = left ? l : right;
            x = new double[] {c.x() - r.nextDouble(20, 45), c.x() + r.nextDouble(20, 45)};
            y = new double[] {c.y() - r.nextDouble(20, 60), c.y() + r.nextDouble(20, 50)};
            z = new double[] {c.z() - r.nextDouble(20, 50), c.z() + r.nextDouble(15, 40)};
        } else if (u < 0.94) {
            view = "jaw";
            double top = between.z() - r.nextDouble(16, 35);
            z = new double[] {top - r.nextDouble(60, 110), top};
        } else if (u < 0.96) {
            view = "neck";
            double top = between.z() - r.nextDouble(75, 110);
            z = new double[] {top - r.nextDouble(50, 110), top};
        } else {
            view = "vault";
            double bottom = between.z() + r.nextDouble(16, 40);
            z = new double[] {bottom, bottom + r.nextDouble(50, 110)};
        }
        low[0] = x[0];
        high[0] = x[1];
        low[1] = y[0];
        high[1] = y[1];
        low[2] = z[0];
        high[2] = z[1];
        return view;
    }

    private static VolumeGeometry grid(
            int nx, int ny, int nz, double mm, Vec3 middle, double mirror) {
        return new VolumeGeometry(
                nx,
                ny,
                nz,
                Affine.of(
                        mirror * mm,
                        0,
                        0,
                        middle.x() - mirror * mm * (nx - 1) / 2,
                        0,
                        mm,
                        0,
                        middle.y() - mm * (ny - 1) / 2,
                        0,
                        0,
                        mm,
                        middle.z() - mm * (nz - 1) / 2));
    }

    private static void render(
            HeadPhantom phantom, VolumeGeometry grid, short[] hu, byte[] labels) {
        int plane = grid.columns() * grid.rows();
        phantom.render(
                grid,
                1,
                (k, h, l) -> {
                    System.arraycopy(h, 0, hu, k * plane, plane);
                    System.arraycopy(l, 0, labels, k * plane, plane);
                });
    }

    private static PhantomParameters withoutMandible(PhantomParameters p) {
        PhantomParameters.Head h = p.head();
        return p.withHead(
                new PhantomParameters.Head(
                        h.scaleX(),
                        h.scaleY(),
                        h.scaleZ(),
                        h.warpMm(),
                        h.vaultThicknessMm(),
                        h.fatMm(),
                        h.pneumatisation(),
                        h.pitchDegrees(),
                        h.yawDegrees(),
                        h.rollDegrees(),
                        h.originX(),
                        h.originY(),
                        h.originZ(),
                        false,
                        h.teeth(),
                        0,
                        0));
    }

    /** A random head with tissues and a scanner from a wider range than the clinic's. */
    private static PhantomParameters randomised(long seed, SplittableRandom r) {
        PhantomParameters p = PhantomParameters.random(seed);
        PhantomParameters.Tissue tissue =
                new PhantomParameters.Tissue(
                        r.nextDouble(850, 1900),
                        r.nextDouble(100, 750),
                        r.nextDouble(20, 180),
                        r.nextDouble(0.7, 2.6),
                        r.nextDouble(10, 90),
                        r.nextDouble(-140, -50),
                        r.nextDouble(15, 60),
                        r.nextDouble(1600, 3000),
                        r.nextDouble(0.05, 0.7));
        boolean wild = r.nextDouble() < 0.4;
        PhantomParameters.Acquisition a =
                new PhantomParameters.Acquisition(
                        r.nextDouble(0.2, 0.95),
                        Math.exp(r.nextDouble(Math.log(3), Math.log(110))),
                        wild ? r.nextDouble(0.6, 1.3) : r.nextDouble(0.95, 1.05),
                        wild ? r.nextDouble(-150, 150) : r.nextDouble(-15, 15),
                        r.nextDouble() < 0.7);
        return new PhantomParameters(seed, p.head(), p.left(), p.right(), tissue, a);
    }

    /** Thick slices: means over neighbours along one axis, interpolated back. */
    static void thicken(short[] hu, int[] size, SplittableRandom r, int most) {
        if (r.nextDouble() > 0.35) {
            return;
        }
        int axis = r.nextInt(3);
        int n = r.nextInt(2, most + 1);
        int step = axis == 0 ? 1 : axis == 1 ? size[0] : size[0] * size[1];
        int length = size[axis];
        int phase = r.nextInt(n);
        float[] line = new float[length];
        int thick = (length + phase + n - 1) / n;
        float[] means = new float[thick];
        int[] count = new int[thick];
        for (int o = 0; o < hu.length; o++) {
            if (o / step % length != 0) {
                continue;
            }
            Arrays.fill(means, 0);
            Arrays.fill(count, 0);
            for (int t = 0; t < length; t++) {
                means[(t + phase) / n] += hu[o + t * step];
                count[(t + phase) / n]++;
            }
            for (int t = 0; t < thick; t++) {
                means[t] /= Math.max(1, count[t]);
            }
            for (int t = 0; t < length; t++) {
                double at = (t + phase + 0.5) / n - 0.5;
                int a = Math.clamp((int) Math.floor(at), 0, thick - 1);
                int b = Math.min(a + 1, thick - 1);
                double f = Math.clamp(at - a, 0, 1);
                line[t] = (float) (means[a] * (1 - f) + means[b] * f);
            }
            for (int t = 0; t < length; t++) {
                hu[o + t * step] = (short) Math.round(line[t]);
            }
        }
    }

    /** Dark and bright bands through some slices, as metal in the teeth throws them. */
    private static void streaks(short[] hu, int[] size, SplittableRandom r) {
        if (r.nextDouble() > 0.15) {
            return;
        }
        double angle = r.nextDouble(Math.PI);
        double cx = Math.cos(angle);
        double cy = Math.sin(angle);
        double wave = r.nextDouble(0.15, 1.2);
        double amplitude = r.nextDouble(30, 220);
        double at = r.nextDouble(size[2]);
        double reach = r.nextDouble(5, 25);
        for (int k = 0; k < size[2]; k++) {
            double a = amplitude * Math.exp(-0.5 * (k - at) * (k - at) / (reach * reach));
            if (a < 2) {
                continue;
            }
            for (int j = 0; j < size[1]; j++) {
                for (int i = 0; i < size[0]; i++) {
                    int o = i + size[0] * (j + size[1] * k);
                    double v = hu[o] + a * Math.sin(wave * (cx * i + cy * j) + 0.03 * k * cx);
                    hu[o] = (short) Math.clamp(Math.round(v), -1024, 3071);
                }
            }
        }
    }

    /** The scan's lower edge: nothing below it, in image or labels. */
    private static void cut(short[] hu, byte[] labels, int[] size, SplittableRandom r) {
        if (r.nextDouble() > 0.2) {
            return;
        }
        double edge = r.nextDouble(0, size[2] * 0.35);
        double slope = r.nextDouble(-0.2, 0.2);
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                if (k < edge + slope * (j - size[1] / 2.0)) {
                    int o = size[0] * (j + size[1] * k);
                    Arrays.fill(hu, o, o + size[0], (short) -1024);
                    Arrays.fill(labels, o, o + size[0], (byte) 0);
                }
            }
        }
    }

    /**
     * {@code voi|coarse SEED FROM TO FOLDER}
     *
     * @throws IllegalArgumentException if the arguments are not these
     */
    public static void main(String[] args) {
        if (args.length != 5) {
            throw new IllegalArgumentException("usage: voi|coarse SEED FROM TO FOLDER");
        }
        try {
            export(
                    Kind.valueOf(args[0].toUpperCase(Locale.ROOT)),
                    Long.parseLong(args[1]),
                    Integer.parseInt(args[2]),
                    Integer.parseInt(args[3]),
                    Path.of(args[4]));
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + args[4] + " failed", e);
        }
    }
}
