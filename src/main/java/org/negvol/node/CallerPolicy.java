package org.negvol.node;

import java.net.InetAddress;
import org.negvol.config.KnownCaller;
import org.negvol.config.Settings;
import org.negvol.config.Settings.UnknownCallers;
import org.negvol.dicom.UID;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.Admission;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.AssociateRequest;
import org.negvol.dimse.AssociationInfo;
import org.negvol.dimse.PresentationContext;

/**
 * Who may call this node? Those who call it by its AE title and are named in {@code negvol.callers}
 * with the address they call from; and unknown ones as far as {@code negvol.accept.unknown-callers}
 * says. A title that the configuration names is not good from another address, wherever unknown
 * callers are welcome or not.
 */
final class CallerPolicy implements AccessControl {

    private final Settings settings;

    CallerPolicy(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Admission admit(AssociateRequest rq, InetAddress peer) {
        if (!rq.calledAet().equals(settings.aeTitle())) {
            return Admission.reject(AssociateReject.CALLED_AET_NOT_RECOGNIZED);
        }
        if (isNamed(rq.callingAet(), peer) || isReporting(rq, peer)) {
            return Admission.accept();
        }
        UnknownCallers unknown = settings.unknownCallers();
        boolean isTaken =
                settings.callers().stream().anyMatch(c -> c.aeTitle().equals(rq.callingAet()));
        boolean welcome =
                !isTaken
                        && (unknown == UnknownCallers.ALL
                                || (unknown == UnknownCallers.LOOPBACK
                                        && peer.isLoopbackAddress()));
        return welcome
                ? Admission.accept()
                : Admission.reject(AssociateReject.CALLING_AET_NOT_RECOGNIZED);
    }

    /**
     * Whether the peer may see what others have stored: callers that the configuration names, and
     * this machine. Strangers that are let in may store, and no more.
     */
    boolean mayRetrieve(AssociationInfo association) {
        InetAddress peer = association.peer().getAddress();
        return peer.isLoopbackAddress() || isNamed(association.callingAet(), peer);
    }

    /** Whether who calls by HTTP, which knows no AE titles, may see what others have stored. */
    boolean mayRetrieve(InetAddress peer) {
        // Who has logged in was asked for the role already.
        return settings.web().logIn()
                || peer.isLoopbackAddress()
                || settings.callers().stream().anyMatch(c -> c.matches(c.aeTitle(), peer));
    }

    /** Whether who calls by HTTP may store. */
    boolean mayStore(InetAddress peer) {
        return settings.web().logIn()
                || settings.unknownCallers() == UnknownCallers.ALL
                || (peer.isLoopbackAddress()
                        && settings.unknownCallers() == UnknownCallers.LOOPBACK)
                || settings.callers().stream().anyMatch(c -> c.matches(c.aeTitle(), peer));
    }

    /**
     * Whether a destination comes to say what it has committed to, and proposes nothing else: it
     * need not be named as a caller for that.
     */
    private boolean isReporting(AssociateRequest rq, InetAddress peer) {
        return settings.dimse().requestCommitment()
                && rq.presentationContexts().stream()
                        .map(PresentationContext::abstractSyntax)
                        .allMatch(UID.StorageCommitmentPushModel::equals)
                && settings.destinations().stream()
                        .map(d -> KnownCaller.at(d.name(), d.aeTitle(), d.host()))
                        .anyMatch(d -> d.matches(rq.callingAet(), peer));
    }

    private boolean isNamed(String callingAet, InetAddress peer) {
        return settings.callers().stream().anyMatch(c -> c.matches(callingAet, peer));
    }
}
