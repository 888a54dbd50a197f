package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready to work: jobs and deliveries are being looked for. */
@Readiness
@ApplicationScoped
class WorkflowReadiness implements HealthCheck {

    private final Processing processing;
    private final Deliveries deliveries;

    WorkflowReadiness(Processing processing, Deliveries deliveries) {
        this.processing = processing;
        this.deliveries = deliveries;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("Workflow")
                .status(processing.isRunning() && deliveries.isRunning())
                .withData("processing", processing.isRunning())
                .withData("deliveries", deliveries.isRunning())
                .build();
    }
}
