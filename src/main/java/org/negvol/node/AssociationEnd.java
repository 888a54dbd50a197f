package org.negvol.node;

import java.util.Map;

/**
 * An association that stored instances has ended; fired as a CDI event on the association's thread.
 *
 * @param associationId which one, for logs
 * @param callingAet who sent
 * @param released whether the peer said it was done, rather than broke off
 * @param instancesBySeries how many instances of which series came over it, known ones included
 */
public record AssociationEnd(
        String associationId,
        String callingAet,
        boolean released,
        Map<Long, Integer> instancesBySeries) {

    public AssociationEnd {
        instancesBySeries = Map.copyOf(instancesBySeries);
    }
}
