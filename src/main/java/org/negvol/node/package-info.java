/**
 * The service that binds DIMSE services to the archive: AE configuration, allow-list, storage SCP.
 */
@NullMarked
package org.negvol.node;

import org.jspecify.annotations.NullMarked;
