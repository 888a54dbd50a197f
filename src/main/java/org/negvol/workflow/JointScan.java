package org.negvol.workflow;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * The CT round one joint.
 *
 * @param volume HU
 */
public record JointScan(ScalarVolume volume) {

    /**
     * Writes it as NRRD (teem.sourceforge.net/nrrd): a short text header with the geometry in LPS
     * mm, an empty line, and the voxels as signed 16-bit numbers, little endian, the column
     * fastest.
     */
    public void writeNrrd(OutputStream out) throws IOException {
        VolumeGeometry g = volume.geometry();
        String header =
                """
                NRRD0004
                type: short
                dimension: 3
                space: left-posterior-superior
                sizes: %d %d %d
                space directions: %s %s %s
                kinds: domain domain domain
                endian: little
                encoding: raw
                space origin: %s

                """
                        .formatted(
                                g.columns(),
                                g.rows(),
                                g.slices(),
                                vector(g.indexToPatient().step(0)),
                                vector(g.indexToPatient().step(1)),
                                vector(g.indexToPatient().step(2)),
                                vector(g.indexToPatient().origin()));
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        int plane = g.columns() * g.rows();
        ByteBuffer bytes = ByteBuffer.allocate(2 * plane).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < g.slices(); k++) {
            bytes.clear();
            for (int i = 0; i < plane; i++) {
                float hu = volume.values()[k * plane + i];
                bytes.putShort(
                        (short) Math.clamp(Math.round(hu), Short.MIN_VALUE, Short.MAX_VALUE));
            }
            out.write(bytes.array());
        }
    }

    private static String vector(Vec3 v) {
        return String.format(Locale.ROOT, "(%.6f,%.6f,%.6f)", v.x(), v.y(), v.z());
    }
}
