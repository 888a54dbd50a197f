package org.negvol.report;

import static org.negvol.report.ContentItem.Relationship.CONTAINS;
import static org.negvol.report.ContentItem.Relationship.HAS_ACQ_CONTEXT;
import static org.negvol.report.ContentItem.Relationship.HAS_CONCEPT_MOD;
import static org.negvol.report.ContentItem.Relationship.HAS_OBS_CONTEXT;
import static org.negvol.report.ContentItem.Relationship.HAS_PROPERTIES;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.measure.Landmark;
import org.negvol.measure.Measurement;
import org.negvol.measure.QualityFlag;
import org.negvol.measure.SymmetryMeasures;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Writes the Comprehensive 3D SR (PS3.3 A.35.13) by TID 1500.
 *
 * <p>One TID 1411 group a segment; a TID 1501 group a joint for what no single segment owns; a TID
 * 1501 group for both joints, since a TID 1411 group references one segment only (dcmqi issue 392).
 * What viewers trip over is kept: an image library with a group; a tracking UID in every group
 * before any other UID; a child in every NUM (OHIF dereferences them unchecked); points and lines
 * in groups of their own, after all others. A refusal holds one group without numbers, so that the
 * container that viewers look for is there.
 */
final class MeasurementReport {

    private final StudyResult result;
    private final ResultIdentity identity;
    private final CommonModules modules;
    private final List<Segment> segments;
    private final @Nullable ResultObject segmentation;
    private final @Nullable ResultObject surfaces;
    private final ReportOptions options;
    private final List<EarlierReport> earlier;
    private final NormalValues normalValues;
    private final AlgorithmIdentification algorithm;

    MeasurementReport(
            StudyResult result,
            ResultIdentity identity,
            CommonModules modules,
            List<Segment> segments,
            @Nullable ResultObject segmentation,
            @Nullable ResultObject surfaces,
            ReportOptions options,
            List<EarlierReport> earlier,
            NormalValues normalValues) {
        this.earlier = List.copyOf(earlier);
        this.normalValues = normalValues;
        this.result = result;
        this.identity = identity;
        this.modules = modules;
        this.segments = segments;
        this.segmentation = segmentation;
        this.surfaces = surfaces;
        this.options = options;
        this.algorithm = AlgorithmIdentification.all(result);
    }

    ResultObject write() {
        Attributes ds = modules.start(ResultObject.Kind.STRUCTURED_REPORT);
        document(ds);
        ContentItem root = ContentItem.root(ds, Codes.IMAGING_MEASUREMENT_REPORT, "1500");
        root.code(HAS_CONCEPT_MOD, Codes.LANGUAGE, Codes.ENGLISH);
        DeviceObserver.describe(root, result, identity);
        root.code(HAS_CONCEPT_MOD, Codes.PROCEDURE_REPORTED, Codes.CT_UNSPECIFIED_BODY_REGION);
        imageLibrary(root);
        ContentItem measurements = root.container(CONTAINS, Codes.IMAGING_MEASUREMENTS);
        algorithm.describe(measurements, HAS_CONCEPT_MOD);
        if (result.joints().isEmpty()) {
            group(measurements, "1501", "Processing", PrivateCode.PROCESSING.code());
        }
        result.joints().forEach(joint -> joint(measurements, joint));
        if (result.symmetry() != null) {
            symmetry(measurements, result.symmetry());
        }
        if (options.spatialCoordinates()) {
            result.joints().forEach(joint -> places(measurements, joint));
        }
        evaluations(root);
        return new ResultObject(ResultObject.Kind.STRUCTURED_REPORT, ds);
    }

    /** SR Document General (C.17.2). */
    private void document(Attributes ds) {
        ds.setNull(Tag.ReferencedPerformedProcedureStepSequence, VR.SQ);
        predecessor(ds);
        ds.setString(Tag.CompletionFlag, VR.CS, "COMPLETE");
        ds.setString(Tag.VerificationFlag, VR.CS, "UNVERIFIED");
        ds.setNull(Tag.PerformedProcedureCodeSequence, VR.SQ);
        List<ResultObject> referenced = segmentation == null ? List.of() : List.of(segmentation);
        modules.evidence(
                ds,
                Tag.CurrentRequestedProcedureEvidenceSequence,
                result.source().images(),
                referenced);
        if (surfaces != null) {
            modules.evidence(ds, Tag.PertinentOtherEvidenceSequence, List.of(), List.of(surfaces));
        }
    }

