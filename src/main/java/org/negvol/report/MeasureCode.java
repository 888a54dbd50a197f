package org.negvol.report;

import static org.negvol.report.PrivateCode.METHOD_AXIS;
import static org.negvol.report.PrivateCode.METHOD_LARGER_OVER_SMALLER;
import static org.negvol.report.PrivateCode.METHOD_MIRRORED;
import static org.negvol.report.PrivateCode.METHOD_NORMAL_RAY;
import static org.negvol.report.PrivateCode.METHOD_SECTION;
import static org.negvol.report.PrivateCode.METHOD_SURFACE_MAP;
import static org.negvol.report.PrivateCode.METHOD_TANGENT;

import org.jspecify.annotations.Nullable;
import org.negvol.measure.Landmark;
import org.negvol.measure.Measure;
import org.negvol.measure.QualityFlag;

/**
 * How a measure is written in the Structured Report.
 *
 * <p>Every switch here is exhaustive: a new {@link Measure}, landmark or quality reason does not
 * compile until it has its code.
 *
 * @param subject whose number it is: decides the measurement group
 * @param concept Concept Name of the NUM
 * @param method Measurement Method
 * @param derivation how it is derived from many values; null where it is one value
 * @param region part of the condyle; null for all of it
 */
record MeasureCode(
        Subject subject,
        Code concept,
        Code method,
        @Nullable Code derivation,
        @Nullable Code region) {

    /** What a number describes. */
    enum Subject {
        CONDYLE,
        TEMPORAL_BONE,
        NEGATIVE_VOLUME,
        /** The joint as a whole: no single segment. */
        JOINT,
        /** Both joints. */
        BOTH
    }

    static MeasureCode of(Measure measure) {
        return switch (measure) {
            case NEGATIVE_VOLUME ->
                    plain(
                            Subject.NEGATIVE_VOLUME,
                            Codes.VOLUME,
                            PrivateCode.METHOD_SUBVOXEL_SUM.code());
            case NEGATIVE_VOLUME_AREA ->
                    plain(
                            Subject.NEGATIVE_VOLUME,
                            Codes.SURFACE_AREA_OF_MESH,
                            Codes.SURFACE_AREA_OF_MESH);
            case CONDYLE_VOLUME -> plain(Subject.CONDYLE, Codes.VOLUME, Codes.VOLUME_OF_MESH);
            case CONDYLE_AREA ->
                    plain(
                            Subject.CONDYLE,
                            Codes.SURFACE_AREA_OF_MESH,
                            PrivateCode.METHOD_CUT_EXCLUDED.code());
            case NEGATIVE_BALL_VOLUME -> joint(PrivateCode.NEGATIVE_BALL, PrivateCode.METHOD_BALL);
            case JOINT_SPACE_MEAN -> map(PrivateCode.JOINT_SPACE_MEAN, Codes.MEAN, null);
            case JOINT_SPACE_SD -> map(PrivateCode.JOINT_SPACE_SD, Codes.STANDARD_DEVIATION, null);
            case JOINT_SPACE_MIN -> map(PrivateCode.JOINT_SPACE_MIN, Codes.MINIMUM, null);
            case JOINT_SPACE_P05 ->
                    map(PrivateCode.JOINT_SPACE_P05, PrivateCode.PERCENTILE_5.code(), null);
            case JOINT_SPACE_P25 ->
                    map(PrivateCode.JOINT_SPACE_P25, PrivateCode.PERCENTILE_25.code(), null);
            case JOINT_SPACE_MEDIAN -> map(PrivateCode.JOINT_SPACE_MEDIAN, Codes.MEDIAN, null);
            case JOINT_SPACE_P75 ->
                    map(PrivateCode.JOINT_SPACE_P75, PrivateCode.PERCENTILE_75.code(), null);
            case JOINT_SPACE_P95 ->
                    map(PrivateCode.JOINT_SPACE_P95, PrivateCode.PERCENTILE_95.code(), null);
            case JOINT_SPACE_ANTERIOR_MEAN ->
                    map(PrivateCode.JOINT_SPACE_ANTERIOR_MEAN, Codes.MEAN, Codes.ANTERIOR);
            case JOINT_SPACE_ANTERIOR_SD ->
                    map(
                            PrivateCode.JOINT_SPACE_ANTERIOR_SD,
                            Codes.STANDARD_DEVIATION,
                            Codes.ANTERIOR);
            case JOINT_SPACE_SUPERIOR_MEAN ->
                    map(PrivateCode.JOINT_SPACE_SUPERIOR_MEAN, Codes.MEAN, Codes.SUPERIOR);
            case JOINT_SPACE_SUPERIOR_SD ->
                    map(
                            PrivateCode.JOINT_SPACE_SUPERIOR_SD,
                            Codes.STANDARD_DEVIATION,
                            Codes.SUPERIOR);
            case JOINT_SPACE_POSTERIOR_MEAN ->
                    map(PrivateCode.JOINT_SPACE_POSTERIOR_MEAN, Codes.MEAN, Codes.POSTERIOR);
            case JOINT_SPACE_POSTERIOR_SD ->
                    map(
                            PrivateCode.JOINT_SPACE_POSTERIOR_SD,
                            Codes.STANDARD_DEVIATION,
                            Codes.POSTERIOR);
            case JOINT_SPACE_MEDIAL_MEAN ->
                    map(PrivateCode.JOINT_SPACE_MEDIAL_MEAN, Codes.MEAN, Codes.MEDIAL);
            case JOINT_SPACE_MEDIAL_SD ->
                    map(PrivateCode.JOINT_SPACE_MEDIAL_SD, Codes.STANDARD_DEVIATION, Codes.MEDIAL);
            case JOINT_SPACE_LATERAL_MEAN ->
                    map(PrivateCode.JOINT_SPACE_LATERAL_MEAN, Codes.MEAN, Codes.LATERAL);
            case JOINT_SPACE_LATERAL_SD ->
                    map(
                            PrivateCode.JOINT_SPACE_LATERAL_SD,
                            Codes.STANDARD_DEVIATION,
                            Codes.LATERAL);
            case ANTERIOR_JOINT_SPACE -> joint(PrivateCode.AJS, METHOD_NORMAL_RAY);
            case SUPERIOR_JOINT_SPACE -> joint(PrivateCode.SJS, METHOD_NORMAL_RAY);
            case POSTERIOR_JOINT_SPACE -> joint(PrivateCode.PJS, METHOD_NORMAL_RAY);
            case MEDIAL_JOINT_SPACE -> joint(PrivateCode.MJS, METHOD_NORMAL_RAY);
            case LATERAL_JOINT_SPACE -> joint(PrivateCode.LJS, METHOD_NORMAL_RAY);
            case ANTERIOR_TANGENT_SPACE -> joint(PrivateCode.AJS_TANGENT, METHOD_TANGENT);
            case POSTERIOR_TANGENT_SPACE -> joint(PrivateCode.PJS_TANGENT, METHOD_TANGENT);
            case FOSSA_WIDTH ->
                    plain(
                            Subject.TEMPORAL_BONE,
                            PrivateCode.FOSSA_WIDTH.code(),
                            METHOD_SECTION.code());
            case FOSSA_DEPTH ->
                    plain(
                            Subject.TEMPORAL_BONE,
                            PrivateCode.FOSSA_DEPTH.code(),
                            METHOD_SECTION.code());
            case CONDYLE_WIDTH -> plain(Subject.CONDYLE, Codes.WIDTH, METHOD_SECTION.code());
            case CONDYLE_DEPTH -> plain(Subject.CONDYLE, Codes.DEPTH, METHOD_SECTION.code());
            case CONDYLE_HEIGHT -> plain(Subject.CONDYLE, Codes.HEIGHT, METHOD_SECTION.code());
            case HORIZONTAL_CONDYLAR_ANGLE ->
                    plain(Subject.CONDYLE, PrivateCode.HCA.code(), METHOD_AXIS.code());
            case SAGITTAL_RAMUS_ANGLE -> joint(PrivateCode.SRA, METHOD_AXIS);
            case SYMMETRY_RATIO -> both(PrivateCode.S_LR, METHOD_LARGER_OVER_SMALLER);
            case HAUSDORFF_DISTANCE -> both(PrivateCode.H_LR, METHOD_MIRRORED);
            case HAUSDORFF_BOOTSTRAP_SD ->
                    new MeasureCode(
                            Subject.BOTH,
                            PrivateCode.H_LR_SD.code(),
                            METHOD_MIRRORED.code(),
                            PrivateCode.BOOTSTRAP_SD.code(),
                            null);
            case HAUSDORFF_95 -> both(PrivateCode.H_LR_95, METHOD_MIRRORED);
            case MEAN_SURFACE_DISTANCE -> both(PrivateCode.MEAN_SURFACE_DISTANCE, METHOD_MIRRORED);
            case MIRRORED_DICE -> both(PrivateCode.MIRRORED_DICE, METHOD_MIRRORED);
            case VOLUME_RATIO ->
                    plain(
                            Subject.BOTH,
                            Codes.VOLUME_RATIO,
                            PrivateCode.METHOD_LARGER_OVER_SMALLER.code());
            case WASSERSTEIN_DISTANCE -> both(PrivateCode.WASSERSTEIN, METHOD_MIRRORED);
        };
    }

    static Code of(Landmark.Kind kind) {
        return switch (kind) {
            case CONDYLE_CENTRE -> PrivateCode.CONDYLE_CENTRE.code();
            case CONDYLE_TOP -> PrivateCode.CONDYLE_TOP.code();
            case MEDIAL_POLE -> PrivateCode.MEDIAL_POLE.code();
            case LATERAL_POLE -> PrivateCode.LATERAL_POLE.code();
            case CONDYLE_FRONT -> PrivateCode.CONDYLE_FRONT.code();
            case CONDYLE_BACK -> PrivateCode.CONDYLE_BACK.code();
            case FOSSA_TOP -> PrivateCode.FOSSA_TOP.code();
            case EMINENCE_CREST -> PrivateCode.EMINENCE_CREST.code();
            case POSTERIOR_RIM -> PrivateCode.POSTERIOR_RIM.code();
        };
    }

    static Code of(QualityFlag.Reason reason) {
        return switch (reason) {
            case JOINT_NOT_FOUND -> PrivateCode.JOINT_NOT_FOUND.code();
            case JOINT_CUT_BY_FIELD_OF_VIEW -> PrivateCode.JOINT_CUT.code();
            case LOW_CONFIDENCE -> PrivateCode.LOW_CONFIDENCE.code();
            case METAL -> PrivateCode.METAL.code();
            case COARSE_RESOLUTION -> PrivateCode.COARSE_RESOLUTION.code();
            case BONE_CONTACT -> PrivateCode.BONE_CONTACT.code();
            case REACH_LIMIT -> PrivateCode.REACH_LIMIT.code();
            case FIELD_OF_VIEW_SHORT_NECK -> PrivateCode.SHORT_NECK.code();
            case NO_HEAD -> PrivateCode.NO_HEAD.code();
            case NOT_A_VOLUME -> PrivateCode.NOT_A_VOLUME.code();
            case NO_MANDIBLE -> PrivateCode.NO_MANDIBLE.code();
            case OPEN_MOUTH -> PrivateCode.OPEN_MOUTH.code();
            case NOT_MEASURABLE -> PrivateCode.NOT_MEASURABLE.code();
        };
    }

    static Code of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> PrivateCode.DONE.code();
            case Outcome.Degraded degraded -> PrivateCode.DEGRADED.code();
            case Outcome.NotApplicable notApplicable -> PrivateCode.NOT_APPLICABLE.code();
            case Outcome.Failed failed -> PrivateCode.FAILED.code();
        };
    }

    private static MeasureCode plain(Subject subject, Code concept, Code method) {
        return new MeasureCode(subject, concept, method, null, null);
    }

    private static MeasureCode joint(PrivateCode concept, PrivateCode method) {
        return plain(Subject.JOINT, concept.code(), method.code());
    }

    private static MeasureCode both(PrivateCode concept, PrivateCode method) {
        return plain(Subject.BOTH, concept.code(), method.code());
    }

    private static MeasureCode map(PrivateCode concept, Code derivation, @Nullable Code region) {
        return new MeasureCode(
                Subject.JOINT, concept.code(), METHOD_SURFACE_MAP.code(), derivation, region);
    }
}
