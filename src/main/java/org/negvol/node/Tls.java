package org.negvol.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.NegvolConfig;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.TlsIdentity;
import org.negvol.dimse.TlsOptions;

/** How does this node prove itself, and which destinations does it call over TLS? */
@Startup
@ApplicationScoped
public class Tls {

    private final Settings settings;
    private final @Nullable TlsIdentity identity;

    /**
     * Reads certificates and keys.
     *
     * @throws ConfigurationProblem if they are needed and cannot be used
     */
    Tls(Settings settings, MeterRegistry metrics) {
        this.settings = settings;
        NegvolConfig.Tls tls = settings.tls();
        boolean needed = settings.dimse().tlsPort().isPresent() || tls.destinations().isPresent();
        if (tls.certificate().isEmpty()) {
            if (needed) {
                throw new ConfigurationProblem(
                        "negvol.tls.certificate is missing: TLS needs a certificate.");
            }
            identity = null;
            return;
        }
        try {
            TlsIdentity read =
                    new TlsIdentity(
                            new TlsIdentity.Sources(
                                    tls.certificate().get(),
                                    tls.key().orElse(null),
                                    tls.password().orElse(null),
                                    tls.trusted().orElse(null)));
            metrics.gauge("negvol.tls.certificate.expiry.seconds", read, Tls::secondsLeft);
            identity = read;
        } catch (IOException e) {
            throw new ConfigurationProblem("negvol.tls: " + e.getMessage());
        }
    }

    private static double secondsLeft(TlsIdentity identity) {
        return Duration.between(Instant.now(), identity.notAfter()).toSeconds();
    }

    /** TLS of the listener. */
    TlsOptions listener() {
        return options(settings.tls().clientAuthentication());
    }

    /** How to call a remote AE: over TLS where {@code negvol.tls.destinations} names it. */
    public AssociateOptions call(RemoteAe remote) {
        AssociateOptions options =
                AssociateOptions.to(
                        remote.host(), remote.port(), remote.aeTitle(), settings.aeTitle());
        return isSecure(remote) ? options.withTls(options(true)) : options;
    }

    /** Whether a remote AE is called over TLS. */
    public boolean isSecure(RemoteAe remote) {
        return settings.tls().destinations().orElse(List.of()).contains(remote.name());
    }

    /** Until when the certificate is valid; empty without one. */
    public Optional<Instant> certificateNotAfter() {
        return Optional.ofNullable(identity).map(TlsIdentity::notAfter);
    }

    private TlsOptions options(boolean clientAuthentication) {
        TlsIdentity own = identity;
        if (own == null) {
            throw new IllegalStateException("TLS without a certificate");
        }
        return new TlsOptions(own, clientAuthentication, List.of());
    }
}
