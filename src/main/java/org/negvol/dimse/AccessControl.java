package org.negvol.dimse;

import java.net.InetAddress;
import java.util.Set;

/**
 * May this AE come in? Protocol version and application context are right by then; the number of
 * associations is the server's to limit. Called on the association's own thread.
 */
@FunctionalInterface
public interface AccessControl {

    /**
     * Decides by titles, user identity and address.
     *
     * @param rq the request
     * @param peer address of the calling machine
     */
    Admission admit(AssociateRequest rq, InetAddress peer);

    /**
     * Decides with the peer's certificates too.
     *
     * @param rq the request
     * @param peer the calling machine
     */
    default Admission admit(AssociateRequest rq, Peer peer) {
        return admit(rq, peer.address());
    }

    /** Everyone, under any called AE title. */
    static AccessControl acceptAny() {
        return (rq, peer) -> Admission.accept();
    }

    /** Everyone who knows one of the names of this AE. */
    static AccessControl acceptCalledAeTitle(String... aeTitles) {
        Set<String> titles = Set.of(aeTitles);
        return (rq, peer) ->
                titles.contains(rq.calledAet())
                        ? Admission.accept()
                        : Admission.reject(AssociateReject.CALLED_AET_NOT_RECOGNIZED);
    }
}
