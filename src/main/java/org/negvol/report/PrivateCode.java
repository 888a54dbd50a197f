package org.negvol.report;

/**
 * What no standard vocabulary has a code for: the coding scheme 99NEGVOL, with definitions.
 *
 * <p>Searched without finding: the context groups of PS3.16 and the parts of SNOMED CT it lists
 * have neither mandibular condyle, mandibular fossa, joint space, Hausdorff distance nor negative
 * volume. A code once released keeps its value and its definition; one that changes its definition
 * gets a new value.
 */
enum PrivateCode {
    // Structures.
    MANDIBULAR_CONDYLE(
            "MC",
            "Mandibular condyle",
            "Condylar process of the mandible above the method's neck cut."),
    NEGATIVE_VOLUME(
            "NV",
            "TMJ negative volume",
            "Empty space between mandibular condyle and temporal bone, inside the condyle's surface"
                    + " inflated along its normals up to the bone, the method's reach or the fossa's"
                    + " mouth."),

    // Findings that are no structure of their own.
    JOINT_SPACES("JS", "TMJ joint spaces", "The distances between condyle and fossa of one joint."),
    SYMMETRY("SYM", "TMJ symmetry", "How the left and the mirrored right joint differ."),
    LANDMARKS("LM", "TMJ landmarks", "Points and lines that measures of one joint hang on."),
    PROCESSING("PROC", "Processing of the series", "How the automatic analysis of a series ended."),

    // Methods.
    METHOD_SUBVOXEL_SUM(
            "MTH-SVS",
            "Sum of sub-voxel weights",
            "Volume as the sum, over the voxels of a grid, of the share of each voxel that belongs"
                    + " to the object, times the voxel's volume."),
    METHOD_CUT_EXCLUDED(
            "MTH-CUT",
            "Mesh area without the neck cut",
            "Area of a closed surface mesh without the flat face where the neck is cut."),
    METHOD_SURFACE_MAP(
            "MTH-MAP",
            "Distance map over the facing condyle",
            "Area-weighted statistics of the exact distance of each point of the condyle's surface"
                    + " that faces the fossa to the temporal bone's surface."),
    METHOD_NORMAL_RAY(
            "MTH-RAY",
            "Median distance along surface normals",
            "Median length of a bundle of rays from the condyle's surface within 8 degrees of a"
                    + " defined direction, along the outward normals to the temporal bone."),
    METHOD_TANGENT(
            "MTH-TAN",
            "Distance at the tangent point",
            "Distance at right angles to the line from the fossa's top that touches the condyle"
                    + " (Ikeda 2009)."),
    METHOD_SECTION(
            "MTH-SEC",
            "Landmarks in a section of the surfaces",
            "Distance of landmarks found in a defined section of the surface meshes."),
    METHOD_AXIS(
            "MTH-AXS",
            "Angle of a fitted axis",
            "Angle of an axis fitted to the surface against a plane of the head."),
    METHOD_MIRRORED(
            "MTH-MIR",
            "Mirrored and rigidly registered",
            "The right joint's surface is mirrored and registered rigidly to the left one's before"
                    + " the two are compared."),
    METHOD_LARGER_OVER_SMALLER(
            "MTH-LOS",
            "Larger over smaller side",
            "The larger of the left and the right value divided by the smaller one."),
    METHOD_BALL(
            "MTH-BAL",
            "Ball minus both bones",
            "Volume of a ball about the condyle's centre through the fossa's roof or the poles,"
                    + " minus both bones, above the neck cut."),

    // Derivations without a standard code.
    PERCENTILE_5("P05", "5th percentile", "Value below which 5 % of the area lies."),
    PERCENTILE_25("P25", "25th percentile", "Value below which 25 % of the area lies."),
    PERCENTILE_75("P75", "75th percentile", "Value below which 75 % of the area lies."),
    PERCENTILE_95("P95", "95th percentile", "Value below which 95 % of the area lies."),
    BOOTSTRAP_SD(
            "BSD",
            "Bootstrap standard deviation",
            "Standard deviation of a measure under resampling of the data it is computed from."),

