package org.negvol.measure;

import org.jspecify.annotations.Nullable;
import org.negvol.surface.MeshDistance;
import org.negvol.volume.Vec3;

/** Where rays meet one mesh; one thread's. */
final class Rays {

    private final MeshDistance.Query query;
    private int triangle = -1;

    Rays(MeshDistance mesh) {
        query = mesh.query();
    }

    /** First point of the surface along a ray, or null if there is none within reach. */
    @Nullable Vec3 first(Vec3 from, Vec3 unit, double withinMm) {
        double t = distance(from, unit, withinMm);
        return t <= withinMm ? from.plus(unit.times(t)) : null;
    }

    /** Distance to the first point of the surface along a ray; infinite if none is within reach. */
    double distance(Vec3 from, Vec3 unit, double withinMm) {
        return query.ray(from.x(), from.y(), from.z(), unit.x(), unit.y(), unit.z(), withinMm);
    }

    /**
     * Last point of the surface along a ray, or null if there is none within reach. From within a
     * bone that is where the ray leaves it for good, whatever hollows it passes on the way.
     */
    @Nullable Vec3 last(Vec3 from, Vec3 unit, double withinMm) {
        double t = 0;
        @Nullable Vec3 found = null;
        // A sound bone is left after one or a few surfaces; more is foam, and one of them will do.
        for (int i = 0; i < 32 && t < withinMm; i++) {
            Vec3 p = from.plus(unit.times(t));
            double d = distance(p, unit, withinMm - t);
            if (!(d <= withinMm - t)) {
                break;
            }
            found = p.plus(unit.times(d));
            triangle = query.triangle();
            t += d + 1e-6;
        }
        return found;
    }

    /** The triangle of the point that {@link #last} found last, or -1 before. */
    int lastTriangle() {
        return triangle;
    }
}
