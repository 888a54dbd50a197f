package org.negvol.phantom;

import java.util.SplittableRandom;

/**
 * One joint as implicit surfaces, in mirrored head coordinates: x grows away from the middle of the
 * head on either side, y to the back, z up; mm.
 *
 * <p>The fossa is not modelled on its own: its surface is the condyle's outline pushed out by a gap
 * that is given in five directions and smooth in between, so the joint space is known by
 * construction.
 */
final class JointShape {

    /** Sine of the elevation (40°) at which the four side gaps are reached in full. */
    private static final double SIDE_ELEVATION = 0.643;

    final PhantomParameters.Joint p;
    final double rw;
    final double rd;
    final double rh;

    /** Height of the fossa's roof above the condyle's centre. */
    final double roof;

    private final double cos;
    private final double sin;
    private final double eminence;
    private final double clearance;
    private final double[] erosion = new double[9];
    private final double tubeY;
    private final double tubeZ;
    private final double tubeRadius;
    private final double archOut;
    private final double taper;
    private final double neckLength;
    private final double plateLow;
    private final double atticUp;

    JointShape(PhantomParameters.Joint p, long seed) {
        this.p = p;
        rw = p.widthMm() / 2;
        rd = p.depthMm() / 2;
        rh = p.heightMm();
        roof = rh + p.superiorGapMm();
        double a = Math.toRadians(p.horizontalAngleDegrees());
        cos = Math.cos(a);
        sin = Math.sin(a);
        eminence = -(rd + p.anteriorGapMm() + p.eminenceSlopeMm());
        clearance =
                Math.min(
                        1,
                        0.8
                                * Math.min(
                                        Math.min(p.superiorGapMm(), p.medialGapMm()),
                                        Math.min(
                                                p.lateralGapMm(),
                                                Math.min(p.anteriorGapMm(), p.posteriorGapMm()))));
        SplittableRandom r = new SplittableRandom(seed);
        for (int i = 0; i < 3; i++) {
            double t = r.nextDouble(-0.7, 0.7);
            erosion[3 * i] = rw * t;
            erosion[3 * i + 1] = rd * r.nextDouble(-0.6, 0.3);
            erosion[3 * i + 2] = rh * Math.sqrt(1 - t * t);
        }
        tubeRadius = r.nextDouble(2.9, 4.6);
        tubeY = rd + p.posteriorGapMm() + r.nextDouble(1.6, 3.2) + tubeRadius;
        tubeZ = r.nextDouble(0.5, 4.5);
        archOut = r.nextDouble(9, 14);
        taper = Math.clamp(rd * 0.8 / (rw * r.nextDouble(0.62, 0.98)), 0.35, 0.8);
        neckLength = r.nextDouble(-26, -14);
        plateLow = r.nextDouble(-19, -8);
        atticUp = r.nextDouble(4, 12);
    }

    /** Lateral coordinate in the joint's own frame of an offset from the condyle's centre. */
    double u(double x, double y) {
        return x * cos - y * sin;
    }

    double v(double x, double y) {
        return x * sin + y * cos;
    }

    /** Offset (x, y) of a point given in the joint's frame. */
    double[] toHead(double u, double v) {
        return new double[] {u * cos + v * sin, -u * sin + v * cos};
    }

    /** The condyle's smooth outline without wear, from which the fossa is pushed out. */
    double outline(double u, double v, double w) {
        return Sdf.ellipsoid(u, v, w, rw, rd, rh);
    }

    /** Condylar head with wear, and neck. */
    double condyle(double x, double y, double z) {
        double dx = x - p.lateralMm();
        double dy = y - p.posteriorMm();
        double w = z - p.upMm();
        double u = u(dx, dy);
        double v = v(dx, dy);
        double head = outline(u, v, w);
        if (head > 40) {
            return head;
        }
        if (p.flatteningMm() > 0) {
            head = Sdf.smoothMax(head, w + 0.12 * v - (rh - p.flatteningMm()), 1.5);
        }
        if (p.erosionMm() > 0) {
            for (int i = 0; i < 3; i++) {
                double e =
                        p.erosionMm() * (1.3 - 0.3 * i)
                                - Math.sqrt(
                                        sq(u - erosion[3 * i])
                                                + sq(v - erosion[3 * i + 1])
                                                + sq(w - erosion[3 * i + 2]));
                head = Sdf.smoothMax(head, e, 0.8);
            }
        }
        if (p.osteophyteMm() > 0) {
            head =
                    Sdf.smoothMin(
                            head,
                            Sdf.ellipsoid(
                                    u,
                                    v + rd * 0.85,
                                    w - rh * 0.2,
                                    rw * 0.5,
                                    p.osteophyteMm(),
                                    p.osteophyteMm() * 0.8),
                            1.5);
        }
        // The head tapers into the neck: wide below the poles, narrow 20 mm further down.
        double narrow = taper + (0.85 - taper) * Sdf.smoothStep(-3, neckLength, w);
        double neckWide =
                Sdf.capsule(u * narrow, v, w, 0, 0, -4.5, -1.5, -0.5, -19, rd * 0.8, rd * 0.72);
        return Sdf.smoothMin(head, neckWide, 2.5);
    }

    /** Joint space wanted in the direction of (u, v, w). */
    double gap(double u, double v, double w) {
        double h2 = u * u + v * v;
        double r = Math.sqrt(h2 + w * w);
        if (r < 1e-9) {
            return p.superiorGapMm();
        }
        double fu = u * u / Math.max(h2, 1e-12);
        double side =
                fu * (u > 0 ? p.lateralGapMm() : p.medialGapMm())
                        + (1 - fu) * (v > 0 ? p.posteriorGapMm() : p.anteriorGapMm());
        double t = Sdf.smoothStep(SIDE_ELEVATION, 1, w / r);
        return side + t * (p.superiorGapMm() - side);
    }

