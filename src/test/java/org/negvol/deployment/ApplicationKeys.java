package org.negvol.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.negvol.config.NegvolConfig;
import org.negvol.config.Settings;

/** What the application itself makes of a configuration. */
final class ApplicationKeys {

    private ApplicationKeys() {}

    /**
     * What the application makes of environment variables. A variable of ours that stands for no
     * key, or of Quarkus' for none that counts at run time, is an error.
     */
    static Settings environment(Map<String, String> variables) {
        for (String name : variables.keySet()) {
            if (name.startsWith("NEGVOL_")) {
                assertThat(OWN)
                        .as("keys that %s may stand for", name)
                        .anyMatch(key -> name.matches(variable(key)));
            }
        }
        return settings(new EnvConfigSource(variables, 300));
    }

    /** The environment variable of a key (MicroProfile Config), {@code *} being any name. */
    static String variable(String key) {
        return key.replace("*", "@")
                .replaceAll("[^A-Za-z0-9@]", "_")
                .toUpperCase(Locale.ROOT)
                .replace("@", "\\w+");
    }

    /** The keys of {@link NegvolConfig}, with {@code *} for a name the operator chooses. */
    static final Set<String> OWN = own();

    private static Set<String> own() {
        return new TreeSet<>(
                ConfigMappings.getProperties(ConfigClass.configClass(NegvolConfig.class, "negvol"))
                        .keySet());
    }

    /**
     * Reads the text of an {@code application.properties} as the application does: an unknown key
     * under {@code negvol} or a value that cannot be used is an error.
     */
    static Settings settings(String properties) throws IOException {
        Properties read = new Properties();
        read.load(new StringReader(properties));
        Map<String, String> values = new HashMap<>();
        read.stringPropertyNames().forEach(k -> values.put(k, read.getProperty(k)));
        return settings(new PropertiesConfigSource(values, "test", 500));
    }

    private static Settings settings(ConfigSource source) {
        SmallRyeConfig config =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withConverter(Duration.class, 200, new DurationConverter())
                        .withMapping(NegvolConfig.class)
                        .withSources(source)
                        .build();
        return new Settings(config.getConfigMapping(NegvolConfig.class));
    }
}
