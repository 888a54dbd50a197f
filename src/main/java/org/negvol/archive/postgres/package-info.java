/**
 * A real PostgreSQL inside the application, for who has none: its server is unpacked, initialised,
 * started, watched and stopped here. Knows nothing of what is stored.
 */
@NullMarked
package org.negvol.archive.postgres;

import org.jspecify.annotations.NullMarked;
