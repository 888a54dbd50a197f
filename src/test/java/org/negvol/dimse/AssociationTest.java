package org.negvol.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.UID;

class AssociationTest {

    private static final String CT = UID.CTImageStorage;

    @Test
    void echoIsAnsweredAndTheAssociationReleased() throws Exception {
        try (Sink sink = new Sink()) {
            try (Association a =
                    Association.open(
                            sink.call().propose(UID.Verification, UID.ImplicitVRLittleEndian))) {
                assertThat(a.echo()).isEqualTo(DimseStatus.SUCCESS);
                assertThat(a.info().peerImplementationVersionName()).startsWith("NEGVOL");
            }
            assertThat(sink.nextEvent()).isEqualTo("released");
        }
    }

    @Test
    void objectsOfAnySizeArriveAsTheyWereSent(@TempDir Path folder) throws Exception {
        long seed = 20261124;
        Random random = new Random(seed);
        int[] sizes = {0, 2, 131_058, 131_060, 131_062, 131_064, 262_144, 3_000_002};
        try (Sink sink = new Sink();
                Association a =
                        Association.open(sink.call().propose(CT, UID.ExplicitVRLittleEndian))) {
            for (int size : sizes) {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                String stream = "1.2.3." + size + ".1";
                String file = "1.2.3." + size + ".2";
                Path path = Files.write(folder.resolve(file), bytes);
                assertThat(
                                a.store(
                                        CT,
                                        stream,
                                        UID.ExplicitVRLittleEndian,
                                        new ByteArrayInputStream(bytes)))
                        .isEqualTo(DimseStatus.SUCCESS);
                try (var channel = Files.newByteChannel(path)) {
                    assertThat(
                                    a.store(
                                            CT,
                                            file,
                                            UID.ExplicitVRLittleEndian,
                                            DataWriter.of(channel)))
                            .isEqualTo(DimseStatus.SUCCESS);
                }
                assertThat(sink.stored.get(stream).dataset()).as("seed %d", seed).isEqualTo(bytes);
                assertThat(sink.stored.get(file).dataset()).as("seed %d", seed).isEqualTo(bytes);
            }
        }
    }

    @Test
    void aTransferSyntaxThatWasNotAcceptedCannotBeSent() throws Exception {
        try (Sink sink = new Sink();
                Association a =
                        Association.open(
                                sink.call()
                                        .propose(CT, UID.ExplicitVRLittleEndian)
                                        .propose(CT, UID.MPEG2MPML))) {
            assertThat(a.acceptedTransferSyntaxes(CT)).containsExactly(UID.ExplicitVRLittleEndian);
            assertThatThrownBy(
                            () ->
                                    a.store(
                                            CT,
                                            "1.2",
                                            UID.MPEG2MPML,
                                            new ByteArrayInputStream(new byte[2])))
                    .isInstanceOf(NoPresentationContextException.class);
            assertThat(a.isOpen()).isTrue();
        }
    }

    @Test
    void aWrongCalledTitleIsRejectedWithItsReason() throws Exception {
        try (Sink sink = new Sink()) {
            AssociateOptions wrong =
                    AssociateOptions.to("127.0.0.1", sink.port(), "NOBODY", "TESTSCU")
                            .propose(UID.Verification, UID.ImplicitVRLittleEndian);
            assertThatThrownBy(() -> Association.open(wrong))
                    .isInstanceOfSatisfying(
                            AssociationRejectedException.class,
                            e ->
                                    assertThat(e.reject())
                                            .isEqualTo(AssociateReject.CALLED_AET_NOT_RECOGNIZED));
        }
    }

    @Test
    void aFailingSourceAbortsOnlyWhereItsBytesWereSent() throws Exception {
        try (Sink sink = new Sink();
                Association a =
                        Association.open(sink.call().propose(CT, UID.ExplicitVRLittleEndian))) {
            DataWriter failsAtOnce =
                    out -> {
                        throw new IOException("disk");
                    };
            assertThatThrownBy(() -> a.store(CT, "1.2", UID.ExplicitVRLittleEndian, failsAtOnce))
                    .hasMessage("disk");
            assertThat(a.isOpen()).isTrue();
            DataWriter failsLater =
                    out -> {
                        out.write(new byte[1 << 20]);
                        throw new IOException("disk");
                    };
            assertThatThrownBy(() -> a.store(CT, "1.2", UID.ExplicitVRLittleEndian, failsLater))
                    .hasMessage("disk");
            assertThat(a.isOpen()).isFalse();
            assertThat(sink.nextEvent()).startsWith("aborted");
            assertThat(sink.stored).isEmpty();
        }
    }
}
