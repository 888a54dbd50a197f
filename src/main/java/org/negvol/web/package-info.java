/** REST and the page. */
@NullMarked
package org.negvol.web;

import org.jspecify.annotations.NullMarked;
