package org.negvol.measure;

import org.jspecify.annotations.Nullable;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/**
 * Where rays meet one surface, whose mesh stands for something curved; one thread's.
 *
 * <p>A flat triangle lies below the curved surface through its corners. With their normals n the
 * surface stands {@code ½ Σ bᵢ nᵢ · (vᵢ − p)} above the triangle's point p with the barycentric
 * coordinates b, up to the third order in the triangle's size; the distances given are to there.
 */
final class Rays {

    /** Rays that graze the surface more than this are left where they met the triangle. */
    private static final double GRAZING = 0.2;

    private final TriangleMesh mesh;
    private final MeshNormals normals;
    private final MeshDistance.Query query;
    private int triangle = -1;

    Rays(MeshDistance distance, MeshNormals normals) {
        mesh = distance.mesh();
        this.normals = normals;
        query = distance.query();
    }

    /** First point of the surface along a ray, or null if there is none within reach. */
    @Nullable Vec3 first(Vec3 from, Vec3 unit, double withinMm) {
        double t = distance(from, unit, withinMm);
        return t <= withinMm ? from.plus(unit.times(t)) : null;
    }

    /** Distance to the first point of the surface along a ray; infinite if none is within reach. */
    double distance(Vec3 from, Vec3 unit, double withinMm) {
        double t = flat(from, unit, withinMm);
        return t <= withinMm ? curved(from, unit, t, query.triangle()) : t;
    }

    private double flat(Vec3 from, Vec3 unit, double withinMm) {
        return query.ray(from.x(), from.y(), from.z(), unit.x(), unit.y(), unit.z(), withinMm);
    }

    /**
     * Last point of the surface along a ray, or null if there is none within reach. From within a
     * bone that is where the ray leaves it for good, whatever hollows it passes on the way.
     */
    @Nullable Vec3 last(Vec3 from, Vec3 unit, double withinMm) {
        double t = 0;
        double found = -1;
        // A sound bone is left after one or a few surfaces; more is foam, and one of them will do.
        for (int i = 0; i < 32 && t < withinMm; i++) {
            double d = flat(from.plus(unit.times(t)), unit, withinMm - t);
            if (!(d <= withinMm - t)) {
                break;
            }
            found = t + d;
            triangle = query.triangle();
            t = found + 1e-6;
        }
        return found < 0 ? null : from.plus(unit.times(curved(from, unit, found, triangle)));
    }

    /** The triangle of the point that {@link #last} found last, or -1 before. */
    int lastTriangle() {
        return triangle;
    }

    /** The distance to the curved surface, where the flat triangle was met at a distance t. */
    private double curved(Vec3 from, Vec3 unit, double t, int met) {
        Vec3 p = from.plus(unit.times(t));
        int[] c = mesh.triangles();
        Vec3[] corner = new Vec3[3];
        for (int q = 0; q < 3; q++) {
            corner[q] = mesh.vertex(c[3 * met + q]);
        }
        Vec3 across = corner[1].minus(corner[0]).cross(corner[2].minus(corner[0]));
        double twice = across.dot(across);
        if (!(twice > 0)) {
            return t;
        }
        double above = 0;
        Vec3 normal = Vec3.ZERO;
        for (int q = 0; q < 3; q++) {
            Vec3 a = corner[(q + 1) % 3];
            Vec3 b = corner[(q + 2) % 3];
            double share = a.minus(p).cross(b.minus(p)).dot(across) / twice;
            Vec3 n = normals.normal(c[3 * met + q]);
            above += 0.5 * share * n.dot(corner[q].minus(p));
            normal = normal.plus(n.times(share));
        }
        double slope = normal.dot(unit);
        return Math.abs(slope) > GRAZING ? t + above / slope : t;
    }
}
