package org.negvol.dimse;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The machine that asks for an association.
 *
 * @param address where it calls from
 * @param port its port
 * @param certificates what it proved by TLS, its own certificate first; empty without
 */
public record Peer(InetAddress address, int port, List<X509Certificate> certificates) {
    public Peer {
        certificates = List.copyOf(certificates);
    }
}
