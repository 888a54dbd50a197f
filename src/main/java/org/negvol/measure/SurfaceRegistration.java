package org.negvol.measure;

import java.util.Arrays;
import org.negvol.surface.MeshDistance;
import org.negvol.volume.Vec3;

/**
 * The rigid motion that lays one surface onto another with the least mean square distance.
 *
 * <p>Distances are exact point-to-mesh distances of {@value #SAMPLES} points of either surface to
 * the other, so neither can shrink into a part of the other. Gauss–Newton on these distances (the
 * point-to-plane iteration of Chen, Medioni, "Object modelling by registration of multiple range
 * images", 1992) with Levenberg's damping, from the better of the given starts; at most {@value
 * #ITERATIONS} steps. Deterministic.
 */
final class SurfaceRegistration {

    private static final int SAMPLES = 400;
    private static final int ITERATIONS = 40;

    /** A step below this (mm, and mrad) is the end. */
    private static final double LEAST_STEP = 2e-4;

    private final double[] fixedPoints;
    private final double[] movingPoints;
    private final Vec3 movingMiddle;
    private final MeshDistance.Query fixedQuery;
    private final MeshDistance.Query movingQuery;
    private final int[] likely = new int[2 * SAMPLES];

    /** The normal equations at the best motion so far, and at the one being tried. */
    private SmallSystem system = new SmallSystem(6);

    private SmallSystem trialSystem = new SmallSystem(6);

    private final double[] row = new double[6];

    private SurfaceRegistration(MeshDistance fixed, MeshDistance moving) {
        fixedPoints = SurfaceSample.of(fixed.mesh(), SAMPLES);
        movingPoints = SurfaceSample.of(moving.mesh(), SAMPLES);
        movingMiddle = middle(movingPoints);
        fixedQuery = fixed.query();
        movingQuery = moving.query();
        Arrays.fill(likely, -1);
    }

    /**
     * @param motion takes the moving surface onto the fixed one
     * @param residualMm root mean square distance that is left
     */
    record Result(RigidMotion motion, double residualMm) {}

    /** Registers from the starts; with none, from equal middles without rotation. */
    static Result register(MeshDistance fixed, MeshDistance moving, RigidMotion... starts) {
        SurfaceRegistration r = new SurfaceRegistration(fixed, moving);
        RigidMotion best = RigidMotion.translation(middle(r.fixedPoints).minus(r.movingMiddle));
        double cost = r.cost(best);
        for (RigidMotion start : starts) {
            double c = r.cost(start);
            if (c < cost) {
                cost = c;
                best = start;
            }
        }
        return r.run(best);
    }

    private static Vec3 middle(double[] points) {
        double x = 0;
        double y = 0;
        double z = 0;
        for (int i = 0; i < points.length; i += 3) {
            x += points[i];
            y += points[i + 1];
            z += points[i + 2];
        }
        return new Vec3(x, y, z).times(3.0 / points.length);
    }

    private Result run(RigidMotion start) {
        RigidMotion motion = start;
        double[] step = new double[6];
        double damping = 1e-3;
        double cost = cost(motion);
        for (int it = 0; it < ITERATIONS; it++) {
            boolean better = false;
            double size = 0;
            swapSystems();
            double trialCost = cost;
            for (int attempt = 0; attempt < 6 && !better; attempt++) {
                // A ball may turn without any change, which damping settles.
                if (system.solve(damping, step)) {
                    Vec3 shift = new Vec3(step[0], step[1], step[2]);
                    Vec3 turn = new Vec3(step[3], step[4], step[5]);
                    turn = turn.norm() > 0.3 ? turn.times(0.3 / turn.norm()) : turn;
                    RigidMotion trial = motion.thenSmall(turn, motion.apply(movingMiddle), shift);
                    trialCost = cost(trial);
                    if (trialCost < cost) {
                        better = true;
                        motion = trial;
                        size = Math.max(shift.norm(), 10 * turn.norm());
                    }
                }
                damping =
                        Math.clamp(better ? damping / 10 : Math.max(1e-6, damping * 8), 1e-12, 1e6);
            }
            if (!better || size < LEAST_STEP) {
                break;
            }
            cost = trialCost;
        }
        return new Result(motion, Math.sqrt(cost));
    }

    private void swapSystems() {
        SmallSystem tried = trialSystem;
        trialSystem = system;
        system = tried;
    }

    /** Mean square distance; puts the equations of a small motion into the trial's system. */
    private double cost(RigidMotion motion) {
        trialSystem.clear();
        RigidMotion back = motion.inverse();
        Vec3 about = motion.apply(movingMiddle);
        double sum = 0;
        for (int i = 0; i < SAMPLES; i++) {
            Vec3 p =
                    motion.apply(
                            new Vec3(
                                    movingPoints[3 * i],
                                    movingPoints[3 * i + 1],
                                    movingPoints[3 * i + 2]));
            double d = nearest(fixedQuery, p, i);
            sum += d * d;
            if (d > 1e-9) {
                addRow(p, p.minus(fixedQuery.point()).times(1 / d), d, about);
            }
            Vec3 f = new Vec3(fixedPoints[3 * i], fixedPoints[3 * i + 1], fixedPoints[3 * i + 2]);
            Vec3 q = back.apply(f);
            d = nearest(movingQuery, q, SAMPLES + i);
            sum += d * d;
            if (d > 1e-9) {
                Vec3 m = motion.apply(movingQuery.point());
                addRow(m, m.minus(f).times(1 / d), d, about);
            }
        }
        return sum / (2 * SAMPLES);
    }

    private double nearest(MeshDistance.Query query, Vec3 p, int slot) {
        if (likely[slot] >= 0) {
            query.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY, likely[slot]);
        } else {
            query.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY);
        }
        likely[slot] = query.triangle();
        return query.distanceMm();
    }

    /**
     * How a point of the moving surface comes away from its counterpart: n · (shift + turn × arm).
     */
    private void addRow(Vec3 p, Vec3 n, double d, Vec3 about) {
        Vec3 lever = p.minus(about).cross(n);
        row[0] = n.x();
        row[1] = n.y();
        row[2] = n.z();
        row[3] = lever.x();
        row[4] = lever.y();
        row[5] = lever.z();
        trialSystem.add(row, -d, 1);
    }
}
