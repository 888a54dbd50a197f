package org.negvol.surface;

import java.util.function.Supplier;

/**
 * Hears of what {@link NegativeVolume} makes on its way, in its order; for pictures of the method.
 * Meshes are in patient coordinates (LPS, mm) and belong to the listener.
 */
public interface StageListener {

    /** Hears nothing. */
    StageListener NONE = new StageListener() {};

    /** The surface of all mandible in the VOI. */
    default void mandible(TriangleMesh mesh) {}

    /** The condyle's surface before it is inflated. */
    default void start(TriangleMesh mesh) {}

    /**
     * The surface after another step.
     *
     * @param wayMm how far a vertex can have come by now
     * @param mesh makes a copy of it as it is now; useless after this call
     */
    default void inflating(double wayMm, Supplier<TriangleMesh> mesh) {}

    /** The convex hull whose free part is the fossa's mouth. */
    default void mouth(TriangleMesh hull) {}
}
