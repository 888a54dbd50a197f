package org.negvol.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/**
 * One joint space: from where a ray from the condyle's centre leaves the condyle, along the
 * condyle's outward normal there, to the temporal bone.
 *
 * <p>One ray hangs on one voxel of the surface. So {@value #RAYS} rays are cast, evenly within
 * {@value #CONE_DEGREES}° of the direction asked for, and the space is their median: the same on a
 * smooth joint, and steady on a rough one. A ray that leaves the condyle over an edge, or whose
 * normal passes bone that lies much nearer, tells nothing of the space; where a third of the rays
 * is such, or the rays disagree, there is no space to be measured, and the answer says why.
 */
final class JointSpaceProbe {

    /** No joint space is wider; beyond it there is no fossa on that side. */
    static final double FARTHEST_MM = 15;

    /** Half the opening of the bundle of rays: 1 mm on a condyle's surface. */
    private static final double CONE_DEGREES = 8;

    /** One in the middle, six halfway out, twelve round the rim. */
    private static final int RAYS = 19;

    /** With fewer rays than this there is no space. */
    private static final int LEAST_RAYS = 13;

    /**
     * The normal is the mean over this radius (mm): on a curved surface the sides cancel, and noise
     * of single voxels does not turn it.
     */
    private static final double NORMAL_RADIUS_MM = 0.8;

    /** Normals turned further than this from the frame's ellipsoid's belong to an edge or a pit. */
    private static final double LARGEST_TURN_DEGREES = 50;

    /** A normal that meets bone this many times further away than the nearest bone passes it by. */
    private static final double PASSING = 2;

    /** Plus this (mm), since next to contact every ratio is large. */
    private static final double PASSING_MM = 1;

    /** Spaces of eight of ten rays of one site lie within this (mm). */
    private static final double LARGEST_SPREAD_MM = 2;

    /**
     * @param condyle where it starts
     * @param temporal where it ends
     */
    record Gap(Vec3 condyle, Vec3 temporal) {
        double mm() {
            return condyle.distanceTo(temporal);
        }
    }

    /**
     * The space, or why there is none.
     *
     * @param gap null if refused
     * @param why empty if not refused
     */
    record Answer(@Nullable Gap gap, String why) {}

    private final TriangleMesh condyle;
    private final MeshNormals normals;
    private final Rays condyleRays;
    private final Rays temporalRays;
    private final MeshDistance.Query nearest;

    JointSpaceProbe(
            TriangleMesh condyle,
            MeshNormals normals,
            Rays condyleRays,
            MeshDistance temporal,
            Rays temporalRays) {
        this.condyle = condyle;
        this.normals = normals;
        this.condyleRays = condyleRays;
        this.temporalRays = temporalRays;
        nearest = temporal.query();
    }

    /** The joint space in a direction from the frame's centre. */
    Answer space(JointFrame frame, Vec3 direction) {
        List<Gap> gaps = new ArrayList<>();
        int edge = 0;
        int open = 0;
        int passing = 0;
        for (Vec3 d : bundle(direction.normalised())) {
            Vec3 start = condyleRays.last(frame.centre(), d, 40);
            Vec3 normal = start == null ? null : normalAt(start);
            if (start == null || normal == null || turned(frame, start, normal)) {
                edge++;
                continue;
            }
            Vec3 end = temporalRays.first(start, normal, FARTHEST_MM);
            if (end == null) {
                open++;
                continue;
            }
            Gap gap = new Gap(start, end);
            nearest.nearest(start.x(), start.y(), start.z(), Double.POSITIVE_INFINITY);
            if (gap.mm() > PASSING * nearest.distanceMm() + PASSING_MM) {
                passing++;
            } else {
                gaps.add(gap);
            }
        }
        if (gaps.size() < LEAST_RAYS) {
            if (open >= edge && open >= passing) {
                return refused("no bone is met within %.0f mm", FARTHEST_MM);
            }
            return refused(
                    edge >= passing
                            ? "the condyle has an edge or a pit there"
                            : "the nearest bone lies beside and not over the condyle there");
        }
        gaps.sort(Comparator.comparingDouble(Gap::mm));
        int n = gaps.size();
        double low = gaps.get(n / 10).mm();
        double high = gaps.get(n - 1 - n / 10).mm();
        if (high - low > LARGEST_SPREAD_MM) {
            return refused("it runs from %.1f to %.1f mm within 2 mm of the condyle", low, high);
        }
        return new Answer(gaps.get((n - 1) / 2), "");
    }

    private static Answer refused(String why, Object... figures) {
        return new Answer(null, String.format(Locale.ROOT, why, figures));
    }

    private static Vec3[] bundle(Vec3 direction) {
        // Any two directions across will do, as long as mirrored joints get mirrored ones.
        Vec3 helper = Math.abs(direction.z()) < 0.9 ? new Vec3(0, 0, 1) : new Vec3(0, 1, 0);
        Vec3 e1 = direction.cross(helper).normalised();
        Vec3 e2 = e1.cross(direction);
        Vec3[] rays = new Vec3[RAYS];
        rays[0] = direction;
        for (int i = 0; i < 18; i++) {
            boolean inner = i < 6;
            double tilt = Math.toRadians(inner ? CONE_DEGREES / 2 : CONE_DEGREES);
            double turn = Math.toRadians(inner ? 60 * i : 30 * i);
            Vec3 across = e1.times(Math.cos(turn)).plus(e2.times(Math.sin(turn)));
            rays[1 + i] = direction.times(Math.cos(tilt)).plus(across.times(Math.sin(tilt)));
        }
        return rays;
    }

    /** Whether a normal has nothing to do with the head's shape at that point. */
    private static boolean turned(JointFrame frame, Vec3 at, Vec3 normal) {
        Vec3 c = frame.coordinates(at);
        Vec3 wanted =
                frame.direction(
                        c.x() / (frame.halfWidthMm() * frame.halfWidthMm()),
                        c.y() / (frame.halfDepthMm() * frame.halfDepthMm()),
                        c.z() / (frame.heightMm() * frame.heightMm()));
        return normal.dot(wanted) < Math.cos(Math.toRadians(LARGEST_TURN_DEGREES)) * wanted.norm();
    }

    /** Mean outward normal round a point of the surface, nearer vertices weighing more. */
    private @Nullable Vec3 normalAt(Vec3 p) {
        double[] xyz = condyle.xyzMm();
        double[] n = normals.normals;
        double[] sum = new double[3];
        double r2 = NORMAL_RADIUS_MM * NORMAL_RADIUS_MM;
        for (int v = 0; v < xyz.length; v += 3) {
            double dx = xyz[v] - p.x();
            double dy = xyz[v + 1] - p.y();
            double dz = xyz[v + 2] - p.z();
            double d2 = dx * dx + dy * dy + dz * dz;
            if (d2 < r2) {
                double w = normals.areaMm2[v / 3] * (1 - d2 / r2);
                for (int a = 0; a < 3; a++) {
                    sum[a] += w * n[v + a];
                }
            }
        }
        Vec3 mean = new Vec3(sum[0], sum[1], sum[2]);
        return mean.norm() > 0 ? mean.normalised() : null;
    }
}
