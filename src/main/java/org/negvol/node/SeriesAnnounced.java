package org.negvol.node;

import java.util.Map;

/**
 * A scanner has said which or how many instances of a series there are, and they are all archived:
 * by a request for storage commitment, a completed procedure step or the answer to a query. Fired
 * as a CDI event.
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
