package org.negvol.archive.postgres;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Ends the embedded servers with the application, after all that uses them. */
@ApplicationScoped
class EmbeddedPostgresLifecycle {

    void stop(@Observes @Priority(9000) ShutdownEvent event) {
        EmbeddedPostgresDriver.stopServers();
    }
}
