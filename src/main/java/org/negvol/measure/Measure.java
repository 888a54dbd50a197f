package org.negvol.measure;

/** Everything negvol measures: a stable key, the UCUM unit and the field's name for it. */
public enum Measure {
    NEGATIVE_VOLUME("mm3", "Negative volume"),
    NEGATIVE_VOLUME_AREA("mm2", "Negative volume surface area"),
    CONDYLE_VOLUME("mm3", "Condyle volume above the neck cut"),
    CONDYLE_AREA("mm2", "Condyle surface area above the neck cut"),
    JOINT_SPACE_MEAN("mm", "Joint space, mean"),
    JOINT_SPACE_SD("mm", "Joint space, standard deviation"),
    JOINT_SPACE_MIN("mm", "Joint space, minimum"),
    JOINT_SPACE_MEDIAN("mm", "Joint space, median"),
    JOINT_SPACE_P95("mm", "Joint space, 95th percentile"),
    ANTERIOR_JOINT_SPACE("mm", "Anterior joint space (AJS)"),
    SUPERIOR_JOINT_SPACE("mm", "Superior joint space (SJS)"),
    POSTERIOR_JOINT_SPACE("mm", "Posterior joint space (PJS)"),
    MEDIAL_JOINT_SPACE("mm", "Medial joint space (MJS)"),
    LATERAL_JOINT_SPACE("mm", "Lateral joint space (LJS)"),
    FOSSA_WIDTH("mm", "Fossa width (FW)"),
    FOSSA_DEPTH("mm", "Fossa depth (FD)"),
    CONDYLE_WIDTH("mm", "Condyle width, mediolateral"),
    CONDYLE_DEPTH("mm", "Condyle depth, anteroposterior"),
    HORIZONTAL_CONDYLAR_ANGLE("deg", "Horizontal condylar angle (HCA)"),
    SYMMETRY_RATIO("1", "Surface area ratio S_LR"),
    HAUSDORFF_DISTANCE("mm", "Hausdorff distance H_LR"),
    HAUSDORFF_95("mm", "95th percentile Hausdorff distance"),
    MEAN_SURFACE_DISTANCE("mm", "Mean surface distance left/right"),
    MIRRORED_DICE("1", "Dice overlap left/right, mirrored"),
    VOLUME_RATIO("1", "Negative volume ratio"),
    WASSERSTEIN_DISTANCE("mm", "2-Wasserstein distance left/right");

    private final String ucum;
    private final String meaning;

    Measure(String ucum, String meaning) {
        this.ucum = ucum;
        this.meaning = meaning;
    }

    /** UCUM unit; "1" for a ratio. */
    public String ucum() {
        return ucum;
    }

    public String meaning() {
        return meaning;
    }
}
