package org.negvol.measure;

import org.negvol.volume.Vec3;

/**
 * Which way the head looks: what "left", "back" and "up" mean for angles and directions.
 *
 * <p>{@link #SCANNER} takes the patient coordinates of the scan as they are (the head lay straight
 * in the scanner). {@link #ofJoints} straightens yaw and roll by the line through both condyles, as
 * cephalometry does where no other midline is at hand; pitch stays the scanner's, since nothing in
 * two joints tells it.
 *
 * @param left unit vector towards the patient's left
 * @param posterior unit vector towards the patient's back
 * @param superior unit vector towards the top of the head
 */
public record PatientAxes(Vec3 left, Vec3 posterior, Vec3 superior) {

    /** The axes of DICOM patient coordinates (LPS). */
    public static final PatientAxes SCANNER =
            new PatientAxes(new Vec3(1, 0, 0), new Vec3(0, 1, 0), new Vec3(0, 0, 1));

    /** Heads lie within this angle of the scanner's left-right axis; more is a wrong pair. */
    private static final double LARGEST_TILT_DEGREES = 35;

    public PatientAxes {
        boolean right =
                Math.abs(left.dot(posterior)) < 1e-6
                        && Math.abs(left.dot(superior)) < 1e-6
                        && Math.abs(posterior.dot(superior)) < 1e-6
                        && Math.abs(left.norm() - 1) < 1e-6
                        && Math.abs(posterior.norm() - 1) < 1e-6
                        && left.cross(posterior).dot(superior) > 0.9;
        if (!right) {
            throw new IllegalArgumentException(
                    "left %s, posterior %s and superior %s must be unit vectors at right angles, LPS-handed"
                            .formatted(left, posterior, superior));
        }
    }

    /**
     * The axes whose left-right direction is the line through both condyles; the scanner's own
     * where the points coincide or that line is tilted by more than 35°.
     *
     * @param leftCentreMm centre of the left joint, LPS mm
     * @param rightCentreMm centre of the right joint, LPS mm
     */
    public static PatientAxes ofJoints(Vec3 leftCentreMm, Vec3 rightCentreMm) {
        Vec3 line = leftCentreMm.minus(rightCentreMm);
        double length = line.norm();
        if (!(length > 1) || line.x() / length < Math.cos(Math.toRadians(LARGEST_TILT_DEGREES))) {
            return SCANNER;
        }
        Vec3 left = line.times(1 / length);
        Vec3 up = SCANNER.superior();
        Vec3 superior = up.minus(left.times(up.dot(left))).normalised();
        return new PatientAxes(left, superior.cross(left), superior);
    }
}