    // Measures.
    NEGATIVE_BALL(
            "M-NBV",
            "Negative ball volume",
            "Space between both bones inside a ball about the condyle's centre."),
    JOINT_SPACE_MEAN("M-JS-MEAN", "Joint space, mean", overall("Mean")),
    JOINT_SPACE_SD("M-JS-SD", "Joint space, standard deviation", overall("Standard deviation")),
    JOINT_SPACE_MIN("M-JS-MIN", "Joint space, minimum", overall("Minimum")),
    JOINT_SPACE_P05("M-JS-P05", "Joint space, 5th percentile", overall("5th percentile")),
    JOINT_SPACE_P25("M-JS-P25", "Joint space, 25th percentile", overall("25th percentile")),
    JOINT_SPACE_MEDIAN("M-JS-MED", "Joint space, median", overall("Median")),
    JOINT_SPACE_P75("M-JS-P75", "Joint space, 75th percentile", overall("75th percentile")),
    JOINT_SPACE_P95("M-JS-P95", "Joint space, 95th percentile", overall("95th percentile")),
    JOINT_SPACE_ANTERIOR_MEAN(
            "M-JS-A-MEAN",
            "Joint space over the anterior condyle, mean",
            inRegion("Mean", "anterior")),
    JOINT_SPACE_ANTERIOR_SD(
            "M-JS-A-SD",
            "Joint space over the anterior condyle, SD",
            inRegion("Standard deviation", "anterior")),
    JOINT_SPACE_SUPERIOR_MEAN(
            "M-JS-S-MEAN",
            "Joint space over the superior condyle, mean",
            inRegion("Mean", "superior")),
    JOINT_SPACE_SUPERIOR_SD(
            "M-JS-S-SD",
            "Joint space over the superior condyle, SD",
            inRegion("Standard deviation", "superior")),
    JOINT_SPACE_POSTERIOR_MEAN(
            "M-JS-P-MEAN",
            "Joint space over the posterior condyle, mean",
            inRegion("Mean", "posterior")),
    JOINT_SPACE_POSTERIOR_SD(
            "M-JS-P-SD",
            "Joint space over the posterior condyle, SD",
            inRegion("Standard deviation", "posterior")),
    JOINT_SPACE_MEDIAL_MEAN(
            "M-JS-M-MEAN", "Joint space over the medial condyle, mean", inRegion("Mean", "medial")),
    JOINT_SPACE_MEDIAL_SD(
            "M-JS-M-SD",
            "Joint space over the medial condyle, SD",
            inRegion("Standard deviation", "medial")),
    JOINT_SPACE_LATERAL_MEAN(
            "M-JS-L-MEAN",
            "Joint space over the lateral condyle, mean",
            inRegion("Mean", "lateral")),
    JOINT_SPACE_LATERAL_SD(
            "M-JS-L-SD",
            "Joint space over the lateral condyle, SD",
            inRegion("Standard deviation", "lateral")),
    AJS("M-AJS", "Anterior joint space (AJS)", alongNormal("40 degrees up towards the front")),
    SJS("M-SJS", "Superior joint space (SJS)", alongNormal("straight up")),
    PJS("M-PJS", "Posterior joint space (PJS)", alongNormal("40 degrees up towards the back")),
    MJS("M-MJS", "Medial joint space (MJS)", alongNormal("40 degrees up to the medial pole")),
    LJS("M-LJS", "Lateral joint space (LJS)", alongNormal("40 degrees up to the lateral pole")),
    AJS_TANGENT(
            "M-AJS-T",
            "Anterior joint space at the tangent point",
            "Distance from where a line from the fossa's top touches the condyle's front, at right"
                    + " angles to it, to the temporal bone."),
    PJS_TANGENT(
            "M-PJS-T",
            "Posterior joint space at the tangent point",
            "Distance from where a line from the fossa's top touches the condyle's back, at right"
                    + " angles to it, to the temporal bone."),
    FOSSA_WIDTH(
            "M-FW",
            "Fossa width (FW)",
            "Distance between the lowest point of the articular eminence and the fossa's posterior"
                    + " rim in the section across the condyle's long axis."),
    FOSSA_DEPTH(
            "M-FD",
            "Fossa depth (FD)",
            "Largest distance of the fossa's roof from the line of the fossa width."),
    HCA(
            "M-HCA",
            "Horizontal condylar angle (HCA)",
            "Angle in the axial plane between the condyle's long axis and the coronal plane,"
                    + " positive where the medial pole lies further back."),
    SRA(
            "M-SRA",
            "Sagittal ramus angle (SRA)",
            "Angle in the sagittal plane between the posterior border of neck and ramus and the"
                    + " vertical, positive where the border runs forward as it runs down."),
    S_LR(
            "M-SLR",
            "Surface area ratio S_LR",
            "Larger over smaller surface area of the two negative volumes (Sci Rep 2021;11:16292,"
                    + " eq. 2)."),
    H_LR(
            "M-HLR",
            "Hausdorff distance H_LR",
            "Symmetric Hausdorff distance of the left negative volume's surface and the mirrored,"
                    + " registered right one's (Sci Rep 2021;11:16292, eq. 1)."),
    H_LR_SD(
            "M-HLR-SD",
            "Hausdorff distance H_LR, bootstrap standard deviation",
            "Standard deviation of H_LR under resampling of the surfaces."),
    H_LR_95(
            "M-HLR-95",
            "95th percentile Hausdorff distance",
            "The larger of the two directed 95th percentiles of the surface distance."),
    MEAN_SURFACE_DISTANCE(
            "M-MSD",
            "Mean surface distance left/right",
            "Mean of the two directed mean surface distances."),
    MIRRORED_DICE(
            "M-DICE",
            "Dice overlap left/right, mirrored",
            "Twice the common volume of the registered negative volumes over the sum of both."),
    WASSERSTEIN(
            "M-W2",
            "2-Wasserstein distance left/right",
            "2-Wasserstein distance of the uniform distributions on both registered surfaces."),

