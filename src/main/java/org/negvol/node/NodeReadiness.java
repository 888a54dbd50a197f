package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.negvol.archive.Archive;
import org.negvol.config.Settings;

/**
 * Ready to receive: the port is open and the disk has room. The database has a check of its own.
 */
@Readiness
@ApplicationScoped
class NodeReadiness implements HealthCheck {

    private final Node node;
    private final Archive archive;
    private final Settings settings;

    NodeReadiness(Node node, Archive archive, Settings settings) {
        this.node = node;
        this.archive = archive;
        this.settings = settings;
    }

    @Override
    public HealthCheckResponse call() {
        int port = node.port();
        long free = -1;
        boolean reachable = false;
        String store = "reachable";
        try {
            free = archive.usableBytes();
            archive.verifyReachable();
            reachable = true;
        } catch (IOException e) {
            store = String.valueOf(e.getMessage());
        }
        return HealthCheckResponse.named("Storage SCP")
                .status(
                        (port > 0 || !settings.has(Settings.Role.RECEIVER))
                                && reachable
                                && free >= settings.archive().minFreeBytes())
                .withData("aeTitle", settings.aeTitle())
                .withData("port", port)
                .withData("freeBytes", free)
                .withData("neededBytes", settings.archive().minFreeBytes())
                .withData("objectStore", store)
                .build();
    }
}
