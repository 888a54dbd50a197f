package org.negvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.Admission;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import picocli.CommandLine;

class EchoCommandTest {

    /** Knows NODE, and lets in FRIEND only. */
    private static DimseServer node() throws IOException {
        AccessControl access =
                (rq, peer) ->
                        rq.callingAet().equals("FRIEND")
                                ? Admission.accept()
                                : Admission.reject(AssociateReject.CALLING_AET_NOT_RECOGNIZED);
        return DimseServer.start(
                DimseServerOptions.of("NODE", 0).withBindAddress(InetAddress.getLoopbackAddress()),
                access,
                List.of());
    }

    private record Ran(int code, String out, String err) {
        static Ran of(String... args) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            CommandLine line =
                    NegvolCommand.commandLine()
                            .setOut(new PrintWriter(out))
                            .setErr(new PrintWriter(err));
            return new Ran(line.execute(args), out.toString(), err.toString());
        }
    }

    @Test
    void aNodeThatAnswersIsSuccess() throws Exception {
        try (DimseServer node = node()) {
            Ran ran = Ran.of("echo", "NODE@127.0.0.1:" + node.port(), "--calling", "FRIEND");
            assertThat(ran.code()).isZero();
            assertThat(ran.out()).startsWith("NODE@127.0.0.1:" + node.port() + " answers FRIEND");
        }
    }

    @Test
    void whoIsNotLetInIsToldWhy() throws Exception {
        try (DimseServer node = node()) {
            Ran ran = Ran.of("echo", "NODE@127.0.0.1:" + node.port(), "--calling", "STRANGER");
            assertThat(ran.code()).isEqualTo(NegvolCommand.PROBLEM);
            assertThat(ran.err()).contains("does not let STRANGER in");
        }
    }

    @Test
    void aClosedPortIsAProblemAndNotAStackTrace() throws Exception {
        int port;
        try (DimseServer node = node()) {
            port = node.port();
        }
        Ran ran = Ran.of("echo", "NODE@127.0.0.1:" + port);
        assertThat(ran.code()).isEqualTo(NegvolCommand.PROBLEM);
        assertThat(ran.err()).startsWith("negvol: Nobody answers at NODE@127.0.0.1:" + port);
        assertThat(ran.err()).doesNotContain("Exception");
    }

    @Test
    void patienceOutlastsALateStart() throws Exception {
        int port;
        try (DimseServer node = node()) {
            port = node.port();
        }
        AtomicReference<DimseServer> started = new AtomicReference<>();
        Thread late =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(300);
                                        started.set(
                                                DimseServer.start(
                                                        DimseServerOptions.of("NODE", port)
                                                                .withBindAddress(
                                                                        InetAddress
                                                                                .getLoopbackAddress()),
                                                        AccessControl.acceptAny(),
                                                        List.of()));
                                    } catch (IOException | InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        Ran ran = Ran.of("echo", "NODE@127.0.0.1:" + port, "--patience", "20");
        late.join();
        started.get().close();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
    }
}
