package org.negvol.dimse;

import java.util.List;

/**
 * What a C-MOVE or C-GET response says.
 *
 * @param status pending while sub-operations go on
 * @param remaining Number of Remaining Sub-operations, 0 if it is not said
 * @param completed Number of Completed Sub-operations
 * @param failed Number of Failed Sub-operations
 * @param warning Number of Warning Sub-operations
 * @param failedInstances Failed SOP Instance UID List
 */
public record RetrieveResult(
        DimseStatus status,
        int remaining,
        int completed,
        int failed,
        int warning,
        List<String> failedInstances) {
    public RetrieveResult {
        failedInstances = List.copyOf(failedInstances);
    }
}
