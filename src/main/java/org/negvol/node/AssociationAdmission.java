package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.Settings;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.Admission;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.AssociateRequest;
import org.negvol.dimse.Octets;
import org.negvol.dimse.UserIdentity;

/**
 * Who comes in? Callers that {@link CallerPolicy} lets, who prove their user identity where they
 * bring one or must, and who have no more associations open than they may.
 */
@ApplicationScoped
class AssociationAdmission implements AccessControl {

    private static final Logger LOG = Logger.getLogger(AssociationAdmission.class);

    private final Settings settings;
    private final CallerPolicy callers;
    private final CallerUse use;

    AssociationAdmission(Settings settings, CallerUse use) {
        this.settings = settings;
        this.callers = new CallerPolicy(settings);
        this.use = use;
    }

    @Override
    public Admission admit(AssociateRequest rq, InetAddress peer) {
        Admission admission = callers.admit(rq, peer);
        if (admission instanceof Admission.Reject) {
            return admission;
        }
        UserIdentity identity = rq.user().identity();
        boolean proven = isProven(identity);
        // One that cannot be checked is no worse than none, a wrong passcode is.
        if (!proven && (settings.userIdentityRequired() || isChecked(identity))) {
            LOG.warnf(
                    "The user identity of %s (%s) is %s",
                    rq.callingAet(),
                    peer.getHostAddress(),
                    identity == null ? "missing" : "not believed");
            return Admission.reject(AssociateReject.NO_REASON_GIVEN);
        }
        if (!use.enter(rq.callingAet())) {
            return Admission.reject(AssociateReject.LOCAL_LIMIT_EXCEEDED);
        }
        return new Admission.Accept(proven ? Octets.EMPTY : null, () -> use.leave(rq.callingAet()));
    }

    private boolean isChecked(@Nullable UserIdentity identity) {
        return identity != null
                && identity.type() == UserIdentity.USERNAME_PASSCODE
                && !settings.users().isEmpty();
    }

    private boolean isProven(@Nullable UserIdentity identity) {
        if (identity == null || !isChecked(identity)) {
            return false;
        }
        String passcode = settings.users().get(identity.name());
        // Takes as long for a wrong one as for a right one.
        return passcode != null
                && MessageDigest.isEqual(
                        passcode.getBytes(StandardCharsets.UTF_8), identity.secondary().toBytes());
    }
}
