package org.negvol.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A syslog server that gathers audit messages (PS3.15 A.6 and A.7).
 *
 * @param protocol how it is reached
 * @param host name or address
 * @param port port
 */
public record AuditRepository(Protocol protocol, String host, int port) {

    /** How messages travel. */
    public enum Protocol {
        /** RFC 5425. */
        TLS,
        /** RFC 5425's frames without TLS, as RFC 6587 describes them: for a trusted network. */
        TCP,
        /** RFC 5426: one datagram each; may be lost. */
        UDP
    }

    private static final Pattern FORM = Pattern.compile("(\\[[^]]+]|[^:]+):(\\d{1,5})");

    static AuditRepository parse(String key, String value, String protocolKey, String protocol) {
        Matcher m = FORM.matcher(value.strip());
        int port = m.matches() ? Integer.parseInt(m.group(2)) : 0;
        if (port < 1 || port > 65535) {
            throw new ConfigurationProblem(
                    "%s must look like host:port, got \"%s\".".formatted(key, value));
        }
        String host = m.group(1);
        for (Protocol p : Protocol.values()) {
            if (p.name().equals(protocol.strip().toUpperCase(Locale.ROOT))) {
                return new AuditRepository(
                        p,
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        port);
            }
        }
        throw new ConfigurationProblem(
                "%s must be tls, tcp or udp, got \"%s\".".formatted(protocolKey, protocol));
    }
}
