/** The commands: serve, demo, phantom, send, process. */
@NullMarked
package org.negvol.cli;

import org.jspecify.annotations.NullMarked;
