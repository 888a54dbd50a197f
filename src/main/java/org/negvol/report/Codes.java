package org.negvol.report;

import org.negvol.volume.Side;

/** The standard codes negvol writes, each under the name PS3.16 gives it. */
final class Codes {

    // Document, containers and their context: TID 1500, 1001, 1204, 1600, 1602, 1604.
    static final Code IMAGING_MEASUREMENT_REPORT = dcm("126000", "Imaging Measurement Report");
    static final Code LANGUAGE = dcm("121049", "Language of Content Item and Descendants");
    static final Code ENGLISH = new Code("en", "RFC5646", "English");
    static final Code OBSERVER_TYPE = dcm("121005", "Observer Type");
    static final Code DEVICE = dcm("121007", "Device");
    static final Code DEVICE_OBSERVER_UID = dcm("121012", "Device Observer UID");
    static final Code DEVICE_OBSERVER_NAME = dcm("121013", "Device Observer Name");
    static final Code DEVICE_OBSERVER_MANUFACTURER = dcm("121014", "Device Observer Manufacturer");
    static final Code DEVICE_OBSERVER_MODEL = dcm("121015", "Device Observer Model Name");
    static final Code DEVICE_OBSERVER_SERIAL = dcm("121016", "Device Observer Serial Number");
    static final Code PROCEDURE_REPORTED = dcm("121058", "Procedure reported");
    // CID 100 has no CT of the head without perfusion.
    static final Code CT_UNSPECIFIED_BODY_REGION =
            new Code("25045-6", "LN", "CT unspecified body region");
    static final Code IMAGE_LIBRARY = dcm("111028", "Image Library");
    static final Code IMAGE_LIBRARY_GROUP = dcm("126200", "Image Library Group");
    static final Code MODALITY = dcm("121139", "Modality");
    static final Code COMPUTED_TOMOGRAPHY = dcm("CT", "Computed Tomography");
    static final Code TARGET_REGION = dcm("123014", "Target Region");
    static final Code FRAME_OF_REFERENCE_UID = dcm("112227", "Frame of Reference UID");
    static final Code PIXEL_DATA_ROWS = dcm("110910", "Pixel Data Rows");
    static final Code PIXEL_DATA_COLUMNS = dcm("110911", "Pixel Data Columns");
    static final Code HORIZONTAL_PIXEL_SPACING = dcm("111026", "Horizontal Pixel Spacing");
    static final Code VERTICAL_PIXEL_SPACING = dcm("111066", "Vertical Pixel Spacing");
    static final Code SPACING_BETWEEN_SLICES = dcm("112226", "Spacing between slices");
    static final Code SLICE_THICKNESS = dcm("112225", "Slice Thickness");
    static final Code IMAGING_MEASUREMENTS = dcm("126010", "Imaging Measurements");
    static final Code QUALITATIVE_EVALUATIONS =
            new Code("C0034375", "UMLS", "Qualitative Evaluations");
    static final Code COMMENT = dcm("121106", "Comment");
    static final Code QUALITY_ISSUE = dcm("113010", "Quality Issue");

    // Measurement groups: TID 1411, 1419, 1501, 300, 4019.
    static final Code MEASUREMENT_GROUP = dcm("125007", "Measurement Group");
    static final Code TRACKING_IDENTIFIER = dcm("112039", "Tracking Identifier");
    static final Code TRACKING_UNIQUE_IDENTIFIER = dcm("112040", "Tracking Unique Identifier");
    static final Code FINDING = dcm("121071", "Finding");
    static final Code FINDING_SITE = sct("363698007", "Finding Site");
    static final Code LATERALITY = sct("272741003", "Laterality");
    static final Code TOPOGRAPHICAL_MODIFIER = sct("106233006", "Topographical modifier");
    static final Code REFERENCED_SEGMENT = dcm("121191", "Referenced Segment");
    static final Code SOURCE_SERIES = dcm("121232", "Source series for segmentation");
    static final Code SOURCE_OF_MEASUREMENT = dcm("121112", "Source of Measurement");
    static final Code MEASUREMENT_METHOD = sct("370129005", "Measurement Method");
    static final Code DERIVATION = dcm("121401", "Derivation");
    static final Code ALGORITHM_NAME = dcm("111001", "Algorithm Name");
    static final Code ALGORITHM_VERSION = dcm("111003", "Algorithm Version");
    static final Code ALGORITHM_PARAMETERS = dcm("111002", "Algorithm Parameters");

