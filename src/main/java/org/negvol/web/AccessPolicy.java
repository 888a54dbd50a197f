package org.negvol.web;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.NegvolConfig;
import org.negvol.config.Settings;

/**
 * Who may do what over HTTP? Without log-in everyone who reaches the port may do everything. With
 * it, viewers may read all but what {@link NodeResource} tells, and operators may do everything; a
 * stranger gets 401, a user without the role 403.
 */
@ApplicationScoped
class AccessPolicy implements HttpSecurityPolicy {

    private static final Logger LOG = Logger.getLogger(AccessPolicy.class);
    private static final Set<HttpMethod> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final NegvolConfig.Web web;
    private final Optional<String> provider;
    private final Optional<String> publicKey;
    private final String host;

    AccessPolicy(
            Settings settings,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> provider,
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey,
            @ConfigProperty(name = "quarkus.http.host") String host) {
        web = settings.web();
        this.provider = provider;
        this.publicKey = publicKey;
        this.host = host;
    }

    void start(@Observes StartupEvent event) {
        if (web.logIn()) {
            if (provider.isEmpty() && publicKey.isEmpty()) {
                throw new ConfigurationProblem(
                        "negvol.web.log-in is on and quarkus.oidc.auth-server-url does not say"
                                + " where to log in.");
            }
        } else if (!isLoopback()) {
            LOG.warnf(
                    "Whoever reaches the HTTP port on %s sees patients' data without log-in: set"
                            + " negvol.web.log-in, or open the port to a trusted network only",
                    host);
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String name() {
        return "negvol";
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext request,
            Uni<SecurityIdentity> identity,
            AuthorizationRequestContext context) {
        if (!web.logIn()) {
            return CheckResult.permit();
        }
        boolean reads =
                READING.contains(request.request().method())
                        && !request.normalizedPath().startsWith(NodeResource.PATH);
        return identity.map(user -> mayDo(user, reads) ? CheckResult.PERMIT : CheckResult.DENY);
    }

    private boolean mayDo(SecurityIdentity user, boolean reads) {
        return user.hasRole(web.operatorRole()) || (reads && user.hasRole(web.viewerRole()));
    }
}
