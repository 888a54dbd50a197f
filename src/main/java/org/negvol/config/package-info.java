/** Every configuration key of negvol: name, type, default and meaning, in one place. */
@NullMarked
package org.negvol.config;

import org.jspecify.annotations.NullMarked;
