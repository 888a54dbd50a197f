package org.negvol.measure;

import org.negvol.surface.TriangleMesh;

/**
 * The right negative volume, mirrored and laid onto the left one, with what still differs.
 *
 * @param right its surface in the left joint's place, LPS mm
 * @param leftMm for each vertex of the left surface its distance to the other one, mm
 * @param rightMm the same for the right surface's vertices
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record MirroredOverlay(TriangleMesh right, float[] leftMm, float[] rightMm) {}
