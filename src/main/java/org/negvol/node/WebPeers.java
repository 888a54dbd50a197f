package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import org.negvol.archive.Arrival;
import org.negvol.archive.Receipt;
import org.negvol.archive.RefusedException;
import org.negvol.config.Settings;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dimse.AssociationInfo;
import org.negvol.dimse.PresentationPolicy;
import org.negvol.node.audit.AuditTrail;

/**
 * Those who come by HTTP instead of DIMSE: the same rules, by address alone, since they have no AE
 * title; and the same way into the archive. One request counts as one association.
 */
@ApplicationScoped
public class WebPeers {

    /** What stands where a sender's AE title stands otherwise. */
    static final String TITLE = "STOW-RS";

    private final CallerPolicy callers;
    private final StorageScp storage;
    private final Reception reception;
    private final AuditTrail audit;
    private final String aeTitle;

    WebPeers(Settings settings, StorageScp storage, Reception reception, AuditTrail audit) {
        this.callers = new CallerPolicy(settings);
        this.storage = storage;
        this.reception = reception;
        this.audit = audit;
        aeTitle = settings.aeTitle();
    }

    /** Whether the peer may see what is archived, and have studies processed and sent again. */
    public boolean mayRetrieve(InetAddress peer) {
        return callers.mayRetrieve(peer);
    }

    /** Whether the peer may store. */
    public boolean mayStore(InetAddress peer) {
        return callers.mayStore(peer);
    }

    /** Whether the node keeps instances of a class in an encoding. */
    public static boolean isStorable(String sopClassUid, String transferSyntaxUid) {
        return PresentationPolicy.isStorage(sopClassUid)
                && Node.presentation().storageTransferSyntaxes().contains(transferSyntaxUid);
    }

    /** Begins a request that stores. */
    public Transfer begin(InetSocketAddress peer) {
        return new Transfer(
                new AssociationInfo(
                        UUID.randomUUID().toString(),
                        false,
                        TITLE,
                        aeTitle,
                        peer,
                        List.of(),
                        "",
                        null));
    }

    /** One request; series that it brought whole are processed when it is closed. */
    public final class Transfer implements AutoCloseable {

        private final AssociationInfo association;
        private boolean whole;

        private Transfer(AssociationInfo association) {
            this.association = association;
        }

        /**
         * Stores an instance; when this returns, it is safe.
         *
         * @param dataset read to its end
         * @throws RefusedException if it was not stored
         */
        public Receipt store(
                String sopClassUid,
                String sopInstanceUid,
                TransferSyntax syntax,
                InputStream dataset)
                throws RefusedException, IOException {
            return storage.take(
                    association, new Arrival(sopClassUid, sopInstanceUid, syntax, TITLE), dataset);
        }

        /** The request was read to its end: the peer has sent all it meant to send. */
        public void complete() {
            whole = true;
        }

        @Override
        public void close() {
            reception.ended(association, whole);
            audit.ended(association);
        }
    }
}
