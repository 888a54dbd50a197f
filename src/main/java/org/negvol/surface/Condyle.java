package org.negvol.surface;

import org.negvol.volume.Vec3;

/**
 * The condyle in the mandible: its axis and where it ends.
 *
 * @param axis unit vector from the neck to the top
 * @param topMm highest point of its surface along the axis, LPS mm
 * @param cutPointMm where the axis passes the neck's cutting plane, LPS mm
 * @param cutDepthMm distance of the cutting plane below the top; infinite for {@link NeckCut#NONE}
 *     and where nothing lies below the plane
 * @param lowestMm how far below the top the mandible reaches in the VOI
 */
record Condyle(Vec3 axis, Vec3 topMm, Vec3 cutPointMm, double cutDepthMm, double lowestMm) {

    /** Distance below the top along the axis, mm. */
    double depthMm(double x, double y, double z) {
        return (topMm.x() - x) * axis.x() + (topMm.y() - y) * axis.y() + (topMm.z() - z) * axis.z();
    }
}
