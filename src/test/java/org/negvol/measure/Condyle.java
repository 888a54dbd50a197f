package org.negvol.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * A condyle by formula: an ellipsoidal head on a round neck, with wear where asked for, anywhere in
 * space and turned any way; LPS mm.
 *
 * @param side patient's side
 * @param axes the head's axes
 * @param centre of the ellipsoid
 * @param halfWidth from the centre to either pole
 * @param halfDepth from the centre to front and back
 * @param height from the centre to the top
 * @param angleDegrees horizontal condylar angle
 * @param flattening how much of the top is worn off
 * @param pits erosions: lateral, posterior, up and radius of balls taken away, in the condyle's
 *     axes
 */
record Condyle(
        Side side,
        PatientAxes axes,
        Vec3 centre,
        double halfWidth,
        double halfDepth,
        double height,
        double angleDegrees,
        double flattening,
        List<double[]> pits) {

    static Condyle typical(Side side) {
        return new Condyle(
                side,
                PatientAxes.SCANNER,
                new Vec3(0.13, -0.07, 0.21),
                9.5,
                4.5,
                5.5,
                20,
                0,
                List.of());
    }

    static Condyle ball(double radius) {
        return new Condyle(
                Side.LEFT,
                PatientAxes.SCANNER,
                new Vec3(0.13, -0.07, 0.21),
                radius,
                radius,
                radius,
                0,
                0,
                List.of());
    }

    Condyle at(Vec3 other) {
        return new Condyle(
                side, axes, other, halfWidth, halfDepth, height, angleDegrees, flattening, pits);
    }

    Condyle turned(double degrees) {
        return new Condyle(
                side, axes, centre, halfWidth, halfDepth, height, degrees, flattening, pits);
    }

    Condyle in(PatientAxes other) {
        return new Condyle(
                side, other, centre, halfWidth, halfDepth, height, angleDegrees, flattening, pits);
    }

    Condyle worn(double flattening, double[]... pits) {
        return new Condyle(
                side,
                axes,
                centre,
                halfWidth,
                halfDepth,
                height,
                angleDegrees,
                flattening,
                new ArrayList<>(List.of(pits)));
    }

    private Vec3 outward() {
        return side == Side.LEFT ? axes.left() : axes.left().times(-1);
    }

    Vec3 lateral() {
        double a = Math.toRadians(angleDegrees);
        return outward().times(Math.cos(a)).minus(axes.posterior().times(Math.sin(a)));
    }

    Vec3 posterior() {
        double a = Math.toRadians(angleDegrees);
        return outward().times(Math.sin(a)).plus(axes.posterior().times(Math.cos(a)));
    }

    Vec3 up() {
        return axes.superior();
    }

    Vec3 direction(double lateral, double posterior, double up) {
        return lateral().times(lateral).plus(posterior().times(posterior)).plus(up().times(up));
    }

    /** The head without wear, grown by a length, as a first-order distance. */
    double head(Vec3 p, double grown) {
        Vec3 d = p.minus(centre);
        double rw = halfWidth + grown;
        double rd = halfDepth + grown;
        double rh = height + grown;
        double a = d.dot(lateral()) / rw;
        double b = d.dot(posterior()) / rd;
        double c = d.dot(up()) / rh;
        double k0 = Math.sqrt(a * a + b * b + c * c);
        double k1 = Math.sqrt(a * a / (rw * rw) + b * b / (rd * rd) + c * c / (rh * rh));
        return k1 < 1e-9 ? -Math.min(rd, rh) : k0 * (k0 - 1) / k1;
    }

    double distance(Vec3 p) {
        Vec3 d = p.minus(centre);
        double u = d.dot(lateral());
        double v = d.dot(posterior());
        double w = d.dot(up());
        double head = head(p, 0);
        if (flattening > 0) {
            head = Math.max(head, w - height + flattening);
        }
        for (double[] pit : pits) {
            head =
                    Math.max(
                            head,
                            pit[3]
                                    - Math.sqrt(
                                            (u - pit[0]) * (u - pit[0])
                                                    + (v - pit[1]) * (v - pit[1])
                                                    + (w - pit[2]) * (w - pit[2])));
        }
        double neck = Math.max(Math.hypot(u, v) - 0.75 * halfDepth, w);
        return Math.min(head, neck);
    }

    /** A point of the neck's cut. */
    Vec3 cut() {
        return centre.minus(up().times(4));
    }

    /** Where a ray leaves a body, or enters one that starts further out. */
    static double crossing(ToDoubleFunction<Vec3> f, Vec3 from, Vec3 direction) {
        Vec3 d = direction.normalised();
        boolean start = f.applyAsDouble(from) < 0;
        double t = 0.01;
        while (t < 20 && f.applyAsDouble(from.plus(d.times(t))) < 0 == start) {
            t += 0.02;
        }
        double a = t - 0.02;
        double b = t;
        for (int i = 0; i < 50; i++) {
            double m = (a + b) / 2;
            if (f.applyAsDouble(from.plus(d.times(m))) < 0 == start) {
                a = m;
            } else {
                b = m;
            }
        }
        return (a + b) / 2;
    }

    static Vec3 gradient(ToDoubleFunction<Vec3> f, Vec3 p) {
        double h = 1e-4;
        return new Vec3(
                        f.applyAsDouble(p.plus(new Vec3(h, 0, 0)))
                                - f.applyAsDouble(p.minus(new Vec3(h, 0, 0))),
                        f.applyAsDouble(p.plus(new Vec3(0, h, 0)))
                                - f.applyAsDouble(p.minus(new Vec3(0, h, 0))),
                        f.applyAsDouble(p.plus(new Vec3(0, 0, h)))
                                - f.applyAsDouble(p.minus(new Vec3(0, 0, h))))
                .normalised();
    }

    /** The joint space in a direction by the definition, from the formulas. */
    double space(ToDoubleFunction<Vec3> temporal, double lateral, double posterior, double up) {
        Vec3 d = direction(lateral, posterior, up).normalised();
        Vec3 start = centre.plus(d.times(crossing(this::distance, centre, d)));
        return crossing(temporal, start, gradient(this::distance, start));
    }
}
