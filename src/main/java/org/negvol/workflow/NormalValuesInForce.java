package org.negvol.workflow;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.Settings;
import org.negvol.report.NormalValues;

/** The values of healthy joints beside which numbers are shown; read once, at start. */
@Startup
@ApplicationScoped
class NormalValuesInForce {

    private final NormalValues values;

    /**
     * Reads the configured file, if there is one.
     *
     * @throws ConfigurationProblem if it cannot be read or understood
     */
    NormalValuesInForce(Settings settings) {
        values =
                settings.normalValues()
                        .map(NormalValuesInForce::read)
                        .orElse(NormalValues.PUBLISHED);
    }

    NormalValues get() {
        return values;
    }

    private static NormalValues read(Path file) {
        try {
            return NormalValues.read(file);
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "negvol.report.normal-values: %s cannot be read: %s"
                            .formatted(file, e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationProblem(
                    "negvol.report.normal-values: %s, %s.".formatted(file, e.getMessage()));
        }
    }
}
