package org.negvol.web;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns exceptions into {@link Problem} bodies. */
class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    Response problem(WebApplicationException e) {
        Response answer = e.getResponse();
        Response.StatusType status = answer.getStatusInfo();
        return body(
                status.getStatusCode(),
                status.getReasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '-'),
                e.getMessage() == null ? status.getReasonPhrase() : e.getMessage());
    }

    @ServerExceptionMapper
    Response error(RuntimeException e) {
        LOG.error("A request could not be answered", e);
        return body(
                Response.Status.INTERNAL_SERVER_ERROR.getStatusCode(),
                "internal-error",
                "negvol could not answer; its log tells why.");
    }

    private static Response body(int status, String error, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Problem(error, message))
                .build();
    }
}
