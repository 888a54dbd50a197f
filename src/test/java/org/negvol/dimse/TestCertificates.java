package org.negvol.dimse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.negvol.Peers;

/** Authorities and certificates for TLS, made by openssl; tests are skipped without it. */
public final class TestCertificates {

    private final Path folder;

    /**
     * @param folder where the files go
     */
    public TestCertificates(Path folder) {
        Peers.assumeInstalled("openssl");
        this.folder = folder;
    }

    /** NAME.pem and NAME.key of an authority. */
    public void authority(String name) {
        run(
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN="
                        + name
                        + " -keyout "
                        + name
                        + ".key -out "
                        + name
                        + ".pem");
    }

    /** NAME.pem and NAME.key that an authority vouches for. */
    public void certificate(String name, String authority) {
        run(
                "req -newkey rsa:2048 -nodes -subj /CN="
                        + name
                        + " -keyout "
                        + name
                        + ".key -out "
                        + name
                        + ".csr");
        run(
                "x509 -req -days 2 -in "
                        + name
                        + ".csr -CA "
                        + authority
                        + ".pem -CAkey "
                        + authority
                        + ".key -CAcreateserial -out "
                        + name
                        + ".pem");
    }

    /** Any command of openssl. */
    void run(String command) {
        try {
            Process process =
                    new ProcessBuilder(("openssl " + command).split(" "))
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("openssl.log").toFile())
                            .start();
            assertThat(process.waitFor())
                    .as(command + Files.readString(folder.resolve("openssl.log")))
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
