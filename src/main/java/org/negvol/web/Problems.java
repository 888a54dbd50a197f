package org.negvol.web;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Locale;
import org.hibernate.exception.JDBCConnectionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns exceptions into {@link Problem} bodies. */
class Problems {

    private static final int RETRY_SECONDS = 10;

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
        if (isOutage(e)) {
            LOG.warnf("A request could not be answered: %s", e.getMessage());
            Response away =
                    body(
                            Response.Status.SERVICE_UNAVAILABLE.getStatusCode(),
                            "service-unavailable",
                            "The database does not answer; try again in a while.");
            away.getHeaders().putSingle("Retry-After", RETRY_SECONDS);
            return away;
        }
        LOG.error("A request could not be answered", e);
        return body(
                Response.Status.INTERNAL_SERVER_ERROR.getStatusCode(),
                "internal-error",
                "negvol could not answer; its log tells why.");
    }

    /** Whether the database is away, or too busy to give a connection. */
    private static boolean isOutage(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof JDBCConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                // Agroal's refusal has no state; classes 08, 53 and 57 are connection, resources
                // and the server's own end (PostgreSQL, appendix A).
                return state == null || state.matches("(08|53|57).*");
            }
        }
        return false;
    }

    private static Response body(int status, String error, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Problem(error, message))
                .build();
    }
}
