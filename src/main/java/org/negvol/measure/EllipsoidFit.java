package org.negvol.measure;

import org.negvol.volume.Vec3;

/**
 * The ellipsoid that fits a set of points best: least squares of the first-order distance, robust
 * against the parts that are no ellipsoid (wear, osteophytes), held by what is known of such
 * ellipsoids as far as the points themselves do not decide.
 *
 * <p>Nine unknowns (centre, three radii, rotation) by Levenberg–Marquardt from a given start.
 * Residuals r are weighted by Geman–McClure with the scale of their median, so that a quarter of
 * the points may lie anywhere; the scale comes down from {@value #FIRST_SCALE_MM} mm step by step,
 * so that the result does not hang on the start. The priors on radii and rotations weigh against
 * the points as the misfit does: with {@code N} = {@value #INDEPENDENT_POINTS} and the median
 * misfit {@code s}, one standard deviation of a prior costs as much as a misfit of {@code s / √N}
 * at every point. The points of an exact ellipsoid overrule every prior; where a shape is hardly
 * one, its misfits hang together over millimetres, count as few, and the prior decides along with
 * them. Deterministic; at most {@value #ITERATIONS} steps.
 */
final class EllipsoidFit {

    private static final int ITERATIONS = 80;
    private static final int UNKNOWNS = 9;

    /** Points of a real bone whose misfits are independent of each other, about 4 mm apart. */
    private static final double INDEPENDENT_POINTS = 25;

    /** Below this (mm) a misfit is discretisation and no shape. */
    private static final double LEAST_MISFIT_MM = 0.01;

    /** Below this (mm) a residual is discretisation and no wear. */
    private static final double LEAST_SCALE_MM = 0.08;

    /** Scale of the first step, and by how much it comes down in each. */
    private static final double FIRST_SCALE_MM = 3;

    private static final double SCALE_FALL = 0.75;

    /**
     * What is known of the ellipsoid before.
     *
     * @param radiiMm typical radii
     * @param logRadii standard deviations of the radii's logarithms
     * @param rotations standard deviations of the rotations about the start's axes, radians
     */
    record Prior(Vec3 radiiMm, Vec3 logRadii, Vec3 rotations) {}

    private final double[] points;
    private final double[] weights;
    private final Prior prior;
    private final double weightSum;

    /** Axes as rows. */
    private final double[] axes;

    /** Axes of the start, from which the rotation is counted. */
    private final double[] startAxes;

    private final double[] centre;
    private final double[] logRadii;
    private double residualMm;

    private EllipsoidFit(double[] points, double[] weights, Vec3 centre, Prior prior, Vec3[] axes) {
        this.points = points;
        this.weights = weights;
        this.prior = prior;
        this.centre = new double[] {centre.x(), centre.y(), centre.z()};
        startAxes = new double[9];
        logRadii = new double[3];
        for (int i = 0; i < 3; i++) {
            startAxes[3 * i] = axes[i].x();
            startAxes[3 * i + 1] = axes[i].y();
            startAxes[3 * i + 2] = axes[i].z();
            logRadii[i] = Math.log(component(prior.radiiMm(), i));
        }
        this.axes = startAxes.clone();
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        weightSum = sum;
    }

    /**
     * @param points x, y, z of each point, mm
     * @param weights of each point, not negative
     * @param prior the radii to start with, and how far they may lie from that
     * @param axes unit vectors of the three radii
     */
    static EllipsoidFit of(
            double[] points, double[] weights, Vec3 centre, Prior prior, Vec3[] axes) {
        EllipsoidFit fit = new EllipsoidFit(points, weights, centre, prior, axes);
        fit.run();
        return fit;
    }

    Vec3 centre() {
        return new Vec3(centre[0], centre[1], centre[2]);
    }

    double radius(int axis) {
        return Math.exp(logRadii[axis]);
    }

    Vec3 axis(int axis) {
        return new Vec3(axes[3 * axis], axes[3 * axis + 1], axes[3 * axis + 2]);
    }

    /** Median distance of the points from the ellipsoid, mm. */
    double residualMm() {
        return residualMm;
    }

