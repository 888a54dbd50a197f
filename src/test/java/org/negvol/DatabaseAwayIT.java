package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;

/** HTTP while the database is away. */
class DatabaseAwayIT {

    @TempDir Path folder;

    @Test
    void requestsAreToldToComeAgain() throws Exception {
        Path server = folder.resolve("server");
        Map<String, String> configuration;
        try (Connection database =
                new EmbeddedPostgresDriver().connect("jdbc:negvol:" + server, new Properties())) {
            configuration = new HashMap<>(NodeProcess.databaseKeys(database, server));
            configuration.put("quarkus.datasource.jdbc.acquisition-timeout", "1s");
        }
        try (NodeProcess node = NodeProcess.start(folder, configuration)) {
            for (String path : new String[] {"/api/studies", "/dicom-web/series"}) {
                assertThat(node.get(path).statusCode()).as(path).isBetween(200, 204);
            }
            assertThat(node.json("/api/node").path("configuration").toString())
                    .contains("quarkus.datasource.password")
                    .doesNotContain(configuration.get("quarkus.datasource.password"));

            EmbeddedPostgresDriver.stopServers();

            for (String path :
                    new String[] {
                        "/api/studies",
                        "/api/studies/1.2.3",
                        "/api/cohort",
                        "/dicom-web/studies",
                        "/dicom-web/studies/1.2.3"
                    }) {
                HttpResponse<String> answer = node.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).as(path).isPresent();
                assertThat(answer.body()).contains("The database does not answer");
            }
            assertThat(node.get("/q/health/live").statusCode()).isEqualTo(200);
        } finally {
            EmbeddedPostgresDriver.stopServers();
        }
    }
}
