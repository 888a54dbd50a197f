package org.negvol.node;

import java.util.Set;

/**
 * An association that stored instances has ended; fired as a CDI event on the association's thread.
 *
 * @param associationId which one, for logs
 * @param callingAet who sent
 * @param released whether the peer said it was done, rather than broke off
 * @param seriesIds the series it added instances to
 */
public record AssociationEnd(
        String associationId, String callingAet, boolean released, Set<Long> seriesIds) {

    public AssociationEnd {
        seriesIds = Set.copyOf(seriesIds);
    }
}