    /** Temporal bone round the fossa as a solid, before the joint cavity is taken out of it. */
    double glenoid(double dx, double dy, double w) {
        double u = u(dx, dy);
        double v = v(dx, dy);
        double depth = p.eminenceDepthMm();
        double under;
        if (v < eminence) {
            double t = (v - eminence) / 8;
            under = -depth + (depth - 1) * 0.75 * (1 - Math.exp(-t * t));
        } else {
            double back = -Math.min(depth, 6.5);
            under = -depth + (back + depth) * Sdf.smoothStep(eminence, 4, v);
        }
        // The medial wall (entoglenoid process) reaches a little lower than the lateral rim.
        under += Math.clamp(0.1 * u, -1.5, 1.5);
        double lower = roof + under - w;
        double upper = w - (roof + p.roofMm() + 2 + Math.max(0, 0.25 * (u - rw * 0.3)));
        double side = Math.max(u - (rw + 2.5), -u - (rw + p.medialGapMm() + 3.5));
        double front = eminence - 9 - v;
        double back = v - (rd + p.posteriorGapMm() + 3);
        double d = Sdf.smoothMax(lower * 0.93, upper, 2);
        d = Sdf.smoothMax(d, side, 3);
        return Sdf.smoothMax(d, Math.max(front, back), 3);
    }

    /** The joint cavity: positive inside, as a distance for {@code max(bone, cavity)}. */
    double cavity(double dx, double dy, double w) {
        double u = u(dx, dy);
        double v = v(dx, dy);
        return gap(u, v, w) - outline(u, v, w);
    }

    double clearance() {
        return clearance;
    }

    /** Bony and cartilaginous ear canal with the middle ear: air. */
    double ear(double dx, double dy, double w) {
        double bend = 0.012 * dx * dx * (dx > 0 ? 0.25 : 0);
        double y = dy - (tubeY + 0.08 * dx) + bend;
        double z = (w - tubeZ) * 0.85;
        double flare = 0.22 * Math.max(0, dx - 13);
        double tube =
                Math.max(Math.sqrt(y * y + z * z) - tubeRadius - flare, Math.max(-9 - dx, dx - 40));
        double middle = Sdf.ellipsoid(dx + 12, dy - tubeY - 1, w - tubeZ - 3, 2.8, 5.5, 7);
        return Math.min(tube, middle);
    }

    /** Tympanic bone round the ear canal. */
    double tympanic(double dx, double dy, double w) {
        double y = dy - (tubeY + 0.08 * dx);
        double z = (w - tubeZ) * 0.85;
        double wall = Math.sqrt(y * y + z * z) - (tubeRadius + 1.7);
        // Below the canal the tympanic plate runs down as a wedge to the styloid process.
        double plate =
                Sdf.capsule(
                        Math.max(Math.abs(dx + 3) - 6, 0),
                        dy,
                        w,
                        0,
                        tubeY + 0.5,
                        tubeZ - tubeRadius,
                        0,
                        tubeY + 1.5,
                        plateLow,
                        tubeRadius * 0.8,
                        0.9);
        return Sdf.smoothMin(Sdf.smoothMax(wall, Math.max(-13 - dx, dx - (rw + 1)), 1.5), plate, 2);
    }

    /** Mastoid process and the pneumatised bone above and behind the ear canal. */
    double mastoid(double dx, double dy, double w) {
        double y = dy - tubeY - tubeRadius - 11;
        double process = Sdf.ellipsoid(dx - 3 + 0.15 * w, y, w + 8, 12, 14, 22);
        double attic = Sdf.ellipsoid(dx + 2, y + 6, w - atticUp - 2, 13, 18, 11);
        return Sdf.smoothMin(process, attic, 4);
    }

    /** Carotid canal and jugular fossa: soft tissue in the skull base behind the joint. */
    double vessels(double dx, double dy, double w) {
        double carotid = Sdf.capsule(dx, dy, w, -17, tubeY - 1, -22, -18, tubeY - 3, 3, 2.9, 2.7);
        double jugular = Sdf.ellipsoid(dx + 15, dy - tubeY - 10, w + 9, 5, 5, 9);
        return Math.min(carotid, jugular);
    }

    /** Zygomatic process and arch up to the cheek bone's body, and the styloid process. */
    double arch(double dx, double dy, double w, double fwd) {
        double z = w * 0.6;
        double a =
                Sdf.capsule(
                        dx,
                        dy,
                        z,
                        rw - 2,
                        tubeY - 4,
                        (roof + 1) * 0.6,
                        archOut,
                        -14,
                        1.5,
                        2.0,
                        1.7);
        double b = Sdf.capsule(dx, dy, z, archOut, -14, 1.5, archOut + 1.5, -34, -1.2, 1.7, 1.8);
        double c =
                Sdf.capsule(
                        dx, dy, z, archOut + 1.5, -34, -1.2, archOut - 9, -fwd + 8, -4, 1.8, 3.4);
        double root =
                Sdf.capsule(
                        dx,
                        dy,
                        z,
                        rw - 1,
                        eminence,
                        (roof - p.eminenceDepthMm() + 3.5) * 0.6,
                        archOut,
                        -14,
                        1.5,
                        2.4,
                        1.7);
        return Sdf.smoothMin(Sdf.smoothMin(a, b, 1.5), Math.min(c, root), 1.5);
    }

    double styloid(double dx, double dy, double w) {
        return Sdf.capsule(dx, dy, w, -6, tubeY + 4, -10, -13, tubeY - 4, -36, 2.0, 0.9);
    }

    private static double sq(double d) {
        return d * d;
    }
}
