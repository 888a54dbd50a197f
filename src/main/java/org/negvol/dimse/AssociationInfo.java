package org.negvol.dimse;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who talks to whom.
 *
 * @param id different for every association of this and earlier runs, for logs and tables
 * @param requestor whether this side asked for the association
 * @param callingAet AE title of the side that asked
 * @param calledAet AE title of the side that was asked
 * @param peer the other side's address
 * @param peerCertificates what the other side proved by TLS, its own certificate first
 * @param peerImplementationClassUid which implementation the other side is
 * @param peerImplementationVersionName its version, null if it does not say
 */
public record AssociationInfo(
        String id,
        boolean requestor,
        String callingAet,
        String calledAet,
        InetSocketAddress peer,
        List<X509Certificate> peerCertificates,
        String peerImplementationClassUid,
        @Nullable String peerImplementationVersionName) {
    public AssociationInfo {
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** The AE title of the other side. */
    public String peerAet() {
        return requestor ? calledAet : callingAet;
    }

    /** Identity, titles and address in one line. */
    @Override
    public String toString() {
        return "%s %s->%s %s:%d"
                .formatted(
                        id,
                        callingAet,
                        calledAet,
                        peer.getAddress() == null
                                ? peer.getHostString()
                                : peer.getAddress().getHostAddress(),
                        peer.getPort());
    }
}
