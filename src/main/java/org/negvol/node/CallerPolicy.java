package org.negvol.node;

import java.net.InetAddress;
import org.negvol.config.Settings;
import org.negvol.config.Settings.UnknownCallers;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.Admission;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.AssociateRequest;

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
        boolean isNamed = false;
        for (var caller : settings.callers()) {
            if (caller.matches(rq.callingAet(), peer)) {
                return Admission.accept();
            }
            isNamed |= caller.aeTitle().equals(rq.callingAet());
        }
        UnknownCallers unknown = settings.unknownCallers();
        boolean welcome =
                !isNamed
                        && (unknown == UnknownCallers.ALL
                                || (unknown == UnknownCallers.LOOPBACK
                                        && peer.isLoopbackAddress()));
        return welcome
                ? Admission.accept()
                : Admission.reject(AssociateReject.CALLING_AET_NOT_RECOGNIZED);
    }
}
