/** Where instances live: the object store and the index in PostgreSQL. */
@NullMarked
package org.negvol.archive;

import org.jspecify.annotations.NullMarked;
