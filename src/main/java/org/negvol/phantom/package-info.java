/** Procedural CT heads with known joints, for tests, the demo and training. */
@NullMarked
package org.negvol.phantom;

import org.jspecify.annotations.NullMarked;
