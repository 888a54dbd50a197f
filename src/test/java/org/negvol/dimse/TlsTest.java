package org.negvol.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.UID;

/** Associations over TLS: whoever proves what is asked gets in, nobody else; with DCMTK. */
@Timeout(60)
class TlsTest {

    @TempDir static Path folder;

    @BeforeAll
    static void makeCertificates() {
        TestCertificates openssl = new TestCertificates(folder);
        openssl.authority("ours");
        openssl.authority("theirs");
        openssl.certificate("node", "ours");
        openssl.certificate("scanner", "ours");
        openssl.certificate("stranger", "theirs");
        openssl.certificate("renewed", "theirs");
        openssl.run(
                "pkcs12 -export -inkey node.key -in node.pem -certfile ours.pem -passout"
                        + " pass:secret -out node.p12");
        openssl.run("pkcs8 -topk8 -in node.key -passout pass:secret -out node.encrypted.key");
        openssl.run("rsa -in node.key -traditional -out node.pkcs1.key");
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    private static TlsIdentity pem(String name, String authority) throws IOException {
        return new TlsIdentity(
                new TlsIdentity.Sources(
                        file(name + ".pem"), file(name + ".key"), null, file(authority + ".pem")));
    }

    private static Sink listening(TlsIdentity identity) throws IOException {
        return new Sink(
                Sink.options().withTls(new TlsOptions(identity, true, List.of())),
                AccessControl.acceptAny());
    }

    private static int echoscu(Sink sink, Object... tls) throws Exception {
        Dcmtk.requireInstalled("echoscu");
        List<Object> arguments = new java.util.ArrayList<>(List.of("-to", 5, "-aec", Sink.AET));
        arguments.addAll(List.of(tls));
        arguments.addAll(List.of("127.0.0.1", sink.port()));
        return Dcmtk.run("echoscu", arguments.toArray()).exitCode();
    }

    @Test
    void echoscuWithACertificateOfOurAuthorityIsAnswered() throws Exception {
        try (Sink sink = listening(pem("node", "ours"))) {
            assertThat(
                            echoscu(
                                    sink,
                                    "+tls",
                                    file("scanner.key"),
                                    file("scanner.pem"),
                                    "+cf",
                                    file("ours.pem")))
                    .isZero();
            assertThat(sink.nextEvent()).isEqualTo("released");
        }
    }

    @Test
    void echoscuWithoutTlsOrWithAnotherCertificateOrNoneIsNotAndNoneHarmsTheOthers()
            throws Exception {
        try (Sink sink = listening(pem("node", "ours"))) {
            assertThat(echoscu(sink)).isNotZero();
            assertThat(
                            echoscu(
                                    sink,
                                    "+tls",
                                    file("stranger.key"),
                                    file("stranger.pem"),
                                    "+cf",
                                    file("ours.pem")))
                    .isNotZero();
            assertThat(echoscu(sink, "+tla", "+cf", file("ours.pem"))).isNotZero();
            // And the scanner that does not believe in our authority goes away itself.
            assertThat(
                            echoscu(
                                    sink,
                                    "+tls",
                                    file("scanner.key"),
                                    file("scanner.pem"),
                                    "+cf",
                                    file("theirs.pem")))
                    .isNotZero();
            for (int i = 0; i < 4; i++) {
                assertThat(sink.nextEvent()).startsWith("failed");
            }
            assertThat(
                            echoscu(
                                    sink,
                                    "+tls",
                                    file("scanner.key"),
                                    file("scanner.pem"),
                                    "+cf",
                                    file("ours.pem")))
                    .isZero();
        }
    }

    @Test
    void oursEchoesStorescpOverTlsAndNotOneOfAnotherAuthority() throws Exception {
        Dcmtk.requireInstalled("storescp");
        try (Dcmtk.Listener storescp =
                new Dcmtk.Listener(
                        folder,
                        "storescp",
                        "-aet",
                        "PEER",
                        "+tls",
                        file("scanner.key"),
                        file("scanner.pem"),
                        "+cf",
                        file("ours.pem"),
                        "-od",
                        folder)) {
            AssociateOptions options =
                    AssociateOptions.to("127.0.0.1", storescp.port, "PEER", "NEGVOL")
                            .propose(UID.Verification, UID.ImplicitVRLittleEndian);
            try (Association a =
                    Association.open(
                            options.withTls(
                                    new TlsOptions(pem("node", "ours"), true, List.of())))) {
                assertThat(a.echo()).isEqualTo(DimseStatus.SUCCESS);
                assertThat(a.info().peerCertificates().getFirst().getSubjectX500Principal())
                        .hasToString("CN=scanner");
            }
            assertThatThrownBy(
                            () ->
                                    Association.open(
                                            options.withTls(
                                                    new TlsOptions(
                                                            pem("stranger", "theirs"),
                                                            true,
                                                            List.of()))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void everyFormOfKeyIsRead() throws Exception {
        for (TlsIdentity.Sources sources :
                List.of(
                        new TlsIdentity.Sources(file("node.p12"), null, "secret", file("ours.pem")),
                        new TlsIdentity.Sources(
                                file("node.pem"),
                                file("node.encrypted.key"),
                                "secret",
                                file("ours.pem")),
                        new TlsIdentity.Sources(
                                file("node.pem"),
                                file("node.pkcs1.key"),
                                null,
                                file("ours.pem")))) {
            try (Sink sink = listening(new TlsIdentity(sources));
                    Association a = Association.open(secure(sink, "scanner", "ours"))) {
                assertThat(a.echo()).isEqualTo(DimseStatus.SUCCESS);
            }
        }
    }

    private static AssociateOptions secure(Sink sink, String name, String authority)
            throws IOException {
        return sink.call()
                .propose(UID.Verification, UID.ImplicitVRLittleEndian)
                .withTls(new TlsOptions(pem(name, authority), true, List.of()));
    }

    @Test
    void renewedCertificatesAreTakenWithoutARestartAndDamagedOnesAreNot() throws Exception {
        Path own = Files.createDirectory(file("live"));
        for (String part : List.of("pem", "key")) {
            Files.copy(file("node." + part), own.resolve("node." + part));
        }
        Files.copy(file("ours.pem"), own.resolve("trusted.pem"));
        TlsIdentity identity =
                new TlsIdentity(
                        new TlsIdentity.Sources(
                                own.resolve("node.pem"),
                                own.resolve("node.key"),
                                null,
                                own.resolve("trusted.pem")));
        try (Sink sink = listening(identity)) {
            echo(secure(sink, "scanner", "ours"));
            replace(file("renewed.pem"), own.resolve("node.pem"));
            replace(file("renewed.key"), own.resolve("node.key"));
            replace(file("theirs.pem"), own.resolve("trusted.pem"));
            Thread.sleep(1100);
            echo(secure(sink, "stranger", "theirs"));
            assertThatThrownBy(() -> Association.open(secure(sink, "scanner", "ours")))
                    .isInstanceOf(IOException.class);

            Files.writeString(own.resolve("node.key"), "nothing of use");
            Thread.sleep(1100);
            echo(secure(sink, "stranger", "theirs"));
        }
    }

    private static void echo(AssociateOptions options) throws IOException {
        try (Association a = Association.open(options)) {
            assertThat(a.echo()).isEqualTo(DimseStatus.SUCCESS);
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(to, FileTime.from(Instant.now().plusSeconds(5)));
    }

    @Test
    void filesThatCannotBeUsedAreNamed() {
        assertThatThrownBy(() -> pem("nobody", "ours")).isInstanceOf(IOException.class);
        assertThatThrownBy(
                        () ->
                                new TlsIdentity(
                                        new TlsIdentity.Sources(
                                                file("node.p12"), null, "wrong", null)))
                .hasMessageContaining("node.p12");
        assertThatThrownBy(
                        () ->
                                new TlsIdentity(
                                        new TlsIdentity.Sources(
                                                file("node.pem"), file("node.pem"), null, null)))
                .hasMessageContaining("no private key");
    }
}
