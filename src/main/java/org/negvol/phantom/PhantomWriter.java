package org.negvol.phantom;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Writes a phantom as a CT Image Storage series (PS3.3 A.3), one file a slice, explicit VR little
 * endian.
 *
 * <p>Everything in the files follows from the parameters and the grid, the UIDs too: writing twice
 * gives the same bytes.
 */
public final class PhantomWriter {

    private static final String CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
    private static final String EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
    private static final String IMPLEMENTATION = "2.25.248172395523412830527190263841792";

    private final HeadPhantom phantom;
    private final VolumeGeometry grid;
    private final String scan;

    private PhantomWriter(HeadPhantom phantom, VolumeGeometry grid) {
        this.phantom = phantom;
        this.grid = grid;
        scan = phantom.parameters() + "|" + grid;
    }

    /**
     * Writes the files {@code IM0000.dcm}, {@code IM0001.dcm}, … from the feet upwards.
     *
     * @param grid where the voxels lie; its slices become the images
     * @param folder made if it is not there
     * @param threads how many threads may render, at least 1
     * @return the files written, in the order of the slices
     * @throws IOException if a file cannot be written
     */
    public static List<Path> write(
            HeadPhantom phantom, VolumeGeometry grid, Path folder, int threads) throws IOException {
        Files.createDirectories(folder);
        PhantomWriter writer = new PhantomWriter(phantom, grid);
        List<Path> files = new ArrayList<>();
        try {
            phantom.render(
                    grid,
                    threads,
                    (k, hu, labels) -> {
                        Path file = folder.resolve("IM%04d.dcm".formatted(k));
                        try {
                            writer.writeSlice(file, k, hu);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        files.add(file);
                    });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return files;
    }

    /**
     * Writes what is known of both joints as JSON: centres and tops of the condyles (LPS mm) and
     * the five joint spaces (mm) by the names of the field.
     *
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if this head has no mandible
     */
    public static void writeTruth(HeadPhantom phantom, Path file) throws IOException {
        List<String> sides = new ArrayList<>();
        for (Side side : Side.values()) {
            JointTruth t = phantom.truth(side);
            sides.add(
                    String.format(
                            Locale.ROOT,
                            "  \"%s\": {\"centre\": %s, \"top\": %s, \"AJS\": %.3f, \"SJS\": %.3f,"
                                    + " \"PJS\": %.3f, \"MJS\": %.3f, \"LJS\": %.3f}",
                            side,
                            json(t.centre()),
                            json(t.top()),
                            t.anterior().mm(),
                            t.superior().mm(),
                            t.posterior().mm(),
                            t.medial().mm(),
                            t.lateral().mm()));
        }
        Files.writeString(file, "{\n" + String.join(",\n", sides) + "\n}\n");
    }

    private static String json(Vec3 p) {
        return String.format(Locale.ROOT, "[%.3f, %.3f, %.3f]", p.x(), p.y(), p.z());
    }

    private void writeSlice(Path file, int k, short[] hu) throws IOException {
        String instance = uid("instance " + k);
        Elements meta = new Elements();
        meta.bytes(0x00020001, "OB", new byte[] {0, 1});
        meta.text(0x00020002, "UI", CT_IMAGE_STORAGE);
        meta.text(0x00020003, "UI", instance);
        meta.text(0x00020010, "UI", EXPLICIT_VR_LITTLE_ENDIAN);
        meta.text(0x00020012, "UI", IMPLEMENTATION);
        meta.text(0x00020013, "SH", "NEGVOL_PHANTOM");
        byte[] metaBytes = meta.encode();
        Elements length = new Elements();
        length.bytes(0x00020000, "UL", int32(metaBytes.length));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(new byte[128]);
            out.write("DICM".getBytes(StandardCharsets.US_ASCII));
            out.write(length.encode());
            out.write(metaBytes);
            out.write(dataset(k, instance, hu).encode());
        }
    }

    private Elements dataset(int k, String instance, short[] hu) {
        Vec3 row = grid.indexToPatient().step(0).normalised();
        Vec3 column = grid.indexToPatient().step(1).normalised();
        Vec3 normal = row.cross(column);
        Vec3 position = grid.toPatient(0, 0, k);
        double distance = Math.abs(grid.indexToPatient().step(2).dot(normal));
        double tilt = Math.toDegrees(Math.atan2(column.z(), column.y()));
        long seed = phantom.parameters().seed();
        Elements e = new Elements();
        e.text(0x00080005, "CS", "ISO_IR 100");
        e.text(0x00080008, "CS", "ORIGINAL", "PRIMARY", "AXIAL");
        e.text(0x00080016, "UI", CT_IMAGE_STORAGE);
        e.text(0x00080018, "UI", instance);
        e.text(0x00080020, "DA", "20260101");
        e.text(0x00080021, "DA", "20260101");
        e.text(0x00080022, "DA", "20260101");
        e.text(0x00080023, "DA", "20260101");
        e.text(0x00080030, "TM", "120000");
        e.text(0x00080031, "TM", "120000");
        e.text(0x00080032, "TM", "120000");
        e.text(0x00080033, "TM", "120000");
        e.text(0x00080050, "SH", "");
        e.text(0x00080060, "CS", "CT");
        e.text(0x00080070, "LO", "negvol");
        e.text(0x00080090, "PN", "");
        e.text(0x00081030, "LO", "Phantom head");
        e.text(0x0008103E, "LO", "Phantom, bone, seed " + seed);
        e.text(0x00081090, "LO", "HeadPhantom");
        e.text(0x00100010, "PN", "PHANTOM^SEED" + seed);
        e.text(0x00100020, "LO", "PHANTOM-" + seed);
        e.text(0x00100030, "DA", "");
        e.text(0x00100040, "CS", "O");
        e.text(0x00180015, "CS", "HEAD");
        e.text(0x00180050, "DS", number(distance));
        e.text(0x00180060, "DS", "120");
        e.text(0x00181020, "LO", "1");
        e.text(0x00181120, "DS", number(tilt));
        e.text(0x00181210, "SH", "BONE");
        e.text(0x00185100, "CS", "HFS");
        e.text(0x0020000D, "UI", uid("study"));
        e.text(0x0020000E, "UI", uid("series"));
        e.text(0x00200010, "SH", Long.toString(Math.floorMod(seed, 1_000_000_000L)));
        e.text(0x00200011, "IS", "1");
        e.text(0x00200012, "IS", "1");
        e.text(0x00200013, "IS", Integer.toString(k + 1));
        e.text(0x00200032, "DS", numbers(position.x(), position.y(), position.z()));
        e.text(
                0x00200037,
                "DS",
                numbers(row.x(), row.y(), row.z(), column.x(), column.y(), column.z()));
        e.text(0x00200052, "UI", uid("frame of reference"));
        e.text(0x00201040, "LO", "");
        e.text(0x00201041, "DS", number(position.dot(normal)));
        e.number(0x00280002, 1);
        e.text(0x00280004, "CS", "MONOCHROME2");
        e.number(0x00280010, grid.rows());
        e.number(0x00280011, grid.columns());
        e.text(0x00280030, "DS", numbers(grid.spacingMm(1), grid.spacingMm(0)));
        e.number(0x00280100, 16);
        e.number(0x00280101, 12);
        e.number(0x00280102, 11);
        e.number(0x00280103, 0);
        e.text(0x00280301, "CS", "NO");
        e.text(0x00281050, "DS", "500");
        e.text(0x00281051, "DS", "2500");
        e.text(0x00281052, "DS", "-1024");
        e.text(0x00281053, "DS", "1");
        e.text(0x00281054, "LO", "HU");
        byte[] pixels = new byte[2 * hu.length];
        for (int i = 0; i < hu.length; i++) {
            int stored = hu[i] + 1024;
            pixels[2 * i] = (byte) stored;
            pixels[2 * i + 1] = (byte) (stored >>> 8);
        }
        e.bytes(0x7FE00010, "OW", pixels);
        return e;
    }

    /** A UID under 2.25 (PS3.5 B.2) from the scan and a role. */
    private String uid(String role) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest((scan + "|" + role).getBytes(StandardCharsets.UTF_8));
            byte[] uuid = Arrays.copyOf(hash, 16);
            uuid[6] = (byte) ((uuid[6] & 0x0F) | 0x80);
            uuid[8] = (byte) ((uuid[8] & 0x3F) | 0x80);
            return "2.25." + new BigInteger(1, uuid);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String[] numbers(double... values) {
        return Arrays.stream(values).mapToObj(PhantomWriter::number).toArray(String[]::new);
    }

    /** A decimal string of at most 16 characters (PS3.5 6.2). */
    private static String number(double value) {
        BigDecimal d =
                new BigDecimal(value, new MathContext(10))
                        .setScale(7, java.math.RoundingMode.HALF_EVEN);
        return d.signum() == 0 ? "0" : d.stripTrailingZeros().toPlainString();
    }

    private static byte[] int32(int v) {
        return new byte[] {(byte) v, (byte) (v >>> 8), (byte) (v >>> 16), (byte) (v >>> 24)};
    }

    /** Data elements in the order of their tags, encoded in explicit VR little endian. */
    private static final class Elements {
        private final TreeMap<Integer, byte[]> encoded = new TreeMap<>(Integer::compareUnsigned);

        void text(int tag, String vr, String... values) {
            String joined = String.join("\\", values);
            byte[] b = joined.getBytes(StandardCharsets.ISO_8859_1);
            if (b.length % 2 != 0) {
                b = Arrays.copyOf(b, b.length + 1);
                b[b.length - 1] = (byte) (vr.equals("UI") ? 0 : ' ');
            }
            bytes(tag, vr, b);
        }

        void number(int tag, int value) {
            bytes(tag, "US", new byte[] {(byte) value, (byte) (value >>> 8)});
        }

        void bytes(int tag, String vr, byte[] value) {
            boolean longForm = vr.equals("OB") || vr.equals("OW");
            byte[] element = new byte[(longForm ? 12 : 8) + value.length];
            ByteBuffer b = ByteBuffer.wrap(element).order(ByteOrder.LITTLE_ENDIAN);
            b.putShort((short) (tag >>> 16)).putShort((short) tag);
            b.put(vr.getBytes(StandardCharsets.US_ASCII));
            if (longForm) {
                b.putShort((short) 0).putInt(value.length);
            } else {
                b.putShort((short) value.length);
            }
            b.put(value);
            encoded.put(tag, element);
        }

        byte[] encode() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            encoded.values().forEach(all::writeBytes);
            return all.toByteArray();
        }
    }
}
