package org.negvol.measure;

import org.negvol.volume.Vec3;

/**
 * A condyle's own coordinates: its centre, its long axis and its proportions.
 *
 * @param centre centre of the condylar head, LPS mm
 * @param lateral horizontal unit vector along the long axis, towards the lateral pole
 * @param posterior horizontal unit vector across the long axis, to the back
 * @param superior unit vector upwards
 * @param halfWidthMm from the centre to the poles (half their distance)
 * @param halfDepthMm half the extent front to back
 * @param heightMm from the centre to the surface straight above
 */
public record JointFrame(
        Vec3 centre,
        Vec3 lateral,
        Vec3 posterior,
        Vec3 superior,
        double halfWidthMm,
        double halfDepthMm,
        double heightMm) {

    public JointFrame {
        if (!(halfWidthMm > 0 && halfDepthMm > 0 && heightMm > 0) || !centre.isFinite()) {
            throw new IllegalArgumentException(
                    "a condyle of %s × %s × %s mm at %s is none"
                            .formatted(halfWidthMm, halfDepthMm, heightMm, centre));
        }
    }

    /** The direction with these components; not normalised. */
    Vec3 direction(double lateral, double posterior, double superior) {
        return this.lateral
                .times(lateral)
                .plus(this.posterior.times(posterior))
                .plus(this.superior.times(superior));
    }

    /** Lateral, posterior and superior coordinates (mm from the centre) of a point. */
    Vec3 coordinates(Vec3 patientMm) {
        Vec3 d = patientMm.minus(centre);
        return new Vec3(d.dot(lateral), d.dot(posterior), d.dot(superior));
    }

    Region region(Vec3 patientMm) {
        Vec3 c = coordinates(patientMm);
        return Region.of(c.x() / halfWidthMm, c.y() / halfDepthMm, c.z() / heightMm);
    }
}
