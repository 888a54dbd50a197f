package org.negvol.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An application entity elsewhere.
 *
 * @param name what the configuration calls it
 * @param aeTitle its AE title
 * @param host name or address
 * @param port TCP port
 */
public record RemoteAe(String name, String aeTitle, String host, int port) {

    private static final Pattern FORM = Pattern.compile("([^@]+)@(\\[[^]]+]|[^:@]+):(\\d+)");

    /**
     * Reads {@code AET@host:port}; an IPv6 address stands in brackets.
     *
     * @param key the configuration key, for the message
     */
    public static RemoteAe parse(String key, String name, String value) {
        Matcher m = FORM.matcher(value.strip());
        if (!m.matches()) {
            throw new ConfigurationProblem(
                    "%s must look like AET@host:port, got \"%s\".".formatted(key, value));
        }
        int port;
        try {
            port = Integer.parseInt(m.group(3));
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (port < 1 || port > 65535) {
            throw new ConfigurationProblem(
                    "%s needs a port from 1 to 65535, got \"%s\".".formatted(key, value));
        }
        String host = m.group(2);
        return new RemoteAe(
                name,
                AeTitles.checked(key, m.group(1)),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port);
    }

    @Override
    public String toString() {
        return aeTitle + "@" + host + ":" + port;
    }
}
