package org.negvol.dimse;

import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * TLS by the BCP 195 RFC 8996 profile (PS3.15 B.12): 1.2 and 1.3, nothing older.
 *
 * @param context asked for every connection, so that renewed certificates need no restart
 * @param clientAuthentication as acceptor: whether the peer must prove a certificate
 * @param cipherSuites those allowed, in the names of Java; empty is the platform's own choice
 */
public record TlsOptions(
        Supplier<SSLContext> context, boolean clientAuthentication, List<String> cipherSuites) {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    public TlsOptions {
        cipherSuites = List.copyOf(cipherSuites);
    }

    /** With one context for good, certificates asked of both sides. */
    public static TlsOptions mutual(SSLContext context) {
        return new TlsOptions(() -> context, true, List.of());
    }

    void configure(SSLSocket socket, boolean client) {
        socket.setUseClientMode(client);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        if (!cipherSuites.isEmpty()) {
            parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
        }
        if (!client) {
            parameters.setUseCipherSuitesOrder(true);
            parameters.setNeedClientAuth(clientAuthentication);
        }
        socket.setSSLParameters(parameters);
    }
}