    /**
     * Names the report that this one takes the place of. What was made after this report was made
     * for the first time does not count, so that it comes out the same again; and a report with
     * options of its own has none, since its destination may never have had the usual one.
     */
    private void predecessor(Attributes ds) {
        if (!modules.isUsual(ResultObject.Kind.STRUCTURED_REPORT)) {
            return;
        }
        String own = ds.getString(Tag.SOPInstanceUID, "");
        int first = -1;
        for (int i = 0; i < earlier.size(); i++) {
            first = earlier.get(i).sopInstanceUid().equals(own) ? i : first;
        }
        if (first + 1 < earlier.size()) {
            EarlierReport before = earlier.get(first + 1);
            Attributes series =
                    ds.newItem(Tag.PredecessorDocumentsSequence)
                            .setString(
                                    Tag.StudyInstanceUID, VR.UI, result.source().studyInstanceUid())
                            .newItem(Tag.ReferencedSeriesSequence)
                            .setString(Tag.SeriesInstanceUID, VR.UI, before.seriesInstanceUid());
            CommonModules.sop(
                    series.newItem(Tag.ReferencedSOPSequence),
                    before.sopClassUid(),
                    before.sopInstanceUid());
        }
    }

    /** TID 1600 with the common descriptors of TID 1602 and 1604. */
    private void imageLibrary(ContentItem root) {
        ContentItem group =
                root.container(CONTAINS, Codes.IMAGE_LIBRARY)
                        .container(CONTAINS, Codes.IMAGE_LIBRARY_GROUP);
        group.code(HAS_ACQ_CONTEXT, Codes.MODALITY, Codes.COMPUTED_TOMOGRAPHY);
        group.code(HAS_ACQ_CONTEXT, Codes.TARGET_REGION, Codes.HEAD);
        Attributes first = result.source().firstImage();
        if (first.containsValue(Tag.FrameOfReferenceUID)) {
            group.uid(HAS_ACQ_CONTEXT, Codes.FRAME_OF_REFERENCE_UID, modules.frameOfReferenceUid());
        }
        VolumeGeometry grid = result.geometry();
        if (grid != null) {
            group.number(HAS_ACQ_CONTEXT, Codes.PIXEL_DATA_ROWS, grid.rows(), Codes.PIXELS);
            group.number(HAS_ACQ_CONTEXT, Codes.PIXEL_DATA_COLUMNS, grid.columns(), Codes.PIXELS);
            group.number(
                    HAS_ACQ_CONTEXT,
                    Codes.HORIZONTAL_PIXEL_SPACING,
                    grid.spacingMm(0),
                    Codes.MILLIMETER);
            group.number(
                    HAS_ACQ_CONTEXT,
                    Codes.VERTICAL_PIXEL_SPACING,
                    grid.spacingMm(1),
                    Codes.MILLIMETER);
            if (first.containsValue(Tag.SliceThickness)) {
                group.number(
                        HAS_ACQ_CONTEXT,
                        Codes.SLICE_THICKNESS,
                        first.getDouble(Tag.SliceThickness, 0),
                        Codes.MILLIMETER);
            }
        }
        result.source().instances().forEach(instance -> group.image(CONTAINS, instance));
    }

    private void joint(ContentItem measurements, JointResult joint) {
        for (Segment segment : segments) {
            if (segment.side() == joint.side()) {
                List<Measurement> own = measures(joint, segment.kind().subject());
                if (!own.isEmpty() && segmentation != null) {
                    segmentGroup(measurements, segment, segmentation, own);
                }
            }
        }
        List<Measurement> rest =
                segmentation != null
                        ? measures(joint, MeasureCode.Subject.JOINT)
                        // No segment to refer to: the joint's group takes all its numbers.
                        : joint.measures().measurements();
        if (!rest.isEmpty()) {
            ContentItem group =
                    group(
                            measurements,
                            "1501",
                            ResultWords.of(joint.side()) + " TMJ joint spaces",
                            PrivateCode.JOINT_SPACES.code());
            site(group, joint.side());
            sourceOfMeasurement(group, joint);
            rest.forEach(m -> number(group, m));
        }
    }

    private static List<Measurement> measures(JointResult joint, MeasureCode.Subject subject) {
        return joint.measures().measurements().stream()
                .filter(m -> MeasureCode.of(m.measure()).subject() == subject)
                .toList();
    }

