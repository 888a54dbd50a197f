package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.negvol.archive.Archive;
import org.negvol.archive.Receipt;
import org.negvol.dimse.AssociationInfo;

/** Which series are being received over which associations? */
@ApplicationScoped
public class Reception {

    private static final Logger LOG = Logger.getLogger(Reception.class);

    private final Map<String, Map<Long, Integer>> seriesByAssociation = new ConcurrentHashMap<>();
    private final Event<InstanceStored> stored;
    private final Event<AssociationEnd> ends;
    private final Archive archive;

    Reception(Event<InstanceStored> stored, Event<AssociationEnd> ends, Archive archive) {
        this.stored = stored;
        this.ends = ends;
        this.archive = archive;
    }

    /** Whether an open association of this process has added to the series. */
    public boolean isOpen(long seriesId) {
        return seriesByAssociation.values().stream().anyMatch(s -> s.containsKey(seriesId));
    }

    void stored(AssociationInfo association, Receipt receipt) {
        seriesByAssociation
                .computeIfAbsent(association.id(), id -> new ConcurrentHashMap<>())
                .merge(receipt.seriesId(), 1, Integer::sum);
        stored.fire(new InstanceStored(receipt.header(), receipt.objectKey()));
    }

    void ended(AssociationInfo association, boolean released) {
        Map<Long, Integer> series = seriesByAssociation.remove(association.id());
        if (series == null) {
            return;
        }
        try {
            // Who hears of the end counts the rows.
            archive.awaitIndexed();
            ends.fire(
                    new AssociationEnd(
                            association.id(), association.callingAet(), released, series));
        } catch (RuntimeException e) {
            // The quiet period releases the series all the same.
            LOG.errorf(e, "The end of association %s was not handled", association.id());
        }
    }
}
