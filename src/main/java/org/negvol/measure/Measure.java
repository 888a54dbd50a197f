package org.negvol.measure;

/**
 * Everything negvol measures: a stable key, the UCUM unit and the field's name for it.
 *
 * <p>Formulas, landmarks and sources stand in {@code src/main/doc/measures.md}; each constant says
 * in one paragraph what it is. "Up", "front" and "side" are those of {@link PatientAxes}; the
 * condyle's centre, long axis and poles are those of {@link JointFrame}. Sources by short name:
 *
 * <ul>
 *   <li><i>paper</i>: Deep negative volume segmentation, Sci Rep 2021;11:16292.
 *   <li><i>Ikeda 2009</i>: Ikeda, Kawamura, Am J Orthod Dentofacial Orthop 2009;135:495–501.
 *   <li><i>Ikeda 2011</i>: Ikeda, Kawamura, Ikeda, J Prosthodont 2011, doi
 *       10.1111/j.1532-849X.2011.00730.x.
 *   <li><i>Nithin 2021</i>: Nithin et al., Indian J Radiol Imaging 2021;31:78–85.
 *   <li><i>Kariminasab 2022</i>: Kariminasab et al., Turk J Orthod 2022;35(4):268–275.
 *   <li><i>Tecco 2010</i>, <i>Saccucci 2012</i>: condylar volume and area by CBCT; their norms
 *       depend on their neck cut.
 * </ul>
 */
