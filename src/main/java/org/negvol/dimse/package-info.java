/** PDUs, associations and DIMSE services as SCP and SCU (PS3.7, PS3.8). */
@NullMarked
package org.negvol.dimse;

import org.jspecify.annotations.NullMarked;
