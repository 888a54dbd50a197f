/**
 * The audit trail after PS3.15: its messages (A.5), the files they are kept in, and the way to an
 * audit record repository (A.6, A.7).
 */
@NullMarked
package org.negvol.node.audit;

import org.jspecify.annotations.NullMarked;
