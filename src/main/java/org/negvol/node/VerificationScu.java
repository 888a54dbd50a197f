package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.negvol.config.RemoteAe;
import org.negvol.dicom.UID;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.AssociationRejectedException;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.DimseTimeouts;

/** Verification as SCU (PS3.4 A): does a peer answer, and if not, what is in the way? */
@ApplicationScoped
public class VerificationScu {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Tls tls;

    VerificationScu(Tls tls) {
        this.tls = tls;
    }

    /**
     * Calls a remote AE as results are delivered to it: over TLS where the configuration says so.
     *
     * @return what is in the way, in a sentence; empty if it answered
     */
    public Optional<String> problem(RemoteAe remote) {
        return problem(tls.call(remote).withTimeouts(DimseTimeouts.DEFAULT.withConnect(CONNECT)));
    }

    /**
     * One C-ECHO over an association of its own.
     *
     * @param peer how the peer is called; without presentation contexts
     * @return what is in the way, in a sentence; empty if the peer answered
     */
    public static Optional<String> problem(AssociateOptions peer) {
        String name = "%s@%s:%d".formatted(peer.calledAet(), peer.host(), peer.port());
        try (Association association =
                Association.open(peer.propose(UID.Verification, UID.ImplicitVRLittleEndian))) {
            DimseStatus status = association.echo();
            return status.isSuccess()
                    ? Optional.empty()
                    : Optional.of("%s answers with status %s.".formatted(name, status));
        } catch (AssociationRejectedException e) {
            return Optional.of(
                    "%s does not let %s in: %s."
                            .formatted(name, peer.callingAet(), e.getMessage()));
        } catch (ConnectException | UnknownHostException e) {
            return Optional.of(
                    "Nobody answers at %s; is the node running, and is the port right?"
                            .formatted(name));
        } catch (IOException e) {
            return Optional.of(
                    "The call to %s broke: %s."
                            .formatted(
                                    name,
                                    e.getMessage() == null
                                            ? e.getClass().getSimpleName()
                                            : e.getMessage()));
        }
    }
}