    /** TID 1411: the numbers of one segment. */
    private void segmentGroup(
            ContentItem measurements, Segment segment, ResultObject seg, List<Measurement> own) {
        ContentItem group = measurements.container(CONTAINS, Codes.MEASUREMENT_GROUP, "1411");
        group.text(HAS_OBS_CONTEXT, Codes.TRACKING_IDENTIFIER, segment.label());
        group.uid(HAS_OBS_CONTEXT, Codes.TRACKING_UNIQUE_IDENTIFIER, segment.trackingUid());
        group.code(CONTAINS, Codes.FINDING, segment.kind().type());
        group.segment(CONTAINS, Codes.REFERENCED_SEGMENT, seg, segment.number());
        group.uid(CONTAINS, Codes.SOURCE_SERIES, result.source().seriesInstanceUid());
        group.code(HAS_CONCEPT_MOD, Codes.FINDING_SITE, segment.kind().region())
                .code(HAS_CONCEPT_MOD, Codes.LATERALITY, Codes.of(segment.side()));
        own.forEach(m -> number(group, m));
    }

    private void symmetry(ContentItem measurements, SymmetryMeasures symmetry) {
        if (symmetry.measurements().isEmpty()) {
            return;
        }
        ContentItem group =
                group(measurements, "1501", "TMJ symmetry", PrivateCode.SYMMETRY.code());
        group.code(HAS_CONCEPT_MOD, Codes.FINDING_SITE, Codes.TEMPOROMANDIBULAR_JOINT)
                .code(HAS_CONCEPT_MOD, Codes.LATERALITY, Codes.BILATERAL);
        result.joints().forEach(joint -> sourceOfMeasurement(group, joint));
        symmetry.measurements().forEach(m -> number(group, m));
        ContentItem residual =
                group.number(
                        CONTAINS,
                        PrivateCode.REGISTRATION_RESIDUAL.code(),
                        symmetry.registrationResidualMm(),
                        Codes.MILLIMETER);
        residual.code(
                HAS_CONCEPT_MOD, Codes.MEASUREMENT_METHOD, PrivateCode.METHOD_MIRRORED.code());
        algorithm.identify(residual, HAS_CONCEPT_MOD);
    }

    /** The landmarks and lines of a joint, each with coordinates in the frame of reference. */
    private void places(ContentItem measurements, JointResult joint) {
        String side = ResultWords.of(joint.side());
        String frame = modules.frameOfReferenceUid();
        for (Measurement m : joint.measures().measurements()) {
            if (!m.line().isEmpty()) {
                Code concept = MeasureCode.of(m.measure()).concept();
                ContentItem line =
                        group(
                                measurements,
                                "1501",
                                side + " " + m.measure().meaning() + ", line",
                                concept);
                site(line, joint.side());
                line.points(CONTAINS, concept, m.line(), frame);
            }
        }
        List<Landmark> landmarks = joint.measures().landmarks();
        if (!landmarks.isEmpty()) {
            ContentItem points =
                    group(
                            measurements,
                            "1501",
                            side + " TMJ landmarks",
                            PrivateCode.LANDMARKS.code());
            site(points, joint.side());
            landmarks.forEach(
                    l ->
                            points.points(
                                    CONTAINS,
                                    MeasureCode.of(l.kind()),
                                    List.of(l.positionMm()),
                                    frame));
        }
    }

    private ContentItem group(
            ContentItem measurements, String template, String tracked, Code finding) {
        ContentItem group = measurements.container(CONTAINS, Codes.MEASUREMENT_GROUP, template);
        String tracking = ResultWords.plain(tracked);
        group.text(HAS_OBS_CONTEXT, Codes.TRACKING_IDENTIFIER, tracking);
        group.uid(
                HAS_OBS_CONTEXT, Codes.TRACKING_UNIQUE_IDENTIFIER, identity.trackingUid(tracking));
        group.code(CONTAINS, Codes.FINDING, finding);
        return group;
    }

    private static void site(ContentItem group, Side side) {
        group.code(HAS_CONCEPT_MOD, Codes.FINDING_SITE, Codes.TEMPOROMANDIBULAR_JOINT)
                .code(HAS_CONCEPT_MOD, Codes.LATERALITY, Codes.of(side));
    }

    /** The image through the middle of a joint: where a reader of its numbers should look. */
    private void sourceOfMeasurement(ContentItem group, JointResult joint) {
        VolumeGeometry grid = result.geometry();
        if (grid == null) {
            return;
        }
        double k = grid.toIndex(middle(joint.surfaces().condyle(), joint)).z();
        int slice = Math.clamp(Math.round(k), 0, grid.slices() - 1);
        SourceImage image = result.source().images().get(slice);
        group.image(CONTAINS, Codes.SOURCE_OF_MEASUREMENT, image);
    }