    // Anatomy.
    static final Code HEAD = sct("69536005", "Head");
    static final Code TEMPOROMANDIBULAR_JOINT = sct("53620006", "Temporomandibular joint");
    static final Code MANDIBLE = sct("91609006", "Mandible");
    static final Code TEMPORAL_BONE = sct("60911003", "Temporal Bone");
    static final Code LEFT = sct("7771000", "Left");
    static final Code RIGHT = sct("24028007", "Right");
    static final Code BILATERAL = sct("51440002", "Bilateral");
    static final Code ANTERIOR = sct("255549009", "Anterior");
    static final Code SUPERIOR = sct("264217000", "Superior");
    static final Code POSTERIOR = sct("255551008", "Posterior");
    static final Code MEDIAL = sct("255561001", "Medial");
    static final Code LATERAL = sct("49370004", "Lateral");
    static final Code ANATOMICAL_STRUCTURE = sct("91723000", "Anatomical Structure");
    static final Code SPATIAL_CONCEPT = sct("309825002", "Spatial and Relational Concept");

    // Measures and their derivations.
    static final Code VOLUME = sct("118565006", "Volume");
    static final Code WIDTH = sct("103355008", "Width");
    static final Code DEPTH = sct("131197000", "Depth");
    static final Code HEIGHT = dcm("121207", "Height");
    static final Code VOLUME_RATIO = dcm("113288", "Volume Ratio");
    static final Code SURFACE_AREA_OF_MESH = new Code("C0JK", "IBSI", "Surface Area of Mesh");
    static final Code VOLUME_OF_MESH = new Code("RNU0", "IBSI", "Volume of Mesh");
    static final Code VOLUME_FROM_VOXELS = new Code("YEKZ", "IBSI", "Volume from Voxel Summation");
    static final Code MINIMUM = sct("255605001", "Minimum");
    static final Code MEAN = sct("373098007", "Mean");
    static final Code MEDIAN = sct("373099004", "Median");
    static final Code STANDARD_DEVIATION = sct("386136009", "Standard Deviation");
    static final Code POPULATION_DESCRIPTION = dcm("121405", "Population description");
    static final Code REFERENCE_AUTHORITY = dcm("121406", "Reference Authority");

    // How an object came to be.
    static final Code SEGMENTATION = dcm("113076", "Segmentation");
    static final Code SOURCE_IMAGE = dcm("121322", "Source image for image processing operation");
    static final Code ACQUISITION_EQUIPMENT = dcm("109101", "Acquisition Equipment");
    static final Code NEIGHBORHOOD_ANALYSIS = dcm("123101", "Neighborhood Analysis");
    static final Code ARTIFICIAL_INTELLIGENCE = dcm("123110", "Artificial Intelligence");
    static final Code DEFORMABLE_MODELS = dcm("123111", "Deformable Models");
    static final Code EDGE_DETECTION = dcm("123103", "Edge Detection");

    // Encapsulated models (CID 7061, 7063, 7064) and Key Object Selection (CID 7010, TID 2010).
    static final Code CT_MODEL = new Code("85040-4", "LN", "CT 3D CAM model");
    static final Code PLANNING_INTENT = dcm("129013", "Planning Intent");
    // CID 7063 spells the meaning as the symbol.
    static final Code MILLIMETER_OF_MODEL = ucum("mm", "mm");
    static final Code OF_INTEREST = dcm("113000", "Of Interest");
    static final Code KEY_OBJECT_DESCRIPTION = dcm("113012", "Key Object Description");

    // Units (UCUM), CID 7460, 7461, 7462 and 82.
    static final Code MILLIMETER = ucum("mm", "millimeter");
    static final Code SQUARE_MILLIMETER = ucum("mm2", "square millimeter");
    static final Code CUBIC_MILLIMETER = ucum("mm3", "cubic millimeter");
    static final Code DEGREE = ucum("deg", "degree");
    static final Code NO_UNITS = ucum("1", "no units");
    static final Code PIXELS = ucum("{pixels}", "pixels");

    private Codes() {}

    static Code of(Side side) {
        return switch (side) {
            case LEFT -> LEFT;
            case RIGHT -> RIGHT;
        };
    }

    /**
     * @throws IllegalArgumentException if no measure of negvol has that unit
     */
    static Code unit(String ucum) {
        return switch (ucum) {
            case "mm" -> MILLIMETER;
            case "mm2" -> SQUARE_MILLIMETER;
            case "mm3" -> CUBIC_MILLIMETER;
            case "deg" -> DEGREE;
            case "1" -> NO_UNITS;
            default -> throw new IllegalArgumentException("no code for the unit " + ucum);
        };
    }

    private static Code dcm(String value, String meaning) {
        return new Code(value, "DCM", meaning);
    }

    private static Code sct(String value, String meaning) {
        return new Code(value, "SCT", meaning);
    }

    private static Code ucum(String value, String meaning) {
        return new Code(value, "UCUM", meaning);
    }
}
