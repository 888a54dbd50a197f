package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

class JointScanTest {

    @Test
    void headerSaysWhereTheVoxelsLieAndTheyFollow() throws IOException {
        float[] hu = {-1024, 0.6f, 40, 3071, 70_000, -70_000};
        JointScan scan =
                new JointScan(
                        new ScalarVolume(
                                VolumeGeometry.axisAligned(3, 2, 1, 0.4, new Vec3(-12.5, 3, 900)),
                                hu));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        scan.writeNrrd(out);

        byte[] file = out.toByteArray();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n") + 2;
        assertThat(text.substring(0, end).lines())
                .startsWith("NRRD0004")
                .contains(
                        "type: short",
                        "endian: little",
                        "encoding: raw",
                        "space: left-posterior-superior",
                        "sizes: 3 2 1",
                        "space directions: (0.400000,0.000000,0.000000)"
                                + " (0.000000,0.400000,0.000000) (0.000000,0.000000,0.400000)",
                        "space origin: (-12.500000,3.000000,900.000000)");
        short[] voxels = new short[6];
        ByteBuffer.wrap(Arrays.copyOfRange(file, end, file.length))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .get(voxels);
        assertThat(voxels).containsExactly(-1024, 1, 40, 3071, Short.MAX_VALUE, Short.MIN_VALUE);
        assertThat(file).hasSize(end + 12);
    }
}
