/** When a series is complete, jobs, retries, idempotence and deliveries to the PACS. */
@NullMarked
package org.negvol.workflow;

import org.jspecify.annotations.NullMarked;
