package org.negvol.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.Landmark;
import org.negvol.measure.Measure;
import org.negvol.measure.Measurement;
import org.negvol.measure.QualityFlag;
import org.negvol.measure.SymmetryMeasures;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.IsoSurface;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VolumeGeometry;

/**
 * Results with known answers: in each joint a ball of 6 mm (the condyle) on a neck, under a hollow
 * of 9 mm in a block of bone; the negative volume is the upper part of the shell between them.
 */
final class ExampleResults {

    static final double BALL_MM = 6;
    static final double HOLLOW_MM = 9;
    static final Vec3 LEFT = new Vec3(50.3, -2.1, 31.7);
    static final Vec3 RIGHT = new Vec3(-49.2, -1.4, 32.2);

    private ExampleResults() {}

    static Vec3 centre(Side side) {
        return side == Side.LEFT ? LEFT : RIGHT;
    }

    /** Axial slices of any size round both joints. */
    static VolumeGeometry axial(int columns, int rows, int slices, double pixelMm, double sliceMm) {
        Vec3 middle = LEFT.plus(RIGHT).times(0.5);
        return VolumeGeometryAround.of(
                columns,
                rows,
                slices,
                new Vec3(pixelMm, 0, 0),
                new Vec3(0, pixelMm, 0),
                new Vec3(0, 0, sliceMm),
                middle);
    }

    /** Axial slices that lean by the gantry's tilt: a shear. */
    static VolumeGeometry tilted(double degrees) {
        double a = Math.toRadians(degrees);
        return VolumeGeometryAround.of(
                211,
                107,
                40,
                new Vec3(0.8, 0, 0),
                new Vec3(0, 0.8 * Math.cos(a), 0.8 * Math.sin(a)),
                new Vec3(0, 0, 1.5),
                LEFT.plus(RIGHT).times(0.5));
    }

    /** Sagittal slices: columns run to the back, rows downwards, slices to the left. */
    static VolumeGeometry sagittal() {
        return VolumeGeometryAround.of(
                101,
                93,
                70,
                new Vec3(0, 0.7, 0),
                new Vec3(0, 0, -0.7),
                // Row × column points to the right; the stack's determinant stays positive.
                new Vec3(-2, 0, 0),
                LEFT.plus(RIGHT).times(0.5));
    }

    private static final class VolumeGeometryAround {
        static VolumeGeometry of(
                int columns, int rows, int slices, Vec3 i, Vec3 j, Vec3 k, Vec3 middle) {
            Vec3 origin =
                    middle.minus(i.times((columns - 1) / 2.0))
                            .minus(j.times((rows - 1) / 2.0))
                            .minus(k.times((slices - 1) / 2.0));
            return new VolumeGeometry(
                    columns, rows, slices, Affine.ofColumns(i, j, k, rounded(origin)));
        }

        private static Vec3 rounded(Vec3 p) {
            return new Vec3(
                    Math.round(p.x() * 100) / 100.0,
                    Math.round(p.y() * 100) / 100.0,
                    Math.round(p.z() * 100) / 100.0);
        }
    }

    /** SOP Instance UID of {@link #enhanced}. */
    static final String ENHANCED_UID = "2.25.77";

    /** A CT series on a grid, as a scanner writes it, with a patient whose name is not ASCII. */
    static SourceSeries source(VolumeGeometry grid) {
        String scan = grid.toString();
        List<SourceImage> images = new ArrayList<>();
        for (int k = 0; k < grid.slices(); k++) {
            Attributes ds = header(grid, scan, k);
            images.add(
                    new SourceImage(
                            UID.CTImageStorage, ds.getString(Tag.SOPInstanceUID, ""), 0, ds));
        }
        return new SourceSeries(images.getFirst().header(), images);
    }

