package org.negvol.node.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.config.AuditRepository;
import org.negvol.config.AuditRepository.Protocol;

/** The trail is kept in files and gets to its repository, whatever happens to that one. */
class AuditLogTest {

    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00.500Z");

    @TempDir private Path folder;

    /** A clock that is moved by hand. */
    private static final class Hands extends Clock {
        private Instant now = NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final Hands clock = new Hands();

    private AuditLog log() throws IOException {
        return new AuditLog(folder, clock, "node1", "42", Duration.ofDays(30));
    }

    @Test
    void aLineIsASyslogMessage() throws IOException {
        try (AuditLog log = log()) {
            log.write("<AuditMessage/>");
        }
        assertThat(Files.readString(folder.resolve("2026-11-25.log")))
                .isEqualTo(
                        "<85>1 2026-11-25T12:00:00.500Z node1 negvol 42 DICOM+RFC3881 -"
                                + " \uFEFF<AuditMessage/>\n");
    }

    @Test
    void aNewDayBeginsANewFileAndOldOnesGo() throws IOException {
        Files.createFile(folder.resolve("2026-10-25.log"));
        Files.createFile(folder.resolve("2026-10-26.log"));
        Files.createFile(folder.resolve("notes.log"));
        try (AuditLog log = log()) {
            log.write("one");
            clock.now = clock.now.plus(Duration.ofHours(12));
            log.write("two");
        }
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "2026-10-26.log", "2026-11-25.log", "2026-11-26.log", "notes.log");
    }

    @Test
    void aRepositoryGetsEveryMessageOnceAndInOrderAcrossItsAbsenceAndOurRestart() throws Exception {
        try (AuditLog log = log()) {
            log.write("before");
            clock.now = clock.now.plus(Duration.ofDays(1));
            int port;
            try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = closed.getLocalPort();
            }
            AuditForwarder early = forwarder(log, Protocol.TCP, port);
            log.write("while nobody listens");
            early.stop();
            try (Repository repository = new Repository(port)) {
                AuditForwarder forwarder = forwarder(log, Protocol.TCP, port);
                assertThat(repository.next()).endsWith("before");
                assertThat(repository.next()).endsWith("while nobody listens");
                log.write("now");
                assertThat(repository.next()).endsWith("now");
                forwarder.stop();
            }
            log.write("after");
        }
        try (AuditLog log = log();
                Repository repository = new Repository(0)) {
            AuditForwarder forwarder = forwarder(log, Protocol.TCP, repository.port());
            assertThat(repository.next()).endsWith("after");
            log.write("last words");
            forwarder.stop();
            assertThat(repository.next()).endsWith("last words");
            assertThat(repository.messages).isEmpty();
        }
    }

    @Test
    void aRepositoryThatClosesTheConnectionIsCalledAgain() throws Exception {
        try (AuditLog log = log();
                Repository repository = new Repository(0)) {
            AuditForwarder forwarder = forwarder(log, Protocol.TCP, repository.port());
            log.write("one");
            assertThat(repository.next()).endsWith("one");
            repository.hangUp();
            // The end of the connection has to arrive before the next message is written.
            Thread.sleep(1200);
            log.write("two");
            assertThat(repository.next()).endsWith("two");
            forwarder.stop();
        }
    }

    @Test
    void datagramsCarryOneMessageEach() throws Exception {
        try (AuditLog log = log();
                DatagramSocket repository =
                        new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            repository.setSoTimeout(10_000);
            log.write("one");
            log.write("two");
            AuditForwarder forwarder = forwarder(log, Protocol.UDP, repository.getLocalPort());
            for (String expected : List.of("one", "two")) {
                DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                repository.receive(packet);
                assertThat(
                                new String(
                                        packet.getData(),
                                        0,
                                        packet.getLength(),
                                        StandardCharsets.UTF_8))
                        .startsWith("<85>1 ")
                        .endsWith(expected);
            }
            forwarder.stop();
        }
    }

    @Test
    void overTlsOnlyARepositoryThatProvesItsNameGetsTheTrail() throws Exception {
        Path store = folder.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit",
                                "-alias",
                                "arr",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=arr",
                                "-ext",
                                "san=ip:127.0.0.1")
                        .redirectErrorStream(true)
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory keyManagers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, "changeit".toCharArray());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext both = SSLContext.getInstance("TLS");
        both.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        try (AuditLog log = log();
                Repository repository =
                        new Repository(
                                both.getServerSocketFactory()
                                        .createServerSocket(
                                                0, 5, InetAddress.getByName("127.0.0.1")))) {
            log.write("secret");
            SSLContext trustsOthers = SSLContext.getDefault();
            AuditForwarder wary =
                    new AuditForwarder(
                            log, at(Protocol.TLS, repository.port()), () -> trustsOthers);
            assertThat(repository.messages.poll(700, TimeUnit.MILLISECONDS)).isNull();
            wary.stop();
            AuditForwarder forwarder =
                    new AuditForwarder(log, at(Protocol.TLS, repository.port()), () -> both);
            assertThat(repository.next()).endsWith("secret");
            forwarder.stop();
        }
    }

    private static AuditRepository at(Protocol protocol, int port) {
        return new AuditRepository(protocol, "127.0.0.1", port);
    }

    private static AuditForwarder forwarder(AuditLog log, Protocol protocol, int port) {
        Supplier<SSLContext> none =
                () -> {
                    throw new IllegalStateException("no TLS was asked for");
                };
        return new AuditForwarder(log, at(protocol, port), none);
    }

    /** Reads the frames of RFC 5425. */
    private static final class Repository implements AutoCloseable {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final ServerSocket listener;
        private volatile Socket current = new Socket();

        Repository(int port) throws IOException {
            this(new ServerSocket(port, 5, InetAddress.getLoopbackAddress()));
        }

        Repository(ServerSocket listener) {
            this.listener = listener;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        String next() throws InterruptedException {
            String message = messages.poll(15, TimeUnit.SECONDS);
            assertThat(message).as("a message within 15 s").isNotNull();
            return message;
        }

        void hangUp() throws IOException {
            current.close();
        }

        private void accept() {
            while (!listener.isClosed()) {
                try (Socket socket = listener.accept()) {
                    current = socket;
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    while (true) {
                        messages.add(frame(in));
                    }
                } catch (IOException ended) {
                    // The next one may come.
                }
            }
        }

        private static String frame(DataInputStream in) throws IOException {
            OutputStream length = new ByteArrayOutputStream();
            for (int c = in.readUnsignedByte(); c != ' '; c = in.readUnsignedByte()) {
                length.write(c);
            }
            byte[] message = new byte[Integer.parseInt(length.toString())];
            in.readFully(message);
            return new String(message, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            listener.close();
            current.close();
        }
    }
}