    private static Vec3 middle(TriangleMesh condyle, JointResult joint) {
        Vec3 sum = Vec3.ZERO;
        for (int v = 0; v < condyle.vertexCount(); v++) {
            sum = sum.plus(condyle.vertex(v));
        }
        return condyle.vertexCount() == 0
                ? joint.surfaces().neckCutPoint()
                : sum.times(1.0 / condyle.vertexCount());
    }

    /** One number with its method, derivation, place and algorithm: TID 300 and 1419 alike. */
    private void number(ContentItem group, Measurement measurement) {
        MeasureCode code = MeasureCode.of(measurement.measure());
        ContentItem number =
                group.number(
                        CONTAINS,
                        code.concept(),
                        measurement.value(),
                        Codes.unit(measurement.measure().ucum()));
        number.code(HAS_CONCEPT_MOD, Codes.MEASUREMENT_METHOD, code.method());
        Code derivation = code.derivation();
        if (derivation != null) {
            number.code(HAS_CONCEPT_MOD, Codes.DERIVATION, derivation);
        }
        Code region = code.region();
        if (region != null) {
            number.code(HAS_CONCEPT_MOD, Codes.FINDING_SITE, PrivateCode.MANDIBULAR_CONDYLE.code())
                    .code(HAS_CONCEPT_MOD, Codes.TOPOGRAPHICAL_MODIFIER, region);
        }
        algorithm.identify(number, HAS_CONCEPT_MOD);
        normalValues
                .of(measurement.measure())
                .ifPresent(published -> healthy(number, measurement, published));
    }

    /**
     * Measurement Statistical Properties (TID 311): what has been published of healthy joints. Mean
     * and standard deviation are words: PixelMed's validator takes any number below a number for
     * one that it is inferred from (TID 300, rows 9 and 10).
     */
    private void healthy(
            ContentItem number, Measurement measurement, NormalValues.Published published) {
        String unit = measurement.measure().ucum();
        String sd =
                published.sd().isPresent()
                        ? ", SD " + published.sd().getAsDouble() + " " + unit
                        : "";
        number.text(
                HAS_PROPERTIES,
                Codes.POPULATION_DESCRIPTION,
                ResultWords.plain(
                        "%s, measured in %s: mean %s %s%s"
                                .formatted(
                                        published.cohort(),
                                        published.dimension(),
                                        published.mean(),
                                        unit,
                                        sd)));
        number.text(
                HAS_PROPERTIES,
                Codes.REFERENCE_AUTHORITY,
                ResultWords.plain(
                        "%s (published values, version %s)"
                                .formatted(published.citation(), normalValues.version())));
    }

    /** TID 1500, rows 12 to 14: outcome, quality flags, and what the report is good for. */
    private void evaluations(ContentItem root) {
        ContentItem evaluations = root.container(CONTAINS, Codes.QUALITATIVE_EVALUATIONS);
        evaluations.code(CONTAINS, PrivateCode.OUTCOME.code(), MeasureCode.of(result.outcome()));
        evaluations.text(CONTAINS, PrivateCode.OUTCOME.code(), result.outcome().sentence());
        for (QualityFlag flag : flags()) {
            ContentItem issue =
                    evaluations.code(CONTAINS, Codes.QUALITY_ISSUE, MeasureCode.of(flag.reason()));
            Side side = flag.side();
            issue.code(
                    HAS_CONCEPT_MOD,
                    Codes.LATERALITY,
                    side == null ? Codes.BILATERAL : Codes.of(side));
            evaluations.text(
                    CONTAINS,
                    Codes.QUALITY_ISSUE,
                    (side == null ? "" : ResultWords.of(side) + " joint: ") + flag.sentence());
        }
        evaluations.text(CONTAINS, PrivateCode.INTENDED_USE.code(), ResultWords.INTENDED_USE);
    }

    private List<QualityFlag> flags() {
        List<QualityFlag> flags = new ArrayList<>(result.flags());
        Stream.concat(
                        result.joints().stream().flatMap(j -> j.measures().flags().stream()),
                        Optional.ofNullable(result.symmetry()).stream()
                                .flatMap(s -> s.flags().stream()))
                .filter(flag -> !flags.contains(flag))
                .forEach(flags::add);
        return flags;
    }
}