    private static Attributes header(VolumeGeometry grid, String scan, int k) {
        Vec3 row = grid.indexToPatient().step(0).normalised();
        Vec3 column = grid.indexToPatient().step(1).normalised();
        Vec3 at = grid.toPatient(0, 0, k);
        Attributes ds = new Attributes();
        ds.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100");
        ds.setString(Tag.ImageType, VR.CS, "ORIGINAL", "PRIMARY", "AXIAL");
        ds.setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage);
        ds.setString(Tag.SOPInstanceUID, VR.UI, UIDUtils.createNameBasedUID(scan, "image", "" + k));
        ds.setString(Tag.StudyDate, VR.DA, "20240229");
        ds.setString(Tag.SeriesDate, VR.DA, "20240229");
        ds.setString(Tag.AcquisitionDate, VR.DA, "20240229");
        ds.setString(Tag.ContentDate, VR.DA, "20240229");
        ds.setString(Tag.StudyTime, VR.TM, "101112");
        ds.setString(Tag.ContentTime, VR.TM, "101315.25");
        ds.setString(Tag.AccessionNumber, VR.SH, "A-77");
        ds.setString(Tag.Modality, VR.CS, "CT");
        ds.setString(Tag.Manufacturer, VR.LO, "Example Scanners");
        ds.setString(Tag.InstitutionName, VR.LO, "Universitätsklinik Köln");
        ds.setString(Tag.ReferringPhysicianName, VR.PN, "Günther^Jörg");
        ds.setString(Tag.StudyDescription, VR.LO, "CT Kiefergelenk");
        ds.setString(Tag.SeriesDescription, VR.LO, "0.4 mm Knochen");
        ds.setString(Tag.ManufacturerModelName, VR.LO, "Example 64");
        ds.setString(Tag.PatientName, VR.PN, "Müller^Änne");
        ds.setString(Tag.PatientID, VR.LO, "P-4711");
        ds.setString(Tag.PatientBirthDate, VR.DA, "19700102");
        ds.setString(Tag.PatientSex, VR.CS, "F");
        ds.setString(Tag.PatientAge, VR.AS, "054Y");
        ds.setDouble(Tag.SliceThickness, VR.DS, grid.spacingMm(2));
        ds.setString(Tag.KVP, VR.DS, "120");
        ds.setString(Tag.PatientPosition, VR.CS, "HFS");
        ds.setString(Tag.StudyInstanceUID, VR.UI, UIDUtils.createNameBasedUID(scan, "study"));
        ds.setString(Tag.SeriesInstanceUID, VR.UI, UIDUtils.createNameBasedUID(scan, "series"));
        ds.setString(Tag.StudyID, VR.SH, "4711");
        ds.setInt(Tag.SeriesNumber, VR.IS, 3);
        ds.setInt(Tag.AcquisitionNumber, VR.IS, 1);
        ds.setInt(Tag.InstanceNumber, VR.IS, k + 1);
        ds.setString(Tag.ImagePositionPatient, VR.DS, decimals(at));
        ds.setString(Tag.ImageOrientationPatient, VR.DS, concat(decimals(row), decimals(column)));
        ds.setString(Tag.FrameOfReferenceUID, VR.UI, UIDUtils.createNameBasedUID(scan, "frame"));
        ds.setString(Tag.PositionReferenceIndicator, VR.LO, "");
        ds.setInt(Tag.SamplesPerPixel, VR.US, 1);
        ds.setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2");
        ds.setInt(Tag.Rows, VR.US, grid.rows());
        ds.setInt(Tag.Columns, VR.US, grid.columns());
        // As some scanners write it: more digits than needed, and a trailing zero.
        ds.setString(
                Tag.PixelSpacing,
                VR.DS,
                decimal(grid.spacingMm(1)) + "00",
                decimal(grid.spacingMm(0)) + "00");
        ds.setInt(Tag.BitsAllocated, VR.US, 16);
        ds.setInt(Tag.BitsStored, VR.US, 16);
        ds.setInt(Tag.HighBit, VR.US, 15);
        ds.setInt(Tag.PixelRepresentation, VR.US, 1);
        ds.setString(Tag.RescaleIntercept, VR.DS, "0");
        ds.setString(Tag.RescaleSlope, VR.DS, "1");
        ds.setString(Tag.RescaleType, VR.LO, "HU");
        return ds;
    }

    private static String[] concat(String[] a, String[] b) {
        String[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static String[] decimals(Vec3 v) {
        return new String[] {decimal(v.x()), decimal(v.y()), decimal(v.z())};
    }

    private static String decimal(double v) {
        return BigDecimal.valueOf(v).setScale(8, RoundingMode.HALF_EVEN).toPlainString();
    }

    static final List<ModelIdentity> MODELS =
            List.of(
                    new ModelIdentity("localizer", "1", "a".repeat(64), "Apache-2.0", "phantoms"),
                    new ModelIdentity("joint", "2", "b".repeat(64), "Apache-2.0", "phantoms"));

    /** Both joints of a scan, all measures, two flags. */
    static StudyResult both(VolumeGeometry grid) {
        return of(grid, Side.LEFT, Side.RIGHT);
    }

    static StudyResult of(VolumeGeometry grid, Side... sides) {
        List<JointResult> joints = Arrays.stream(sides).map(ExampleResults::joint).toList();
        return new StudyResult(
                source(grid),
                grid,
                joints,
                joints.size() == 2 ? symmetry() : null,
                joints.size() == 2
                        ? List.of()
                        : List.of(
                                new QualityFlag(
                                        QualityFlag.Reason.JOINT_CUT_BY_FIELD_OF_VIEW,
                                        sides[0].opposite(),
                                        "The field of view ends 3 mm beside the joint – no number"
                                                + " is given.")),
                MODELS,
                joints.size() == 2
                        ? new Outcome.Done("Both joints were measured.")
                        : new Outcome.Degraded("One joint was measured, the other is cut."),
                "0.1.0");
    }

    /** A scan that shows nothing to measure. */
    static StudyResult refusal(VolumeGeometry grid) {
        return new StudyResult(
                source(grid),
                grid,
                List.of(),
                null,
                List.of(
                        new QualityFlag(
                                QualityFlag.Reason.NO_MANDIBLE,
                                null,
                                "The scan shows a skull without a mandible.")),
                MODELS,
                new Outcome.NotApplicable("The scan shows no mandible, so there is no joint."),
                "0.1.0");
    }

    /** The same result of a scan whose images have other headers. */
    static StudyResult withHeaders(StudyResult result, Consumer<Attributes> change) {
        List<SourceImage> images = new ArrayList<>();
        for (SourceImage image : result.source().images()) {
            Attributes header = new Attributes(image.header());
            change.accept(header);
            images.add(new SourceImage(image.sopClassUid(), image.sopInstanceUid(), 0, header));
        }
        return withImages(result, images);
    }

    private static StudyResult withImages(StudyResult result, List<SourceImage> images) {
        return new StudyResult(
                new SourceSeries(images.getFirst().header(), images),
                result.geometry(),
                result.joints(),
                result.symmetry(),
                result.flags(),
                result.models(),
                result.outcome(),
                result.pipelineVersion());
    }

    /**
     * The same result of a scan that came as one Enhanced CT Image.
     *
     * @param before frames of the object before the first that belongs to the volume
     */
    static StudyResult enhanced(StudyResult result, int before) {
        int slices = result.source().images().size();
        List<SourceImage> images = new ArrayList<>();
        for (SourceImage image : result.source().images()) {
            Attributes header = new Attributes(image.header());
            header.setString(Tag.SOPClassUID, VR.UI, UID.EnhancedCTImageStorage);
            header.setString(Tag.SOPInstanceUID, VR.UI, ENHANCED_UID);
            header.setInt(Tag.NumberOfFrames, VR.IS, before + slices);
            images.add(
                    new SourceImage(
                            UID.EnhancedCTImageStorage,
                            ENHANCED_UID,
                            before + images.size() + 1,
                            header));
        }
        return withImages(result, images);
    }

    /** Where something went wrong before there was a volume. */
    static StudyResult failure(VolumeGeometry grid) {
        return new StudyResult(
                source(grid),
                null,
                List.of(),
                null,
                List.of(),
                MODELS,
                new Outcome.Failed("An image of the series cannot be decoded."),
                "0.1.0");
    }

    private static final Map<Side, JointResult> JOINTS = new ConcurrentHashMap<>();

    /** Computed once; nothing changes it. */
    static JointResult joint(Side side) {
        return JOINTS.computeIfAbsent(side, ExampleResults::compute);
    }

    private static JointResult compute(Side side) {
        JointSurfaces surfaces = surfaces(side);
        ScalarVolume hu =
                new ScalarVolume(
                        surfaces.condyleMm().geometry(),
                        new float[surfaces.condyleMm().values().length]);
        SegmentedJoint segmented =
                new SegmentedJoint(
                        side,
                        hu,
                        new byte[hu.values().length],
                        surfaces.condyleMm(),
                        surfaces.temporalMm(),
                        0.93,
                        0.88);
        return new JointResult(side, segmented, surfaces, measures(side), SentMeshes.of(surfaces));
    }

    static double condyleMm(Vec3 p, Side side) {
        Vec3 d = p.minus(centre(side));
        double ball = d.norm() - BALL_MM;
        double neck = Math.max(Math.hypot(d.x(), d.y()) - 3, d.z());
        return Math.max(Math.min(ball, neck), -9 - d.z());
    }

    static double temporalMm(Vec3 p, Side side) {
        Vec3 d = p.minus(centre(side));
        double block =
                Math.max(
                        Math.max(Math.abs(d.x()) - 14, Math.abs(d.y()) - 15),
                        Math.max(1 - d.z(), d.z() - 13));
        return Math.max(block, HOLLOW_MM - d.norm());
    }

    static double negativeMm(Vec3 p, Side side) {
        Vec3 d = p.minus(centre(side));
        return Math.max(Math.max(d.norm() - HOLLOW_MM, BALL_MM - d.norm()), 1 - d.z());
    }

    private static JointSurfaces surfaces(Side side) {
        VolumeGeometry voi = VoiGrid.around(centre(side).plus(new Vec3(0.13, -0.07, 0.05)));
        ScalarVolume condyle = field(voi, p -> condyleMm(p, side));
        ScalarVolume temporal = field(voi, p -> temporalMm(p, side));
        ScalarVolume negative = field(voi, p -> negativeMm(p, side));
        ScalarVolume fraction =
                field(voi, p -> Math.clamp(0.5 - negativeMm(p, side) / VoiGrid.SPACING_MM, 0, 1));
        TriangleMesh between = IsoSurface.extract(negative, 0);
        return new JointSurfaces(
                side,
                IsoSurface.extract(condyle, 0),
                IsoSurface.extract(temporal, 0),
                IsoSurface.extract(field(voi, p -> p.minus(centre(side)).norm() - HOLLOW_MM), 0),
                between,
                MeshMeasures.areaMm2(between),
                fraction,
                condyle,
                temporal,
                new Vec3(0, 0, 1),
                centre(side).plus(new Vec3(0, 0, -9)),
                0.6,
                0.1,
                0.3,
                0.0,
                NegativeVolumeParameters.DEFAULT);
    }

    private static ScalarVolume field(VolumeGeometry grid, ToDoubleFunction<Vec3> at) {
        float[] values = new float[Math.toIntExact(grid.voxelCount())];
        for (int k = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    values[grid.index(i, j, k)] = (float) at.applyAsDouble(grid.toPatient(i, j, k));
                }
            }
        }
        return new ScalarVolume(grid, values);
    }

    private static final EnumSet<Measure> BILATERAL =
            EnumSet.range(Measure.SYMMETRY_RATIO, Measure.WASSERSTEIN_DISTANCE);

    private static JointMeasures measures(Side side) {
        List<Measurement> all = new ArrayList<>();
        Vec3 c = centre(side);
        for (Measure m : EnumSet.complementOf(BILATERAL)) {
            boolean drawn = m.ucum().equals("mm") && m.name().endsWith("_SPACE");
            all.add(
                    new Measurement(
                            m,
                            1.0 / 3 + m.ordinal(),
                            drawn
                                    ? List.of(
                                            c.plus(new Vec3(0, 0, BALL_MM)),
                                            c.plus(new Vec3(0, 0, HOLLOW_MM)))
                                    : List.of()));
        }
        List<Landmark> landmarks = new ArrayList<>();
        for (Landmark.Kind kind : Landmark.Kind.values()) {
            landmarks.add(new Landmark(kind, c.plus(new Vec3(kind.ordinal(), 0, 0))));
        }
        return new JointMeasures(
                side,
                all,
                List.of(
                        new QualityFlag(
                                QualityFlag.Reason.REACH_LIMIT,
                                side,
                                "12 % of the surface ends at the reach of 5.0 mm.")),
                landmarks,
                null,
                null,
                null);
    }

    private static SymmetryMeasures symmetry() {
        return new SymmetryMeasures(
                BILATERAL.stream().map(m -> new Measurement(m, 1.0625, List.of())).toList(), 0.41);
    }
}