public enum Measure {
    /**
     * Empty space between condyle and temporal bone inside the inflated condyle: the sum of the
     * sub-voxel weights times the voxel's volume (the voxel set is the reference; the mesh is made
     * from it). Source: paper, step E; {@code src/main/doc/method.md}.
     */
    NEGATIVE_VOLUME("mm3", "Negative volume"),
    /** Area of the closed surface round the negative volume. Source: paper, S of eq. 2. */
    NEGATIVE_VOLUME_AREA("mm2", "Negative volume surface area"),
    /**
     * Volume of the closed condyle mesh above the neck's cut. The cut decides the number: compare
     * only with norms of the same cut. Source: Tecco 2010, Saccucci 2012.
     */
    CONDYLE_VOLUME("mm3", "Condyle volume above the neck cut"),
    /** Area of the condyle's bone surface above the neck's cut, without the cut itself. */
    CONDYLE_AREA("mm2", "Condyle surface area above the neck cut"),
    /**
     * The manual protocol of the paper by machine: a ball round the condyle's centre through the
     * fossa's roof or the poles, whichever is further, minus condyle and temporal bone, above the
     * neck's cut. See {@link NegativeBall}.
     */
    NEGATIVE_BALL_VOLUME("mm3", "Negative ball volume (ball minus both bones)"),
    /** Area-weighted mean of the joint-space map over the part of the condyle facing the fossa. */
    JOINT_SPACE_MEAN("mm", "Joint space, mean"),
    /** Area-weighted standard deviation of the joint-space map. */
    JOINT_SPACE_SD("mm", "Joint space, standard deviation"),
    /** Smallest distance of the condyle's facing part to the temporal bone. */
    JOINT_SPACE_MIN("mm", "Joint space, minimum"),
    /** Area-weighted 5th percentile of the joint-space map: the minimum without its outliers. */
    JOINT_SPACE_P05("mm", "Joint space, 5th percentile"),
    /** Area-weighted 25th percentile of the joint-space map. */
    JOINT_SPACE_P25("mm", "Joint space, 25th percentile"),
    /** Area-weighted median of the joint-space map. */
    JOINT_SPACE_MEDIAN("mm", "Joint space, median"),
    /** Area-weighted 75th percentile of the joint-space map. */
    JOINT_SPACE_P75("mm", "Joint space, 75th percentile"),
    /** Area-weighted 95th percentile of the joint-space map. */
    JOINT_SPACE_P95("mm", "Joint space, 95th percentile"),
    /** Mean of the map over {@link Region#ANTERIOR}. */
    JOINT_SPACE_ANTERIOR_MEAN("mm", "Joint space over the anterior condyle, mean"),
    /** Standard deviation of the map over {@link Region#ANTERIOR}. */
    JOINT_SPACE_ANTERIOR_SD("mm", "Joint space over the anterior condyle, standard deviation"),
    /** Mean of the map over {@link Region#SUPERIOR}. */
    JOINT_SPACE_SUPERIOR_MEAN("mm", "Joint space over the superior condyle, mean"),
    /** Standard deviation of the map over {@link Region#SUPERIOR}. */
    JOINT_SPACE_SUPERIOR_SD("mm", "Joint space over the superior condyle, standard deviation"),
    /** Mean of the map over {@link Region#POSTERIOR}. */
    JOINT_SPACE_POSTERIOR_MEAN("mm", "Joint space over the posterior condyle, mean"),
    /** Standard deviation of the map over {@link Region#POSTERIOR}. */
    JOINT_SPACE_POSTERIOR_SD("mm", "Joint space over the posterior condyle, standard deviation"),
    /** Mean of the map over {@link Region#MEDIAL}. */
    JOINT_SPACE_MEDIAL_MEAN("mm", "Joint space over the medial condyle, mean"),
    /** Standard deviation of the map over {@link Region#MEDIAL}. */
    JOINT_SPACE_MEDIAL_SD("mm", "Joint space over the medial condyle, standard deviation"),
    /** Mean of the map over {@link Region#LATERAL}. */
    JOINT_SPACE_LATERAL_MEAN("mm", "Joint space over the lateral condyle, mean"),
    /** Standard deviation of the map over {@link Region#LATERAL}. */
    JOINT_SPACE_LATERAL_SD("mm", "Joint space over the lateral condyle, standard deviation"),
    /**
     * AJS: from the condyle's surface 40° above the horizontal towards the front, seen from the
     * condyle's centre across its long axis, along the surface's normal to the temporal bone; the
     * median of 19 such rays within 8°. Not measured where a third of them meets no bone or passes
     * it, where they disagree, below the eminence's crest, or below the scan's resolution. Source:
     * the anterior space of Ikeda 2009 with the tangent point fixed by an angle instead of by the
     * fossa's height, so that it does not move when the condyle sinks.
     */
    ANTERIOR_JOINT_SPACE("mm", "Anterior joint space (AJS)"),
    /**
     * SJS: as AJS, from the condyle's surface straight above its centre. Source: Ikeda 2009
     * (superior space), Ikeda 2011 (coronal central space).
     */
    SUPERIOR_JOINT_SPACE("mm", "Superior joint space (SJS)"),
    /** PJS: as AJS, towards the back. Source: Ikeda 2009. */
    POSTERIOR_JOINT_SPACE("mm", "Posterior joint space (PJS)"),
    /**
     * MJS: as AJS, along the long axis towards the medial pole. Source: the coronal medial space of
     * Ikeda 2011.
     */
    MEDIAL_JOINT_SPACE("mm", "Medial joint space (MJS)"),
    /** LJS: as MJS, towards the lateral pole. Source: the coronal lateral space of Ikeda 2011. */
    LATERAL_JOINT_SPACE("mm", "Lateral joint space (LJS)"),
    /**
     * Anterior space at the tangent point: in the section across the long axis through the
     * condyle's centre, a line from the fossa's top touches the condyle's front; from there at
     * right angles to that line to the temporal bone. Source: Ikeda 2009, whose norms (1.3 ± 0.2
     * mm) are of this construction.
     */
    ANTERIOR_TANGENT_SPACE("mm", "Anterior joint space at the tangent point"),
    /** Posterior space at the tangent point. Source: Ikeda 2009 (2.1 ± 0.3 mm). */
    POSTERIOR_TANGENT_SPACE("mm", "Posterior joint space at the tangent point"),
    /**
     * FW: distance between the lowest point of the articular eminence and the fossa's posterior rim
     * (postglenoid process or tympanic plate, not lower than the eminence) in the section across
     * the condyle's long axis. Source: Kariminasab 2022; paper, Table 3 (14.6–21.2 mm).
     */
    FOSSA_WIDTH("mm", "Fossa width (FW)"),
    /**
     * FD: largest distance of the fossa's roof from the line of FW, at right angles to it, in the
     * same section. Source: Kariminasab 2022; paper, Table 3 (6.3–7.9 mm).
     */
    FOSSA_DEPTH("mm", "Fossa depth (FD)"),
    /**
     * Distance of the medial and the lateral pole: the condyle's surface on either side of its
     * centre along the long axis. Source: Nithin 2021 (length), Kariminasab 2022 (greatest
     * mediolateral diameter on the axial view).
     */
    CONDYLE_WIDTH("mm", "Condyle width, mediolateral"),
    /**
     * Extent of the condyle through its centre at right angles to the long axis, horizontally.
     * Source: Nithin 2021, Kariminasab 2022 (greatest anteroposterior diameter).
     */
    CONDYLE_DEPTH("mm", "Condyle depth, anteroposterior"),
    /** Height of the condyle's top above the level of its centre (the level of the poles). */
    CONDYLE_HEIGHT("mm", "Condyle height, top above the level of the poles"),
    /**
     * HCA: angle in the axial plane between the condyle's long axis and the coronal plane; positive
     * where the medial pole lies further back. Equals 90° minus the angle against the midsagittal
     * plane. Source: Kariminasab 2022.
     */
    HORIZONTAL_CONDYLAR_ANGLE("deg", "Horizontal condylar angle (HCA)"),
    /**
     * SRA: angle in the sagittal plane between the posterior border of neck and ramus (a straight
     * line fitted from the neck's cut to the end of the field of view, 8 mm or more) and the
     * vertical; positive where the border runs forward as it runs down.
     */
    SAGITTAL_RAMUS_ANGLE("deg", "Sagittal ramus angle (SRA)"),
    /**
     * S_LR = max(S_L, S_R) / min(S_L, S_R) of the negative volumes' areas. Source: paper, eq. 2.
     */
    SYMMETRY_RATIO("1", "Surface area ratio S_LR"),
    /**
     * H_LR: the larger of the two directed Hausdorff distances between the left negative volume's
     * surface and the mirrored, rigidly registered right one's. Source: paper, eq. 1.
     */
    HAUSDORFF_DISTANCE("mm", "Hausdorff distance H_LR"),
    /**
     * Standard deviation of H_LR under resampling of the surfaces, one independent sample a mm².
     * The paper's ± is not defined there; this is ours. See {@link Symmetry}.
     */
    HAUSDORFF_BOOTSTRAP_SD("mm", "Hausdorff distance H_LR, bootstrap standard deviation"),
    /** The larger of the two directed, area-weighted 95th percentiles of the surface distance. */
    HAUSDORFF_95("mm", "95th percentile Hausdorff distance"),
    /** Mean of the two directed, area-weighted mean surface distances. */
    MEAN_SURFACE_DISTANCE("mm", "Mean surface distance left/right"),
    /** 2 |L ∩ R| / (|L| + |R|) of the registered negative volumes, with sub-voxel weights. */
    MIRRORED_DICE("1", "Dice overlap left/right, mirrored"),
    /** Larger negative volume over the smaller one, 1 or more. */
    VOLUME_RATIO("1", "Negative volume ratio"),
    /**
     * 2-Wasserstein distance between the uniform distributions on both registered surfaces. Source:
     * named as future work in the paper; algorithm in the class {@code Wasserstein}. Absent below
     * 0.35 mm, which it does not resolve.
     */
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
