package org.negvol.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites from acting in a user's name: what changes something is done for the page
 * itself and for programs, which browsers tell apart by headers that scripts cannot forge.
 */
class SameOrigin {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    @ServerRequestFilter
    @Nullable Response check(ContainerRequestContext request, HttpServerRequest http) {
        if (READING.contains(request.getMethod())) {
            return null;
        }
        String site = request.getHeaderString("Sec-Fetch-Site");
        String origin = request.getHeaderString("Origin");
        boolean own =
                site != null
                        ? site.equals("same-origin") || site.equals("none")
                        : origin == null || isOwn(origin, http.authority());
        return own
                ? null
                : Response.status(Response.Status.FORBIDDEN)
                        .entity(
                                new Problem(
                                        "forbidden", "Another site may not do this in your name."))
                        .type("application/json")
                        .build();
    }

    /** HTTP/2 has no Host header; Vert.x knows what stands for it. */
    private static boolean isOwn(String origin, @Nullable HostAndPort asked) {
        try {
            URI own = URI.create(origin);
            return asked != null
                    && asked.host().equalsIgnoreCase(own.getHost())
                    && asked.port() == own.getPort();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
