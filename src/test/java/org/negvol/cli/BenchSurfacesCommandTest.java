package org.negvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.segmentation.BoneSurfaces;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import picocli.CommandLine;

/** What {@code negvol bench surfaces} promises: joints as they come, and no fault overlooked. */
class BenchSurfacesCommandTest {

    @Test
    void everyFaultOfASurfaceIsFoundAndASoundJointHasNone() {
        JointSample sample =
                JointSample.of(HeadPhantom.of(PhantomParameters.random(7)), Side.RIGHT, 0.6, 1);
        SegmentedJoint bones =
                BoneSurfaces.refine(
                        sample.hu(),
                        sample.owner(),
                        sample.pCondyle(),
                        sample.pTemporal(),
                        sample.side());
        JointSurfaceResult result =
                NegativeVolume.compute(
                        sample.side(),
                        bones.condyleMm(),
                        bones.temporalMm(),
                        sample.centreMm(),
                        NegativeVolumeParameters.DEFAULT);
        assertThat(result).isInstanceOf(JointSurfaceResult.Computed.class);
        JointSurfaces sound = ((JointSurfaceResult.Computed) result).surfaces();
        assertThat(JointFaults.of(sound)).isEmpty();

        TriangleMesh negative = sound.negativeVolume();
        int[] open = Arrays.copyOf(negative.triangles(), 3 * negative.triangleCount() - 3);
        assertThat(JointFaults.of(with(sound, new TriangleMesh(negative.xyzMm(), open))))
                .contains("the negative volume is not closed");
        int[] inward = negative.triangles().clone();
        for (int t = 0; t < inward.length; t += 3) {
            int v = inward[t];
            inward[t] = inward[t + 1];
            inward[t + 1] = v;
        }
        assertThat(JointFaults.of(with(sound, new TriangleMesh(negative.xyzMm(), inward))))
                .contains("the negative volume is not oriented outwards");
        // A vertex on the other side of the whole joint.
        double[] spike = negative.xyzMm().clone();
        spike[2] += 25;
        assertThat(JointFaults.of(with(sound, new TriangleMesh(spike, negative.triangles()))))
                .anyMatch(f -> f.startsWith("the negative volume passes through itself"));
        double[] deep = negative.xyzMm().clone();
        for (int v = 2; v < deep.length; v += 3) {
            deep[v] += 0.5;
        }
        assertThat(JointFaults.of(with(sound, new TriangleMesh(deep, negative.triangles()))))
                .anyMatch(f -> f.endsWith("mm deep in the temporal bone"));
    }

    private static JointSurfaces with(JointSurfaces j, TriangleMesh negative) {
        return new JointSurfaces(
                j.side(),
                j.condyle(),
                j.temporalBone(),
                j.inflated(),
                negative,
                MeshMeasures.areaMm2(negative),
                j.negativeFraction(),
                j.condyleMm(),
                j.temporalMm(),
                j.condyleAxis(),
                j.neckCutPoint(),
                j.contactShare(),
                j.reachShare(),
                j.mouthShare(),
                j.fieldOfViewShare(),
                j.parameters());
    }

    @Test
    void itSaysWhatIsWrongWithItsOptions() {
        StringWriter out = new StringWriter();
        CommandLine line = NegvolCommand.commandLine();
        line.setErr(new PrintWriter(out));
        assertThat(line.execute("bench", "surfaces", "--spacing", "3")).isEqualTo(1);
        assertThat(out.toString()).contains("--spacing must be 0.2 to 1 mm");
    }
}
