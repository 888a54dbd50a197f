package org.negvol.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.negvol.dimse.MemoryArchive.keys;
import static org.negvol.dimse.MemoryArchive.proposing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** C-FIND, C-MOVE and C-GET, of both roles, between ourselves and with DCMTK. */
@Timeout(60)
class QueryRetrieveTest {

    private static final String FIND = UID.StudyRootQueryRetrieveInformationModelFind;
    private static final String MOVE = UID.StudyRootQueryRetrieveInformationModelMove;
    private static final String GET = UID.StudyRootQueryRetrieveInformationModelGet;
    private static final String CT = UID.CTImageStorage;

    @TempDir Path folder;

    private static MemoryArchive three() throws IOException {
        MemoryArchive archive = new MemoryArchive();
        for (int i = 1; i <= 3; i++) {
            archive.add(
                    TestImage.dataset("1.2.3.4.5." + i, 16)
                            .setString(Tag.PatientName, VR.PN, "Test^Image" + i),
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
        return archive;
    }

    @Test
    void matchesAreFoundAndTheRestIsNot() throws IOException {
        try (MemoryArchive archive = three();
                Association a = Association.open(proposing(archive.call(), FIND))) {
            List<String> found = new ArrayList<>();
            DimseStatus status =
                    a.find(
                            FIND,
                            keys(
                                    "IMAGE",
                                    Tag.PatientName,
                                    "test^image?",
                                    Tag.SOPInstanceUID,
                                    "1.2.3.4.5.1\\1.2.3.4.5.3"),
                            m -> found.add(m.getString(Tag.SOPInstanceUID)));
            assertThat(status).isEqualTo(DimseStatus.SUCCESS);
            assertThat(found).containsExactly("1.2.3.4.5.1", "1.2.3.4.5.3");
            assertThat(a.find(FIND, keys("IMAGE", Tag.PatientID, "NONE"), m -> true))
                    .isEqualTo(DimseStatus.SUCCESS);
        }
    }

    @Test
    void aCancelledQueryEndsAtOnceAndTheAssociationGoesOn() throws Exception {
        try (MemoryArchive archive = three();
                Association a =
                        Association.open(
                                proposing(archive.call(), FIND)
                                        .propose(UID.Verification, UID.ImplicitVRLittleEndian))) {
            archive.endless = true;
            int[] count = {0};
            DimseStatus status =
                    a.find(FIND, keys("IMAGE", Tag.PatientID, ""), m -> ++count[0] < 5);
            assertThat(status.code()).isEqualTo(0xFE00);
            assertThat(archive.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
            archive.endless = false;
            assertThat(a.echo()).isEqualTo(DimseStatus.SUCCESS);
            assertThat(a.find(FIND, keys("IMAGE", Tag.PatientID, ""), m -> true))
                    .isEqualTo(DimseStatus.SUCCESS);
        }
    }

    @Test
    void aQueryEndsWhenItsRequestorIsGone() throws Exception {
        try (MemoryArchive archive = three()) {
            archive.endless = true;
            Association a = Association.open(proposing(archive.call(), FIND));
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowable(
                                    () ->
                                            a.find(
                                                    FIND,
                                                    keys("IMAGE", Tag.PatientID, ""),
                                                    m -> {
                                                        a.abort();
                                                        return true;
                                                    })))
                    .isInstanceOf(AssociationEndedException.class);
            assertThat(
                            archive.cancelled.await(5, TimeUnit.SECONDS)
                                    || archive.server.openAssociations() == 0)
                    .isTrue();
        }
    }

    @Test
    void objectsAreGotOverTheSameAssociation() throws IOException {
        List<String> got = new ArrayList<>();
        CStoreHandler store =
                (rq, dataset) -> {
                    got.add(rq.sopInstanceUid());
                    return DimseStatus.SUCCESS;
                };
        try (MemoryArchive archive = three();
                Association a =
                        Association.open(
                                proposing(archive.call(), GET, CT)
                                        .withRole(CT, false, true)
                                        .withServices(store))) {
            List<RetrieveResult> progress = new ArrayList<>();
            RetrieveResult result =
                    a.get(GET, keys("STUDY", Tag.StudyInstanceUID, "1.2.3.4"), progress::add);
            assertThat(result.status()).isEqualTo(DimseStatus.SUCCESS);
            assertThat(result.completed()).isEqualTo(3);
            assertThat(got).containsExactly("1.2.3.4.5.1", "1.2.3.4.5.2", "1.2.3.4.5.3");
            assertThat(progress).extracting(RetrieveResult::remaining).containsExactly(2, 1, 0);
        }
    }

    @Test
    void withoutTheRoleOfScpNothingIsGotAndTheListSaysWhat() throws IOException {
        try (MemoryArchive archive = three();
                Association a = Association.open(proposing(archive.call(), GET, CT))) {
            RetrieveResult result =
                    a.get(GET, keys("STUDY", Tag.StudyInstanceUID, "1.2.3.4"), r -> true);
            assertThat(result.status().code()).isEqualTo(0xA702);
            assertThat(result.failed()).isEqualTo(3);
            assertThat(result.failedInstances()).hasSize(3).contains("1.2.3.4.5.2");
        }
    }

    @Test
    void aCancelledGetStopsBeforeTheNextObject() throws IOException {
        try (MemoryArchive archive = three();
                Association a =
                        Association.open(
                                proposing(archive.call(), GET, CT)
                                        .withRole(CT, false, true)
                                        .withServices(
                                                (CStoreHandler)
                                                        (rq, dataset) -> {
                                                            pause();
                                                            return DimseStatus.SUCCESS;
                                                        }))) {
            RetrieveResult result =
                    a.get(GET, keys("STUDY", Tag.StudyInstanceUID, "1.2.3.4"), r -> false);
            assertThat(result.status().isCancel()).isTrue();
            assertThat(result.completed() + result.remaining()).isEqualTo(3);
            assertThat(result.remaining()).isPositive();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void objectsAreMovedToAThirdParty() throws IOException {
        try (MemoryArchive archive = three();
                Sink sink = new Sink();
                Association a = Association.open(proposing(archive.call(), MOVE))) {
            archive.destinations.put(
                    Sink.AET,
                    AssociateOptions.to("127.0.0.1", sink.port(), Sink.AET, MemoryArchive.AET));
            RetrieveResult result =
                    a.move(
                            MOVE,
                            keys("IMAGE", Tag.SOPInstanceUID, "1.2.3.4.5.2"),
                            Sink.AET,
                            r -> true);
            assertThat(result.status()).isEqualTo(DimseStatus.SUCCESS);
            assertThat(sink.stored).containsOnlyKeys("1.2.3.4.5.2");
            StoreRequest rq = sink.stored.get("1.2.3.4.5.2").request();
            assertThat(rq.moveOriginatorAet()).isEqualTo("TESTSCU");
            assertThat(rq.moveOriginatorMessageId()).isPositive();
            assertThat(
                            a.move(MOVE, keys("STUDY", Tag.PatientID, "T1"), "ELSEWHERE", r -> true)
                                    .status()
                                    .code())
                    .isEqualTo(0xA801);
        }
    }

    @Test
    void objectsAreMovedAsManyAtATimeAsTheDestinationGrants() throws IOException {
        CyclicBarrier allAtATime = new CyclicBarrier(3);
        CStoreHandler waiting =
                (rq, dataset) -> {
                    dataset.readAllBytes();
                    try {
                        allAtATime.await(10, TimeUnit.SECONDS);
                        return DimseStatus.SUCCESS;
                    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                        return DimseStatus.OUT_OF_RESOURCES.withComment("one came alone");
                    }
                };
        try (MemoryArchive archive = three();
                DimseServer destination =
                        DimseServer.start(
                                DimseServerOptions.of("WIDE", 0),
                                AccessControl.acceptAny(),
                                List.of(waiting));
                Association a = Association.open(proposing(archive.call(), MOVE))) {
            archive.destinations.put(
                    "WIDE",
                    AssociateOptions.to(
                            "127.0.0.1", destination.port(), "WIDE", MemoryArchive.AET));
            RetrieveResult result =
                    a.move(MOVE, keys("STUDY", Tag.PatientID, "T1"), "WIDE", r -> true);
            assertThat(result.status()).isEqualTo(DimseStatus.SUCCESS);
            assertThat(result.completed()).isEqualTo(3);
        }
    }

    @Test
    void aDestinationThatDoesNotAnswerFailsAllSubOperations() throws IOException {
        int nobody;
        try (Sink sink = new Sink()) {
            nobody = sink.port();
        }
        try (MemoryArchive archive = three();
                Association a = Association.open(proposing(archive.call(), MOVE))) {
            archive.destinations.put(
                    "GONE", AssociateOptions.to("127.0.0.1", nobody, "GONE", MemoryArchive.AET));
            RetrieveResult result =
                    a.move(MOVE, keys("STUDY", Tag.PatientID, "T1"), "GONE", r -> true);
            assertThat(result.status().code()).isEqualTo(0xA702);
            assertThat(result.failed()).isEqualTo(3);
        }
    }

    @Test
    void compressedObjectsAreUncompressedForAPeerThatTakesNoOthers() throws IOException {
        byte[] frame;
        try (InputStream in =
                Attributes.class.getResourceAsStream("/org/negvol/dicom/frames/lossless-sv1.bin")) {
            frame = in.readAllBytes();
        }
        Attributes image =
                TestImage.dataset("1.2.9", 16)
                        .setInt(Tag.Rows, VR.US, 61)
                        .setInt(Tag.Columns, VR.US, 47)
                        .setInt(Tag.BitsStored, VR.US, 16)
                        .setInt(Tag.HighBit, VR.US, 15)
                        .setFragments(Tag.PixelData, VR.OB, List.of(new byte[0], frame));
        DimseServerOptions nativeOnly =
                Sink.options()
                        .withPresentation(
                                new PresentationPolicy(
                                        PresentationPolicy.NATIVE, java.util.Map.of()));
        try (MemoryArchive archive = new MemoryArchive();
                Sink sink = new Sink(nativeOnly, AccessControl.acceptAny());
                Association a = Association.open(proposing(archive.call(), MOVE))) {
            archive.add(image, TransferSyntax.JPEG_LOSSLESS_SV1);
            archive.destinations.put(
                    Sink.AET,
                    AssociateOptions.to("127.0.0.1", sink.port(), Sink.AET, MemoryArchive.AET));
            assertThat(
                            a.move(MOVE, keys("STUDY", Tag.PatientID, "T1"), Sink.AET, r -> true)
                                    .status())
                    .isEqualTo(DimseStatus.SUCCESS);
            Sink.Stored stored = sink.stored.get("1.2.9");
            Attributes read =
                    TestImage.read(stored.dataset(), stored.request().transferSyntaxUid());
            assertThat(read.getBytes(Tag.PixelData)).hasSize(61 * 47 * 2);
        }
    }

    // ---------------------------------------------------------------- DCMTK as SCU

    @Test
    void findscuFindsByEveryKindOfKey() throws Exception {
        Dcmtk.requireInstalled("findscu");
        try (MemoryArchive archive = three()) {
            for (String model : List.of("-S", "-P")) {
                Dcmtk.Result result =
                        Dcmtk.run(
                                "findscu",
                                model,
                                "-v",
                                "-aec",
                                MemoryArchive.AET,
                                "-k",
                                "QueryRetrieveLevel=IMAGE",
                                "-k",
                                "PatientName=TEST^*2",
                                "-k",
                                "SOPInstanceUID",
                                "127.0.0.1",
                                archive.port());
                assertThat(result.exitCode()).as(result.output()).isZero();
                assertThat(result.output())
                        .contains("1.2.3.4.5.2")
                        .doesNotContain("1.2.3.4.5.1", "1.2.3.4.5.3")
                        .contains("Success");
            }
        }
    }

    @Test
    void findscuCancels() throws Exception {
        Dcmtk.requireInstalled("findscu");
        try (MemoryArchive archive = three()) {
            archive.endless = true;
            Dcmtk.Result result =
                    Dcmtk.run(
                            "findscu",
                            "-S",
                            "-v",
                            "--cancel",
                            3,
                            "-aec",
                            MemoryArchive.AET,
                            "-k",
                            "QueryRetrieveLevel=IMAGE",
                            "-k",
                            "SOPInstanceUID",
                            "127.0.0.1",
                            archive.port());
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(archive.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void getscuGetsEveryObject() throws Exception {
        Dcmtk.requireInstalled("getscu");
        Path out = Files.createDirectory(folder.resolve("got"));
        try (MemoryArchive archive = three()) {
            Dcmtk.Result result =
                    Dcmtk.run(
                            "getscu",
                            "-S",
                            "-v",
                            "-aec",
                            MemoryArchive.AET,
                            "-od",
                            out,
                            "-k",
                            "QueryRetrieveLevel=STUDY",
                            "-k",
                            "StudyInstanceUID=1.2.3.4",
                            "127.0.0.1",
                            archive.port());
            assertThat(result.exitCode()).as(result.output()).isZero();
            try (Stream<Path> files = Files.list(out)) {
                assertThat(files.map(QueryRetrieveTest::instance))
                        .containsExactlyInAnyOrder("1.2.3.4.5.1", "1.2.3.4.5.2", "1.2.3.4.5.3");
            }
        }
    }

    private static String instance(Path file) {
        try {
            return TestImage.read(file).dataset().getString(Tag.SOPInstanceUID, "");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void movescuHasObjectsSentToItself() throws Exception {
        Dcmtk.requireInstalled("movescu");
        Path out = Files.createDirectory(folder.resolve("moved"));
        int port;
        try (Sink sink = new Sink()) {
            port = sink.port();
        }
        try (MemoryArchive archive = three()) {
            archive.destinations.put(
                    "MOVESCU", AssociateOptions.to("127.0.0.1", port, "MOVESCU", "MEMORY"));
            Dcmtk.Result result =
                    Dcmtk.run(
                            "movescu",
                            "-S",
                            "-v",
                            "-aec",
                            MemoryArchive.AET,
                            "-aem",
                            "MOVESCU",
                            "--port",
                            port,
                            "-od",
                            out,
                            "-k",
                            "QueryRetrieveLevel=STUDY",
                            "-k",
                            "StudyInstanceUID=1.2.3.4",
                            "127.0.0.1",
                            archive.port());
            assertThat(result.exitCode()).as(result.output()).isZero();
            try (Stream<Path> files = Files.list(out)) {
                assertThat(files).hasSize(3);
            }
        }
    }

    // ---------------------------------------------------------------- DCMTK as SCP

    @Test
    void dcmqrscpIsStoredToQueriedAndRetrievedFrom() throws Exception {
        Dcmtk.requireInstalled("dcmqrscp");
        try (Sink sink = new Sink()) {
            Path config =
                    Files.writeString(
                            folder.resolve("dcmqrscp.cfg"),
                            """
                            MaxPDUSize = 65536
                            MaxAssociations = 16
                            HostTable BEGIN
                            sink = (SINK, localhost, %d)
                            HostTable END
                            VendorTable BEGIN
                            VendorTable END
                            AETable BEGIN
                            QRSCP %s RW (200, 1024mb) ANY
                            AETable END
                            """
                                    .formatted(
                                            sink.port(),
                                            Files.createDirectory(folder.resolve("store"))));
            try (Dcmtk.Listener qrscp = new Dcmtk.Listener(folder, "dcmqrscp", "-c", config)) {
                List<String> got = new ArrayList<>();
                AssociateOptions options =
                        proposing(
                                        AssociateOptions.to(
                                                "127.0.0.1", qrscp.port, "QRSCP", "NEGVOL"),
                                        FIND,
                                        MOVE,
                                        GET,
                                        CT)
                                .withRole(CT, true, true)
                                .withServices(
                                        (CStoreHandler)
                                                (rq, dataset) -> {
                                                    got.add(rq.sopInstanceUid());
                                                    return DimseStatus.SUCCESS;
                                                });
                try (Association a = Association.open(options)) {
                    for (int i = 1; i <= 3; i++) {
                        String uid = "1.2.3.4.5." + i;
                        String syntax = a.acceptedTransferSyntaxes(CT).getFirst();
                        byte[] bytes =
                                MemoryArchive.encode(
                                        TestImage.dataset(uid, 16), TransferSyntax.of(syntax));
                        assertThat(
                                        a.store(
                                                CT,
                                                uid,
                                                syntax,
                                                new java.io.ByteArrayInputStream(bytes)))
                                .isEqualTo(DimseStatus.SUCCESS);
                    }
                    List<String> found = new ArrayList<>();
                    assertThat(
                                    a.find(
                                            FIND,
                                            keys(
                                                    "IMAGE",
                                                    Tag.StudyInstanceUID,
                                                    "1.2.3.4",
                                                    Tag.SeriesInstanceUID,
                                                    "1.2.3.4.5",
                                                    Tag.SOPInstanceUID,
                                                    ""),
                                            m -> found.add(m.getString(Tag.SOPInstanceUID))))
                            .isEqualTo(DimseStatus.SUCCESS);
                    assertThat(found).hasSize(3);
                    Attributes study = keys("STUDY", Tag.StudyInstanceUID, "1.2.3.4");
                    assertThat(a.move(MOVE, study, Sink.AET, r -> true).status())
                            .isEqualTo(DimseStatus.SUCCESS);
                    assertThat(sink.stored).hasSize(3);
                    assertThat(a.get(GET, study, r -> true).status())
                            .isEqualTo(DimseStatus.SUCCESS);
                    assertThat(got).hasSize(3);
                }
            }
        }
    }
}
