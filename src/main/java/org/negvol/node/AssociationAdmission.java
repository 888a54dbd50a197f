package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.KnownCaller;
import org.negvol.config.Settings;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.Admission;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.AssociateRequest;
import org.negvol.dimse.Octets;
import org.negvol.dimse.Peer;
import org.negvol.dimse.UserIdentity;

/**
 * Who comes in? Callers that {@link CallerPolicy} lets, who prove the certificate that their entry
 * names, and their user identity where they bring one or must, and who have no more associations
 * open than they may.
 */
@ApplicationScoped
class AssociationAdmission implements AccessControl {

    private static final Logger LOG = Logger.getLogger(AssociationAdmission.class);

    /** The kind of a subject alternative name (RFC 5280 4.2.1.6). */
    private static final Integer DNS_NAME = 2;

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
        return admit(rq, new Peer(peer, 0, List.of()));
    }

    @Override
    public Admission admit(AssociateRequest rq, Peer peer) {
        Admission admission = callers.admit(rq, peer.address());
        if (admission instanceof Admission.Reject) {
            return admission;
        }
        if (lacksCertificate(rq.callingAet(), peer)) {
            LOG.warnf(
                    "%s (%s) has not proven the certificate that negvol.callers names",
                    rq.callingAet(), peer.address().getHostAddress());
            return Admission.reject(AssociateReject.CALLING_AET_NOT_RECOGNIZED);
        }
        UserIdentity identity = rq.user().identity();
        boolean proven = isProven(identity);
        // One that cannot be checked is no worse than none, a wrong passcode is.
        if (!proven && (settings.userIdentityRequired() || isChecked(identity))) {
            LOG.warnf(
                    "The user identity of %s (%s) is %s",
                    rq.callingAet(),
                    peer.address().getHostAddress(),
                    identity == null ? "missing" : "not believed");
            return Admission.reject(AssociateReject.NO_REASON_GIVEN);
        }
        if (!use.enter(rq.callingAet())) {
            return Admission.reject(AssociateReject.LOCAL_LIMIT_EXCEEDED);
        }
        return new Admission.Accept(proven ? Octets.EMPTY : null, () -> use.leave(rq.callingAet()));
    }

    /** Whether all entries of this caller ask for a certificate that it has not shown. */
    private boolean lacksCertificate(String callingAet, Peer peer) {
        List<KnownCaller> entries =
                settings.callers().stream()
                        .filter(c -> c.matches(callingAet, peer.address()))
                        .toList();
        return !entries.isEmpty()
                && entries.stream()
                        .noneMatch(
                                c ->
                                        c.certificate().isEmpty()
                                                || names(peer).contains(c.certificate()));
    }

    /** Common Name and DNS names of the peer's own certificate. */
    private static Set<String> names(Peer peer) {
        Set<String> names = new HashSet<>();
        if (peer.certificates().isEmpty()) {
            return names;
        }
        X509Certificate own = peer.certificates().getFirst();
        try {
            for (Rdn rdn : new LdapName(own.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    names.add(rdn.getValue().toString());
                }
            }
            Collection<List<?>> alternatives = own.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.getFirst().equals(DNS_NAME)) {
                        names.add(String.valueOf(alternative.getLast()));
                    }
                }
            }
        } catch (InvalidNameException | CertificateParsingException e) {
            LOG.warnf("The certificate of %s cannot be read: %s", peer.address(), e.getMessage());
        }
        return names;
    }

    private boolean isChecked(@Nullable UserIdentity identity) {
        return identity != null
                && identity.type() == UserIdentity.USERNAME_PASSCODE
                && !settings.userPasswords().isEmpty();
    }

    private boolean isProven(@Nullable UserIdentity identity) {
        if (identity == null || !isChecked(identity)) {
            return false;
        }
        String passcode = settings.userPasswords().get(identity.name());
        // Takes as long for a wrong one as for a right one.
        return passcode != null
                && MessageDigest.isEqual(
                        passcode.getBytes(StandardCharsets.UTF_8), identity.secondary().toBytes());
    }
}
