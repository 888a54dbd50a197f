package org.negvol.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationInForceTest {

    @Test
    void secretsAreNotShownWhereverTheyStand() {
        Map<String, String> set =
                Map.of(
                        "negvol.ae-title", "MINE",
                        "negvol.tls.password", "geheim1",
                        "quarkus.datasource.password", "geheim2",
                        "quarkus.oidc.credentials.secret", "geheim3",
                        "quarkus.datasource.jdbc.url",
                                "jdbc:postgresql://db:5432/x?user=a&password=geheim4&ssl=true",
                        "negvol.archive.url", "https://key:geheim5@store.example/bucket",
                        "quarkus.something.else", "not told");
        ConfigurationInForce configuration =
                new ConfigurationInForce(
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(set, "file", 100))
                                .build());

        assertThat(configuration.entries().toString())
                .doesNotContain("geheim")
                .doesNotContain("quarkus.something.else");
        assertThat(configuration.entries())
                .extracting(ConfigurationInForce.Entry::key, ConfigurationInForce.Entry::value)
                .contains(
                        tuple("negvol.ae-title", "MINE"),
                        tuple("negvol.tls.password", "••••••"),
                        tuple(
                                "quarkus.datasource.jdbc.url",
                                "jdbc:postgresql://db:5432/x?user=a&password=••••••&ssl=true"),
                        tuple("negvol.archive.url", "https://key:••••••@store.example/bucket"));
    }
}
