/**
 * Sub-voxel bone surfaces, signed distance, inflation, clipping, Boolean difference and mesh
 * quality; plain numbers in, plain numbers out.
 */
@NullMarked
package org.negvol.surface;

import org.jspecify.annotations.NullMarked;
