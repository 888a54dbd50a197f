/** Volumes, areas, joint-space distances, symmetry and quality flags. */
@NullMarked
package org.negvol.measure;

import org.jspecify.annotations.NullMarked;
