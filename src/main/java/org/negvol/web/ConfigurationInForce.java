package org.negvol.web;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/** Which configuration holds, and where each value comes from; secrets are not shown. */
@ApplicationScoped
class ConfigurationInForce {

    private static final String OURS = "negvol.";

    /** Quarkus' own keys that an operator of negvol sets. */
    private static final List<String> OTHERS =
            List.of(
                    "quarkus.datasource.jdbc.url",
                    "quarkus.datasource.jdbc.max-size",
                    "quarkus.datasource.username",
                    "quarkus.datasource.password",
                    "quarkus.http.host",
                    "quarkus.http.port",
                    "quarkus.log.level",
                    "quarkus.oidc.auth-server-url",
                    "quarkus.oidc.client-id",
                    "quarkus.oidc.credentials.secret",
                    "quarkus.profile");

    private static final Pattern SECRET = Pattern.compile("password|secret|token|credentials");

    /** In a URL: {@code ?password=…}, or {@code //user:…@host}. */
    private static final Pattern SECRET_IN_URL =
            Pattern.compile("(?i)((?:password|secret|token)=)[^&;]*|(//[^/@:]*:)[^/@]*(?=@)");

    private static final String MASK = "••••••";

    private final Config config;

    ConfigurationInForce(Config config) {
        this.config = config;
    }

    /**
     * A key of the configuration.
     *
     * @param key its name
     * @param value what holds; masked where it is a secret
     * @param source where it comes from
     */
    public record Entry(String key, String value, String source) {}

    /** What is set, by key. */
    List<Entry> entries() {
        Set<String> keys = new TreeSet<>(OTHERS);
        config.getPropertyNames().forEach(keys::add);
        keys.removeIf(k -> !k.startsWith(OURS) && !OTHERS.contains(k));
        return keys.stream()
                .map(config::getConfigValue)
                .filter(v -> v.getValue() != null && !v.getValue().isEmpty())
                .map(ConfigurationInForce::entry)
                .toList();
    }

    private static Entry entry(ConfigValue value) {
        String source = value.getSourceName();
        return new Entry(
                value.getName(),
                masked(value.getName(), value.getValue()),
                source == null ? "" : source);
    }

    static String masked(String key, String value) {
        return SECRET.matcher(key).find()
                ? MASK
                : SECRET_IN_URL
                        .matcher(value)
                        .replaceAll(m -> (m.group(1) == null ? m.group(2) : m.group(1)) + MASK);
    }
}
