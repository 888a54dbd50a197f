package org.negvol.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 3", "100, 8"})
    void asManyObjectsAreBeingStoredAsTheWindowHas(int asked, int granted) throws Exception {
        int objects = 20;
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Map<String, byte[]> stored = new ConcurrentHashMap<>();
        CyclicBarrier full = new CyclicBarrier(granted);
        CStoreHandler slow =
                (rq, dataset) -> {
                    stored.put(rq.sopInstanceUid(), dataset.readAllBytes());
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    try {
                        // Goes on when the window is full, or where the last few do not fill it.
                        full.await(1, TimeUnit.SECONDS);
                    } catch (BrokenBarrierException | TimeoutException lastFew) {
                        assertThat(stored).hasSizeGreaterThan(objects - granted);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    } finally {
                        atOnce.decrementAndGet();
                    }
                    return DimseStatus.SUCCESS;
                };
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        try (DimseServer server =
                        DimseServer.start(
                                DimseServerOptions.of("SINK", 0),
                                AccessControl.acceptAny(),
                                List.of(slow));
                Association a =
                        Association.open(
                                AssociateOptions.to("127.0.0.1", server.port(), "SINK", "TESTSCU")
                                        .propose(CT, UID.ExplicitVRLittleEndian)
                                        .withWindow(asked))) {
            assertThat(a.window()).isEqualTo(granted);
            OperationsWindow.fill(
                    a,
                    objects,
                    i ->
                            assertThat(
                                            a.store(
                                                    CT,
                                                    "1.2." + i,
                                                    UID.ExplicitVRLittleEndian,
                                                    new ByteArrayInputStream(bytes)))
                                    .isEqualTo(DimseStatus.SUCCESS));
        }
        assertThat(most.get()).isEqualTo(granted);
        assertThat(stored).hasSize(objects).allSatisfy((uid, b) -> assertThat(b).isEqualTo(bytes));
    }

    @Test
    void theReleaseWaitsForWhatIsBeingStored() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CStoreHandler slow =
                (rq, dataset) -> {
                    dataset.readAllBytes();
                    read.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    order.add("stored");
                    return DimseStatus.SUCCESS;
                };
        AssociationListener listener =
                new AssociationListener() {
                    @Override
                    public void released(AssociationInfo association) {
                        order.add("released");
                    }
                };
        try (DimseServer server =
                DimseServer.start(
                        DimseServerOptions.of("SINK", 0),
                        AccessControl.acceptAny(),
                        List.of(slow),
                        listener)) {
            Association a =
                    Association.open(
                            AssociateOptions.to("127.0.0.1", server.port(), "SINK", "TESTSCU")
                                    .propose(CT, UID.ExplicitVRLittleEndian)
                                    .withWindow(2));
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    a.store(
                                            CT,
                                            "1.2",
                                            UID.ExplicitVRLittleEndian,
                                            new ByteArrayInputStream(new byte[2]));
                                } catch (IOException e) {
                                    order.add("no answer: " + e.getMessage());
                                }
                            });
            read.await();
            Thread closing = Thread.ofVirtual().start(a::close);
            assertThat(closing.join(Duration.ofMillis(200))).isFalse();
            go.countDown();
            closing.join();
        }
        assertThat(order).containsExactly("stored", "released");
    }
}
