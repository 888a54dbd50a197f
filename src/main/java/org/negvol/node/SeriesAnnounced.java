package org.negvol.node;

import java.util.Map;

/**
 * A scanner has said which instances of a series there are, and they are all archived: by a request
 * for storage commitment or a completed procedure step. Fired as a CDI event.
 *
 * @param callingAet who said so
 * @param how by which service, for logs
 * @param instancesBySeries how many instances of each series were named
 */
public record SeriesAnnounced(String callingAet, String how, Map<Long, Integer> instancesBySeries) {

    public SeriesAnnounced {
        instancesBySeries = Map.copyOf(instancesBySeries);
    }
}
