package org.negvol.measure;

/**
 * From when on a reader of the numbers is warned.
 *
 * <p>Our own choices where no source is named; each errs on the side of a flag.
 *
 * @param reachShare share of the inflated surface stopped by the method's reach; the openings
 *     between the bones are always closed by reach or mouth, so a part of it is normal
 * @param hiddenShare share of the negative volume behind the temporal bone, seen from the condyle:
 *     a hole in it is no longer lost in the rounding
 * @param contactMm joint space below which bones count as touching: half a voxel of the VOI
 * @param contactAreaMm2 area of contact that is no accident of one voxel
 * @param voxelsAcrossSpace a joint space should be this many of the scan's voxels wide: below two
 *     samples across a gap its width is not resolved (Nyquist)
 * @param leastVoxelsAcrossSpace a joint space that is fewer of the scan's voxels wide, counted
 *     along it, is not reported at all: both bones share the voxel between them
 * @param unresolvedShare share of the joint-space map that may be narrower than that before its
 *     statistics are left out
 * @param confidence least mean probability of the winning class
 * @param clearShare least share of the bones' border where the CT itself showed the surface
 * @param shortNeckMm how far above the neck's cut the condyle may end
 * @param openMouthShare how far (as share of the way from the fossa's top to the eminence's crest)
 *     the condyle's top may stand in front of the fossa's top
 */
record QualityLimits(
        double reachShare,
        double hiddenShare,
        double contactMm,
        double contactAreaMm2,
        double voxelsAcrossSpace,
        double leastVoxelsAcrossSpace,
        double unresolvedShare,
        double confidence,
        double clearShare,
        double shortNeckMm,
        double openMouthShare) {

    static final QualityLimits DEFAULT =
            new QualityLimits(0.6, 0.01, 0.2, 1.0, 2.0, 1.0, 0.35, 0.75, 0.6, 1.0, 0.5);
}
