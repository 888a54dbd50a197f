/**
 * CT geometry: slices become a voxel volume in patient space.
 *
 * <p>Coordinates are DICOM patient coordinates (LPS: x grows to the patient's left, y to the back,
 * z to the head) in millimetres. Voxel indices are {@code (i, j, k)} = (column, row, slice); the
 * centre of the first voxel has index (0, 0, 0).
 */
@NullMarked
package org.negvol.volume;

import org.jspecify.annotations.NullMarked;
