package org.negvol.node.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.AuditRepository;

/**
 * Sends the audit trail to its repository, line by line and in order. Syslog knows no answer, so
 * what was in flight when a connection broke may be lost; what had not been sent yet is not.
 */
final class AuditForwarder {

    private static final Logger LOG = Logger.getLogger(AuditForwarder.class);
    private static final Duration PAUSE_WITHOUT_NEWS = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE_AFTER_ERROR = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE_AFTER_ERROR = Duration.ofMinutes(1);
    private static final int CONNECT_MILLIS = 10_000;

    /** Sends messages. */
    private interface Connection extends AutoCloseable {
        void send(List<byte[]> messages) throws IOException;

        @Override
        void close() throws IOException;
    }

    private final AuditLog log;
    private final AuditRepository repository;
    private final Supplier<SSLContext> tls;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);

    /**
     * Begins.
     *
     * @param tls asked for each connection, so that renewed certificates need no restart
     */
    AuditForwarder(AuditLog log, AuditRepository repository, Supplier<SSLContext> tls) {
        this.log = log;
        this.repository = repository;
        this.tls = tls;
        // Not interrupted to be stopped, since that would close what it reads and writes.
        thread = Thread.ofPlatform().daemon().name("audit-forwarder").start(this::run);
    }

    private void run() {
        Duration pause = FIRST_PAUSE_AFTER_ERROR;
        while (!stopping()) {
            try (Connection connection = connect()) {
                LOG.debugf("Audit messages go to %s:%d", repository.host(), repository.port());
                pause = FIRST_PAUSE_AFTER_ERROR;
                forward(connection);
            } catch (IOException | RuntimeException e) {
                LOG.warnf(
                        "Audit messages wait, since the repository %s:%d cannot be reached: %s",
                        repository.host(), repository.port(), e.getMessage());
                if (!sleep(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2);
                if (pause.compareTo(LONGEST_PAUSE_AFTER_ERROR) > 0) {
                    pause = LONGEST_PAUSE_AFTER_ERROR;
                }
            }
        }
    }

    /** Returns when it is to stop and all that was written has been sent. */
    private void forward(Connection connection) throws IOException {
        AuditLog.@Nullable Place place = null;
        while (true) {
            boolean last = stopping();
            if (place == null) {
                place = log.place().orElse(null);
            }
            boolean moved = false;
            if (place != null) {
                AuditLog.Lines lines = log.linesFrom(place);
                connection.send(lines.lines());
                moved = !lines.next().equals(place);
                if (moved) {
                    place = lines.next();
                    log.forwarded(place);
                }
            }
            if (moved) {
                continue;
            }
            if (last) {
                return;
            }
            sleep(PAUSE_WITHOUT_NEWS);
        }
    }

    private Connection connect() throws IOException {
        return switch (repository.protocol()) {
            case UDP -> new Datagrams();
            case TCP -> new Stream(new Socket());
            case TLS -> new Stream(tls.get().getSocketFactory().createSocket());
        };
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    /** False if it is to stop. */
    private boolean sleep(Duration time) {
        try {
            return !stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the forwarder", e);
        }
    }

    /** Sends what there is, waits a little for that, and ends. */
    void stop() throws InterruptedException {
        stop.countDown();
        if (!thread.join(Duration.ofSeconds(3))) {
            LOG.warn("Audit messages that were not forwarded go out after the next start");
        }
    }

    /** Frames as in RFC 5425 section 4.3: the length in decimal, a space, the message. */
    private final class Stream implements Connection {

        private final Socket socket;
        private final OutputStream out;

        Stream(Socket socket) throws IOException {
            this.socket = socket;
            try {
                socket.connect(
                        new InetSocketAddress(repository.host(), repository.port()),
                        CONNECT_MILLIS);
                socket.setSoTimeout(CONNECT_MILLIS);
                if (socket instanceof SSLSocket secure) {
                    SSLParameters parameters = secure.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                    secure.setSSLParameters(parameters);
                    secure.startHandshake();
                }
                socket.setSoTimeout(1);
                out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public void send(List<byte[]> messages) throws IOException {
            checkThatThePeerIsThere(socket.getInputStream());
            for (byte[] message : messages) {
                out.write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
                out.write(message);
            }
            out.flush();
        }

        /** A repository says nothing; that it has closed the connection, only reading tells. */
        private void checkThatThePeerIsThere(InputStream in) throws IOException {
            try {
                if (in.read() < 0) {
                    throw new IOException("it closed the connection");
                }
            } catch (SocketTimeoutException silence) {
                LOG.trace("The repository is there");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final class Datagrams implements Connection {

        private final DatagramSocket socket = new DatagramSocket();
        private final InetAddress address;

        Datagrams() throws IOException {
            address = InetAddress.getByName(repository.host());
        }

        @Override
        public void send(List<byte[]> messages) throws IOException {
            for (byte[] message : messages) {
                socket.send(
                        new DatagramPacket(message, message.length, address, repository.port()));
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
