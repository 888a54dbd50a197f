package org.negvol.report;

import org.negvol.surface.JointSurfaces;
import org.negvol.surface.TriangleMesh;

/** The structures of a joint that become segments, in the order of their numbers. */
enum SegmentKind {
    CONDYLE(
            (byte) 1,
            "mandibular condyle",
            "Condylar process of the mandible above the neck cut",
            SegmentColour.CONDYLE,
            MeasureCode.Subject.CONDYLE),
    TEMPORAL_BONE(
            (byte) 2,
            "temporal bone",
            "Temporal bone inside the joint's volume of interest",
            SegmentColour.TEMPORAL_BONE,
            MeasureCode.Subject.TEMPORAL_BONE),
    NEGATIVE_VOLUME(
            (byte) 3,
            "negative volume",
            "Space between mandibular condyle and temporal bone",
            SegmentColour.NEGATIVE_VOLUME,
            MeasureCode.Subject.NEGATIVE_VOLUME);

    private final byte label;
    private final String words;
    private final String description;
    private final SegmentColour colour;
    private final MeasureCode.Subject subject;

    SegmentKind(
            byte label,
            String words,
            String description,
            SegmentColour colour,
            MeasureCode.Subject subject) {
        this.label = label;
        this.words = words;
        this.description = description;
        this.colour = colour;
        this.subject = subject;
    }

    String words() {
        return words;
    }

    String description() {
        return description;
    }

    SegmentColour colour() {
        return colour;
    }

    /** Segmented Property Category. */
    Code category() {
        return switch (this) {
            case CONDYLE -> Codes.ANATOMICAL_STRUCTURE;
            case TEMPORAL_BONE -> Codes.ANATOMICAL_STRUCTURE;
            case NEGATIVE_VOLUME -> Codes.SPATIAL_CONCEPT;
        };
    }

    /** Segmented Property Type; the finding of the segment's measurement group. */
    Code type() {
        return switch (this) {
            case CONDYLE -> PrivateCode.MANDIBULAR_CONDYLE.code();
            case TEMPORAL_BONE -> Codes.TEMPORAL_BONE;
            case NEGATIVE_VOLUME -> PrivateCode.NEGATIVE_VOLUME.code();
        };
    }

    /** Anatomic Region; the finding site of the segment's measurement group. */
    Code region() {
        return switch (this) {
            case CONDYLE -> Codes.MANDIBLE;
            case TEMPORAL_BONE -> Codes.TEMPORAL_BONE;
            case NEGATIVE_VOLUME -> Codes.TEMPOROMANDIBULAR_JOINT;
        };
    }

    /** Which measures describe this structure. */
    MeasureCode.Subject subject() {
        return subject;
    }

    /** The label of this structure in {@link SegmentMasks}. */
    byte label() {
        return label;
    }

    TriangleMesh mesh(JointSurfaces joint) {
        return switch (this) {
            case CONDYLE -> joint.condyle();
            case TEMPORAL_BONE -> joint.temporalBone();
            case NEGATIVE_VOLUME -> joint.negativeVolume();
        };
    }
}