    private void run() {
        int n = weights.length;
        double[] r = new double[n];
        double[] state = pack();
        residuals(state, r);
        SmallSystem system = new SmallSystem(UNKNOWNS);
        double[] step = new double[UNKNOWNS];
        double[] row = new double[UNKNOWNS];
        double[][] moved = new double[UNKNOWNS][n];
        double[] trial = new double[n];
        double damping = 1e-3;
        for (int it = 0; it < ITERATIONS; it++) {
            double misfit = medianOf(r);
            double falling = FIRST_SCALE_MM * Math.pow(SCALE_FALL, it);
            double scale = Math.max(falling, Math.max(LEAST_SCALE_MM, 3 * misfit));
            double priorWeight = priorWeight(misfit);
            double cost = cost(state, r, scale, priorWeight);
            for (int k = 0; k < UNKNOWNS; k++) {
                double[] s = state.clone();
                s[k] += 1e-5;
                residuals(s, moved[k]);
            }
            system.clear();
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < UNKNOWNS; k++) {
                    row[k] = (moved[k][i] - r[i]) / 1e-5;
                }
                double q = 1 + r[i] * r[i] / (scale * scale);
                system.add(row, -r[i], weights[i] / (q * q));
            }
            addPriors(system, state, priorWeight, row);
            boolean better = false;
            double size = 0;
            for (int attempt = 0; attempt < 8 && !better; attempt++) {
                if (system.solve(damping, step)) {
                    double[] s = state.clone();
                    size = 0;
                    for (int k = 0; k < UNKNOWNS; k++) {
                        double limit = k < 3 ? 1.5 : 0.25;
                        double d = Math.clamp(step[k], -limit, limit);
                        s[k] += d;
                        size = Math.max(size, Math.abs(d));
                    }
                    residuals(s, trial);
                    double c = cost(s, trial, scale, priorWeight);
                    if (c < cost) {
                        better = true;
                        System.arraycopy(s, 0, state, 0, UNKNOWNS);
                        System.arraycopy(trial, 0, r, 0, n);
                    }
                }
                damping = Math.clamp(better ? damping / 5 : damping * 6, 1e-9, 1e9);
            }
            if ((!better || size < 1e-5) && falling < LEAST_SCALE_MM) {
                break;
            }
        }
        unpack(state);
        residualMm = medianOf(r);
    }

    private double[] pack() {
        return new double[] {
            centre[0], centre[1], centre[2], logRadii[0], logRadii[1], logRadii[2], 0, 0, 0
        };
    }

    private void unpack(double[] s) {
        System.arraycopy(s, 0, centre, 0, 3);
        System.arraycopy(s, 3, logRadii, 0, 3);
        System.arraycopy(turned(s), 0, axes, 0, 9);
    }

    /** The start's axes, turned by the rotation vector in their own coordinates. */
    private double[] turned(double[] s) {
        double a = Math.sqrt(s[6] * s[6] + s[7] * s[7] + s[8] * s[8]);
        if (a < 1e-12) {
            return startAxes;
        }
        double x = s[6] / a;
        double y = s[7] / a;
        double z = s[8] / a;
        double c = Math.cos(a);
        double d = 1 - c;
        double t = Math.sin(a);
        double[] m = {
            c + x * x * d,
            x * y * d - z * t,
            x * z * d + y * t,
            y * x * d + z * t,
            c + y * y * d,
            y * z * d - x * t,
            z * x * d - y * t,
            z * y * d + x * t,
            c + z * z * d
        };
        double[] out = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                // New axis i is the i-th column of the rotation, expressed in the start's axes.
                out[3 * i + j] =
                        m[i] * startAxes[j]
                                + m[3 + i] * startAxes[3 + j]
                                + m[6 + i] * startAxes[6 + j];
            }
        }
        return out;
    }

    private void residuals(double[] s, double[] out) {
        double[] m = turned(s);
        double ra = Math.exp(-s[3]);
        double rb = Math.exp(-s[4]);
        double rc = Math.exp(-s[5]);
        for (int i = 0, o = 0; i < out.length; i++, o += 3) {
            double x = points[o] - s[0];
            double y = points[o + 1] - s[1];
            double z = points[o + 2] - s[2];
            double a = (m[0] * x + m[1] * y + m[2] * z) * ra;
            double b = (m[3] * x + m[4] * y + m[5] * z) * rb;
            double c = (m[6] * x + m[7] * y + m[8] * z) * rc;
            double k0 = Math.sqrt(a * a + b * b + c * c);
            a *= ra;
            b *= rb;
            c *= rc;
            double k1 = Math.sqrt(a * a + b * b + c * c);
            out[i] = k1 > 1e-9 ? k0 * (k0 - 1) / k1 : -1 / Math.max(ra, Math.max(rb, rc));
        }
    }

    private static double medianOf(double[] r) {
        double[] a = new double[r.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = Math.abs(r[i]);
        }
        java.util.Arrays.sort(a);
        return a.length == 0 ? 0 : a[a.length / 2];
    }

    private double priorWeight(double misfit) {
        double m = Math.max(LEAST_MISFIT_MM, misfit);
        return weightSum * m * m / INDEPENDENT_POINTS;
    }

    private double cost(double[] s, double[] r, double scale, double priorWeight) {
        double sum = 0;
        for (int i = 0; i < r.length; i++) {
            double q = r[i] * r[i];
            sum += weights[i] * q / (1 + q / (scale * scale));
        }
        for (int k = 3; k < UNKNOWNS; k++) {
            double e = fromPrior(s, k) / deviation(k);
            sum += priorWeight * e * e;
        }
        return sum;
    }

    private void addPriors(SmallSystem system, double[] s, double priorWeight, double[] row) {
        for (int k = 3; k < UNKNOWNS; k++) {
            java.util.Arrays.fill(row, 0);
            row[k] = 1;
            double sigma = deviation(k);
            system.add(row, -fromPrior(s, k), priorWeight / (sigma * sigma));
        }
    }

    private double fromPrior(double[] s, int k) {
        return k < 6 ? s[k] - Math.log(component(prior.radiiMm(), k - 3)) : s[k];
    }

    private double deviation(int k) {
        return k < 6 ? component(prior.logRadii(), k - 3) : component(prior.rotations(), k - 6);
    }

    private static double component(Vec3 v, int i) {
        return i == 0 ? v.x() : i == 1 ? v.y() : v.z();
    }
}
