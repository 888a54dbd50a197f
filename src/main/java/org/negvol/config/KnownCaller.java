package org.negvol.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A peer that may call: its title, and where it may call from. The title alone proves nothing,
 * since anyone can claim it.
 *
 * @param name what the configuration calls it
 * @param aeTitle calling AE title
 * @param network host name, address, or network in CIDR notation
 * @param certificate Common Name or DNS name of the TLS certificate it must prove; empty for none
 * @param limits how much it may ask of the node
 */
public record KnownCaller(
        String name, String aeTitle, String network, String certificate, CallerLimits limits) {

    private static final String CERTIFICATE = "certificate";

    private static final Set<String> OPTIONS =
            Stream.concat(Stream.of(CERTIFICATE), CallerLimits.OPTIONS.stream())
                    .collect(Collectors.toCollection(TreeSet::new));

    /** Without certificate and limits. */
    public static KnownCaller at(String name, String aeTitle, String host) {
        return new KnownCaller(name, aeTitle, host, "", CallerLimits.NONE);
    }

    static KnownCaller parse(String key, String name, String whole) {
        String[] parts = whole.split("\\?", 2);
        String value = parts[0];
        Map<String, String> options = options(key, parts.length == 2 ? parts[1].strip() : "");
        int at = value.lastIndexOf('@');
        if (at < 0) {
            throw new ConfigurationProblem(
                    "%s must look like AET@host or AET@network/bits, got \"%s\"."
                            .formatted(key, value));
        }
        KnownCaller caller =
                new KnownCaller(
                        name,
                        AeTitles.checked(key, value.substring(0, at)),
                        value.substring(at + 1).strip(),
                        options.getOrDefault(CERTIFICATE, ""),
                        CallerLimits.of(key, options));
        int slash = caller.network.indexOf('/');
        if (slash >= 0) {
            String bits = caller.network.substring(slash + 1);
            int most = 8 * caller.address(key, caller.network.substring(0, slash)).length;
            if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most) {
                throw new ConfigurationProblem(
                        "%s needs 0 to %d bits after the slash, got \"%s\"."
                                .formatted(key, most, value));
            }
        } else if (caller.network.isEmpty()) {
            throw new ConfigurationProblem("%s names no host or network.".formatted(key));
        }
        return caller;
    }

    private static Map<String, String> options(String key, String text) {
        Map<String, String> options = new HashMap<>();
        for (String option : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option.strip() : option.substring(0, equals).strip();
            String value = equals < 0 ? "" : option.substring(equals + 1).strip();
            if (!OPTIONS.contains(name) || value.isEmpty()) {
                throw new ConfigurationProblem(
                        "%s takes %s after the ?, each as name=value; got \"%s\"."
                                .formatted(key, String.join(", ", OPTIONS), option));
            }
            options.put(name, value);
        }
        return options;
    }

    /** Whether a call with this title from this address is this peer's. */
    public boolean matches(String callingAeTitle, InetAddress peer) {
        if (!aeTitle.equals(callingAeTitle)) {
            return false;
        }
        int slash = network.indexOf('/');
        try {
            if (slash < 0) {
                // Asked anew each time: the address behind a name may change while we run.
                return Arrays.asList(InetAddress.getAllByName(network)).contains(peer);
            }
            byte[] wanted = InetAddress.getByName(network.substring(0, slash)).getAddress();
            byte[] is = peer.getAddress();
            if (wanted.length != is.length) {
                return false;
            }
            int bits = Integer.parseInt(network.substring(slash + 1));
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i & 7);
                if ((wanted[i >> 3] & mask) != (is[i >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private byte[] address(String key, String host) {
        try {
            if (!host.matches("[0-9.]+|[0-9a-fA-F:.]+")) {
                throw new UnknownHostException(host);
            }
            return InetAddress.getByName(host).getAddress();
        } catch (UnknownHostException e) {
            throw new ConfigurationProblem(
                    "%s needs an address before the slash, got \"%s\".".formatted(key, network));
        }
    }
}
