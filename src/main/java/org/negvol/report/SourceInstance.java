package org.negvol.report;

import java.util.List;

/**
 * An instance the results were computed from.
 *
 * @param sopClassUid SOP Class UID (0008,0016)
 * @param sopInstanceUid SOP Instance UID (0008,0018)
 * @param frames numbers of the frames, from 1, that the results were computed from; empty for all
 *     of the instance
 */
record SourceInstance(String sopClassUid, String sopInstanceUid, List<Integer> frames) {

    SourceInstance {
        frames = List.copyOf(frames);
    }
}
