package org.negvol.measure;

import org.jspecify.annotations.Nullable;
import org.negvol.volume.Vec3;

/**
 * Ikeda's construction of the anterior and posterior joint space in one section: a line from the
 * fossa's top touches the condyle; from the touching point at right angles to that line to the
 * temporal bone (Ikeda, Kawamura, Am J Orthod Dentofacial Orthop 2009;135:495–501).
 */
final class TangentSpace {

    private static final double STEP_DEGREES = 0.5;

    private TangentSpace() {}

    /**
     * @param way -1 for the front of the condyle, 1 for its back
     * @return null if the fossa's top does not lie above the condyle, or no bone is met
     */
    static JointSpaceProbe.@Nullable Gap of(
            JointFrame frame, Vec3 fossaTop, int way, Rays condyle, Rays temporal) {
        Vec3 f = frame.coordinates(fossaTop);
        double best = Double.NEGATIVE_INFINITY;
        double touchV = 0;
        double touchW = 0;
        for (double a = -30; a <= 90; a += STEP_DEGREES) {
            double e = Math.toRadians(a);
            Vec3 ray = frame.direction(0, way * Math.cos(e), Math.sin(e));
            Vec3 p = condyle.last(frame.centre(), ray, 40);
            if (p == null) {
                continue;
            }
            Vec3 c = frame.coordinates(p);
            if (!(c.z() < f.z())) {
                return null;
            }
            // Seen from the fossa's top, the point furthest to the front (or back) of straight
            // down.
            double angle = Math.atan2(way * (c.y() - f.y()), f.z() - c.z());
            if (angle > best) {
                best = angle;
                touchV = c.y();
                touchW = c.z();
            }
        }
        if (best == Double.NEGATIVE_INFINITY) {
            return null;
        }
        double lineV = touchV - f.y();
        double lineW = touchW - f.z();
        double length = Math.hypot(lineV, lineW);
        Vec3 across = frame.direction(0, -way * lineW / length, way * lineV / length);
        Vec3 from = frame.centre().plus(frame.direction(0, touchV, touchW));
        Vec3 to = temporal.first(from, across, JointSpaceProbe.FARTHEST_MM);
        return to == null ? null : new JointSpaceProbe.Gap(from, to);
    }
}
