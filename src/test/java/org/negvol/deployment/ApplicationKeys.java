package org.negvol.deployment;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.negvol.config.NegvolConfig;
import org.negvol.config.Settings;

/** What the application itself makes of a configuration. */
final class ApplicationKeys {

    private ApplicationKeys() {}

    /**
     * Reads the text of an {@code application.properties} as the application does: an unknown key
     * under {@code negvol} or a value that cannot be used is an error.
     */
    static Settings settings(String properties) throws IOException {
        Properties read = new Properties();
        read.load(new StringReader(properties));
        Map<String, String> values = new HashMap<>();
        read.stringPropertyNames().forEach(k -> values.put(k, read.getProperty(k)));
        SmallRyeConfig config =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withConverter(Duration.class, 200, new DurationConverter())
                        .withMapping(NegvolConfig.class)
                        .withSources(new PropertiesConfigSource(values, "test", 500))
                        .build();
        return new Settings(config.getConfigMapping(NegvolConfig.class));
    }
}