    REGISTRATION_RESIDUAL(
            "M-RES",
            "Registration residual left/right",
            "Root mean square surface distance left after mirroring and rigid registration."),

    // Landmarks.
    CONDYLE_CENTRE("L-CC", "Centre of the condylar head", "Centre of the condylar head."),
    CONDYLE_TOP("L-CT", "Top of the condyle", "Condyle's surface straight above its centre."),
    MEDIAL_POLE("L-MP", "Medial pole of the condyle", "Medial end of the condyle's long axis."),
    LATERAL_POLE("L-LP", "Lateral pole of the condyle", "Lateral end of the condyle's long axis."),
    CONDYLE_FRONT(
            "L-CF",
            "Foremost point of the condyle",
            "Foremost point of the condyle at the level of its centre."),
    CONDYLE_BACK(
            "L-CB",
            "Hindmost point of the condyle",
            "Hindmost point of the condyle at the level of its centre."),
    FOSSA_TOP(
            "L-FT", "Deepest point of the mandibular fossa", "Highest point of the fossa's roof."),
    EMINENCE_CREST("L-EC", "Articular eminence crest", "Lowest point of the articular eminence."),
    POSTERIOR_RIM(
            "L-PR", "Posterior rim of the mandibular fossa", "Lowest point behind the fossa."),

    // How the analysis ended.
    OUTCOME("OUT", "Outcome of the analysis", "How the automatic analysis of a series ended."),
    DONE("OUT-DONE", "Analysed", "Both joints were measured."),
    DEGRADED("OUT-DEG", "Analysed with limits", "Numbers exist, with limits that are named."),
    NOT_APPLICABLE(
            "OUT-NA",
            "Not analysed: the scan does not allow it",
            "The scan does not show what is measured; there are no numbers."),
    FAILED("OUT-FAIL", "Analysis failed", "The software could not do its work."),
    INTENDED_USE(
            "USE", "Intended use", "What the results may be used for, in the words of the maker."),

    // Quality flags.
    JOINT_NOT_FOUND("Q-JNF", "Joint not found", "The joint was not found in the scan."),
    JOINT_CUT(
            "Q-CUT",
            "Joint cut by the field of view",
            "The negative volume or the fossa runs out of the field of view."),
    LOW_CONFIDENCE(
            "Q-CONF",
            "Low confidence of the segmentation",
            "The network's probabilities for the bones are low."),
    METAL("Q-METAL", "Metal in the joint", "Metal in the joint hides the surfaces of its bones."),
    COARSE_RESOLUTION(
            "Q-RES",
            "Scan too coarse for the joint space",
            "The scan's voxels are large compared with the joint space."),
    BONE_CONTACT("Q-BONE", "Bones touch", "Condyle and temporal bone touch, or seem to."),
    REACH_LIMIT(
            "Q-REACH",
            "Negative volume ends at the method's reach",
            "Too much of the negative volume ends at the method's reach and not at bone."),
    SHORT_NECK(
            "Q-NECK",
            "Field of view ends above the neck cut",
            "The field of view ends above the neck's cut."),
    NO_HEAD("Q-HEAD", "No head in the scan", "The scan does not show a head."),
    NOT_A_VOLUME("Q-VOL", "The images make no volume", "The images of the series make no volume."),
    NO_MANDIBLE("Q-MAND", "No mandible in the scan", "The scan shows no mandible."),
    OPEN_MOUTH("Q-OPEN", "Open mouth", "The condyle stands in front of the fossa's roof."),
    NOT_MEASURABLE("Q-NM", "Measure not possible", "A measure could not be taken.");

    /** Coding Scheme Designator (0008,0102); 99 marks a private scheme (PS3.16 section 8). */
    static final String SCHEME = "99NEGVOL";

    private final String value;
    private final String meaning;
    private final String definition;

    PrivateCode(String value, String meaning, String definition) {
        this.value = value;
        this.meaning = meaning;
        this.definition = definition;
    }

    Code code() {
        return new Code(value, SCHEME, meaning);
    }

    String definition() {
        return definition;
    }

    private static String overall(String statistic) {
        return statistic
                + " of the distance of the condyle's surface to the temporal bone, over all of the"
                + " condyle that faces the fossa.";
    }

    private static String inRegion(String statistic, String region) {
        return statistic
                + " of the distance of the condyle's surface to the temporal bone, over the "
                + region
                + " part of the condyle.";
    }

    private static String alongNormal(String where) {
        return "Median distance from the condyle's surface, "
                + where
                + " as seen from its centre, along the surface's normals to the temporal bone.";
    }
}
