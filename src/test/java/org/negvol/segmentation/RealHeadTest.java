package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.negvol.RealScans;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.segmentation.JointLocation.Missing;
import org.negvol.segmentation.JointLocation.Why;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Side;
import org.negvol.volume.SliceHeader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Real scans, never trained on: two series of one head, and a skull without a mandible. */
class RealHeadTest {

    /** The middle of the largest of the condyles' hand-drawn axial sections. */
    private static final Map<Side, Vec3> CONDYLES =
            Map.of(
                    Side.LEFT, new Vec3(55.6, 2.4, -555.5),
                    Side.RIGHT, new Vec3(-43.2, 9.7, -561.5));

    private static @Nullable Map<Side, SegmentedJoint> fine;

    /** The joints of the fused series, 0.5 mm; found once. */
    private static Map<Side, SegmentedJoint> fine() throws IOException {
        if (fine == null) {
            fine = segment(series(RealScans.files("head-fused")));
        }
        return fine;
    }

    private static CtSeries series(List<Path> files) {
        List<SliceHeader> headers = new ArrayList<>();
        for (Path file : files) {
            Attributes a = RealScans.header(file);
            if (a.getString(Tag.Modality, "").equals("CT")) {
                headers.add(CtImageFile.header(a, file.toString()));
            }
        }
        assertThat(SliceStack.of(headers)).isInstanceOf(SliceStack.Stack.class);
        return new CtSeries((SliceStack.Stack) SliceStack.of(headers), CtImageFile.files());
    }

    private static Map<Side, SegmentedJoint> segment(CtSeries series) throws IOException {
        Localization where = Models.EMBEDDED.localizer().locate(series);
        Map<Side, SegmentedJoint> joints = new EnumMap<>(Side.class);
        for (JointLocation.Found found : where.found()) {
            if (Models.EMBEDDED.segmenter().segment(series, where.intensity(), found)
                    instanceof SegmentedJoint joint) {
                joints.put(found.side(), joint);
            }
        }
        return joints;
    }

    /** Height of the joint space over the condyle's highest point. */
    private static double superiorSpaceMm(SegmentedJoint joint) {
        VolumeGeometry g = joint.hu().geometry();
        Vec3 centre =
                g.toPatient((g.columns() - 1) / 2.0, (g.rows() - 1) / 2.0, (g.slices() - 1) / 2.0);
        double top = Double.NEGATIVE_INFINITY;
        double space = Double.NaN;
        for (double x = -6; x <= 6; x += 0.4) {
            for (double y = -6; y <= 6; y += 0.4) {
                for (double z = 15; z > -5; z -= 0.1) {
                    Vec3 p = centre.plus(new Vec3(x, y, z));
                    if (joint.condyleMm().sample(p) < 0) {
                        if (p.z() > top) {
                            top = p.z();
                            space = joint.temporalMm().sample(p);
                        }
                        break;
                    }
                }
            }
        }
        return space;
    }

    @Test
    void bothJointsAreFoundInFineAndInThickSlicesAndAgree() throws IOException {
        Map<Side, SegmentedJoint> fine = fine();
        Map<Side, SegmentedJoint> thick =
                segment(
                        series(
                                RealScans.seriesDescribed(
                                        "head-toshiba", "Sagittal Brain/Sagittal Head 3.0")));
        for (Side side : Side.values()) {
            for (Map<Side, SegmentedJoint> joints : List.of(fine, thick)) {
                SegmentedJoint joint = joints.get(side);
                assertThat(joint).as("the %s joint", side).isNotNull();
                Vec3 centre =
                        CondyleCentre.of(joint.hu().geometry(), joint.owner(), CONDYLES.get(side));
                assertThat(centre).isNotNull();
                assertThat(centre.distanceTo(CONDYLES.get(side))).isLessThan(2);
                assertThat(superiorSpaceMm(joint)).isBetween(1.0, 5.0);
                assertThat(joint.clearShare()).isGreaterThan(0.85);
            }
            // The fossa's roof runs along the sagittal slices' own plane: 3 mm do not blur it.
            assertThat(superiorSpaceMm(thick.get(side)))
                    .isCloseTo(superiorSpaceMm(fine.get(side)), within(0.4));
        }
    }

    @Test
    void outlinesOfTheFineSeriesLieOnTheBones() throws IOException {
        for (SegmentedJoint joint : fine().values()) {
            float[] hu = joint.hu().values();
            double inside = 0;
            double beside = 0;
            int in = 0;
            int out = 0;
            for (int o = 0; o < hu.length; o++) {
                double c = joint.condyleMm().values()[o];
                if (c > -1 && c < -0.4) {
                    inside += hu[o];
                    in++;
                } else if (c > 0.6 && c < 1.2 && joint.temporalMm().values()[o] > 0.6) {
                    beside += hu[o];
                    out++;
                }
            }
            assertThat(inside / in).isGreaterThan(450);
            assertThat(beside / out).isLessThan(150);
        }
    }

    @Test
    void aSkullWithoutAMandibleHasNoJoint() throws IOException {
        Localization where =
                Models.EMBEDDED
                        .localizer()
                        .locate(series(RealScans.files("skull-phantom/tilt-2.5mm")));
        for (Side side : Side.values()) {
            assertThat(where.joint(side)).isInstanceOf(Missing.class);
            assertThat(((Missing) where.joint(side)).why()).isEqualTo(Why.NO_MANDIBLE);
        }
    }
}
