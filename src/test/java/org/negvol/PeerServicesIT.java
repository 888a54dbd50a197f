package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.archive.Archive;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.CFindHandler;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.NEventReportHandler;
import org.negvol.dimse.NRequest;
import org.negvol.dimse.NResponse;
import org.negvol.dimse.PresentationPolicy;

/** Query, retrieve, storage commitment and procedure steps of the node as an operator runs it. */
class PeerServicesIT {

    private static final String FIND = UID.StudyRootQueryRetrieveInformationModelFind;
    private static final String GET = UID.StudyRootQueryRetrieveInformationModelGet;
    private static final String COMMITMENT = UID.StorageCommitmentPushModel;
    private static final String STEP = UID.ModalityPerformedProcedureStep;

    @TempDir static Path folder;

    private static final BlockingQueue<NRequest> reports = new LinkedBlockingQueue<>();
    private static final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private static final List<String> instances = new ArrayList<>();

    /** What the console of CT1 says of its studies: images by Series Instance UID. */
    private static final Map<String, Integer> console = new ConcurrentHashMap<>();

    private static DimseServer modality;
    private static DimseServer ct1;
    private static NodeProcess node;
    private static PhantomStudy phantom;

    @BeforeAll
    static void start() throws Exception {
        NEventReportHandler reported =
                rq -> {
                    reports.add(rq);
                    return NResponse.of(DimseStatus.SUCCESS);
                };
        modality =
                DimseServer.start(
                        DimseServerOptions.of("SCANNER", 0)
                                .withBindAddress(InetAddress.getLoopbackAddress())
                                .withPresentation(PresentationPolicy.DEFAULT.with(COMMITMENT)),
                        AccessControl.acceptCalledAeTitle("SCANNER"),
                        List.of(reported));
        CFindHandler counting =
                (rq, matches) -> {
                    for (Map.Entry<String, Integer> series : console.entrySet()) {
                        matches.send(
                                new Attributes()
                                        .setString(Tag.QueryRetrieveLevel, VR.CS, "SERIES")
                                        .setString(Tag.SeriesInstanceUID, VR.UI, series.getKey())
                                        .setInt(
                                                Tag.NumberOfSeriesRelatedInstances,
                                                VR.IS,
                                                series.getValue()),
                                true);
                    }
                    asked.add(rq.identifier().getString(Tag.StudyInstanceUID, ""));
                    return DimseStatus.SUCCESS;
                };
        ct1 =
                DimseServer.start(
                        DimseServerOptions.of("CT1", 0)
                                .withBindAddress(InetAddress.getLoopbackAddress())
                                .withPresentation(PresentationPolicy.DEFAULT.with(FIND)),
                        AccessControl.acceptCalledAeTitle("CT1"),
                        List.of(counting));
        node =
                NodeProcess.start(
                        folder,
                        Map.of(
                                "negvol.sources.room1",
                                "CT1@127.0.0.1:" + ct1.port(),
                                "negvol.destinations.scanner",
                                "SCANNER@127.0.0.1:" + modality.port(),
                                // Only what a peer says can release a series in this test.
                                "negvol.workflow.quiet-period",
                                "10m"));
        phantom = PhantomStudy.write(folder.resolve("phantom"));
        List<Path> files = phantom.files();
        int half = files.size() / 2;
        // Over two associations, so that the end of neither says that the series is complete.
        for (List<Path> part : List.of(files.subList(0, half), files.subList(half, files.size()))) {
            try (Sender sender = new Sender(node.dimsePort())) {
                assertThat(sender.send(part)).isEmpty();
                instances.addAll(sender.acknowledged());
            }
        }
    }

    @AfterAll
    static void stop() {
        node.close();
        modality.close();
        ct1.close();
    }

    private static AssociateOptions call(String callingAet, String... sopClasses) {
        AssociateOptions options =
                AssociateOptions.to("127.0.0.1", node.dimsePort(), "NEGVOL", callingAet);
        for (String sopClass : sopClasses) {
            options = options.propose(sopClass, PresentationPolicy.NATIVE);
        }
        return options;
    }

    private static Attributes level(String level) {
        return new Attributes()
                .setString(Tag.QueryRetrieveLevel, VR.CS, level)
                .setString(Tag.StudyInstanceUID, VR.UI, phantom.uid());
    }

    @Test
    void imageThatPutsTheSeriesOfOneStudyIntoAnotherIsRefused() throws Exception {
        PhantomStudy first = phantom.localizer(folder.resolve("first"), 11);
        PhantomStudy stray = phantom.straying(folder.resolve("stray"), 12, first);
        try (Sender scanner = new Sender(node.dimsePort())) {
            assertThat(scanner.send(first.files())).isEmpty();
            assertThat(scanner.send(stray.files())).isEmpty();
            assertThat(scanner.acknowledged())
                    .containsExactly(RealScans.uid(first.files().getFirst()));
        }
        assertThat(node.get("/api/studies/" + stray.uid()).statusCode()).isEqualTo(404);
        assertThat(
                        node.json("/api/studies/" + first.uid())
                                .path("series")
                                .path(0)
                                .path("instances")
                                .asInt())
                .isEqualTo(1);
    }

    @Test
    void whatWasReceivedIsFoundAtEveryLevel() throws IOException {
        try (Association a = Association.open(call("VIEWER", FIND))) {
            List<Attributes> studies = new ArrayList<>();
            Attributes study =
                    level("STUDY")
                            .setString(
                                    Tag.PatientName,
                                    VR.PN,
                                    phantom.patientName().toLowerCase(Locale.ROOT) + "*")
                            .setString(Tag.ModalitiesInStudy, VR.CS, "CT")
                            .setString(Tag.StudyDate, VR.DA, "19000101-")
                            .setNull(Tag.NumberOfStudyRelatedInstances, VR.IS);
            assertThat(a.find(FIND, study, studies::add)).isEqualTo(DimseStatus.SUCCESS);
            assertThat(studies).hasSize(1);
            assertThat(studies.getFirst().getString(Tag.PatientName))
                    .isEqualTo(phantom.patientName());
            assertThat(studies.getFirst().getInt(Tag.NumberOfStudyRelatedInstances, 0))
                    .isGreaterThanOrEqualTo(instances.size());
            assertThat(studies.getFirst().getString(Tag.RetrieveAETitle)).isEqualTo("NEGVOL");

            List<String> found = new ArrayList<>();
            Attributes images =
                    level("IMAGE")
                            .setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage)
                            .setNull(Tag.SOPInstanceUID, VR.UI)
                            .setNull(Tag.Rows, VR.US);
            a.find(FIND, images, m -> found.add(m.getString(Tag.SOPInstanceUID)));
            assertThat(found).containsExactlyInAnyOrderElementsOf(instances);

            assertThat(
                            a.find(
                                            FIND,
                                            new Attributes()
                                                    .setString(
                                                            Tag.QueryRetrieveLevel, VR.CS, "WARD"),
                                            m -> true)
                                    .code())
                    .isEqualTo(0xA900);
        }
        assertThat(node.auditTrail())
                .as("who asked")
                .anyMatch(l -> l.contains("\"110112\"") && l.contains("UserID=\"VIEWER\""));
    }

    @Test
    void whatIsGotIsWhatWasSent() throws IOException {
        Map<String, byte[]> got = new ConcurrentHashMap<>();
        CStoreHandler store =
                (rq, dataset) -> {
                    got.put(rq.sopInstanceUid(), dataset.readAllBytes());
                    return DimseStatus.SUCCESS;
                };
        AssociateOptions options =
                call("VIEWER", GET)
                        .propose(UID.CTImageStorage, UID.ExplicitVRLittleEndian)
                        .withRole(UID.CTImageStorage, false, true)
                        .withServices(store);
        Attributes some =
                level("IMAGE")
                        .setString(
                                Tag.SOPInstanceUID,
                                VR.UI,
                                instances.subList(0, 5).toArray(String[]::new));
        try (Association a = Association.open(options)) {
            assertThat(a.get(GET, some, r -> true).completed()).isEqualTo(5);
        }
        assertThat(got).hasSize(5);
        assertThat(node.auditTrail())
                .as("who took it")
                .anyMatch(
                        l ->
                                l.contains("\"110102\"")
                                        && l.contains("UserID=\"VIEWER\"")
                                        && l.contains(phantom.uid())
                                        && l.contains("NumberOfInstances=\"5\""));
        for (Path file : phantom.files()) {
            try (InputStream in = Files.newInputStream(file)) {
                Archive.skipMetaInformation(in);
                byte[] sent = in.readAllBytes();
                byte[] back = got.remove(uid(file));
                if (back != null) {
                    assertThat(back).isEqualTo(sent);
                }
            }
        }
        assertThat(got).isEmpty();
    }

    private static String uid(Path file) throws IOException {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return in.getFileMetaInformation().getString(Tag.MediaStorageSOPInstanceUID, "");
        }
    }

    @Test
    void aScannerThatListensHearsWhatIsCommittedAndTheSeriesIsReleased() throws Exception {
        String transaction = UIDUtils.createUID();
        try (Association a = Association.open(call("SCANNER", COMMITMENT))) {
            assertThat(
                            a.action(
                                            COMMITMENT,
                                            UID.StorageCommitmentPushModelInstance,
                                            1,
                                            commitment(transaction, instances))
                                    .status())
                    .isEqualTo(DimseStatus.SUCCESS);
        }
        NRequest report = reports.poll(20, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        assertThat(report.type()).isEqualTo(1);
        assertThat(report.dataset().getString(Tag.TransactionUID)).isEqualTo(transaction);
        assertThat(report.dataset().getSequence(Tag.ReferencedSOPSequence))
                .hasSize(instances.size());
        // It could not have been the quiet period, which is ten minutes.
        node.awaitStudy(phantom.uid(), Duration.ofSeconds(60), "PROCESSING", "DONE", "DEGRADED");
    }

    @Test
    void aSeriesIsReleasedWhenItsSenderSaysThatThereIsNoMoreOfIt() throws Exception {
        PhantomStudy study = phantom.copy(folder.resolve("counted"), 21);
        String series = RealScans.header(study.files().getFirst()).getString(Tag.SeriesInstanceUID);
        console.put(series, study.files().size());
        List<Path> files = study.files();
        int half = files.size() / 2;
        sendOneByOne(files.subList(0, half));
        awaitQuestionFor(study);
        assertThat(node.json("/api/studies/" + study.uid()).findPath("jobs")).isEmpty();
        sendOneByOne(files.subList(half, files.size()));
        // It could not have been the quiet period, which is ten minutes.
        node.awaitStudy(study.uid(), Duration.ofSeconds(120), "PROCESSING", "DONE", "DEGRADED");
    }

    /** As some scanners do: an association for each image. None may be rejected. */
    private static void sendOneByOne(List<Path> files) throws IOException {
        for (Path file : files) {
            try (Sender sender = new Sender(node.dimsePort())) {
                assertThat(sender.send(List.of(file))).isEmpty();
            }
        }
    }

    private static void awaitQuestionFor(PhantomStudy study) throws InterruptedException {
        String of;
        do {
            of = asked.poll(30, TimeUnit.SECONDS);
            assertThat(of).as("a question to CT1").isNotNull();
        } while (!of.equals(study.uid()));
    }

    @Test
    void aScannerThatDoesNotListenHearsOverItsOwnAssociationWhatIsMissing() throws Exception {
        BlockingQueue<NRequest> heard = new LinkedBlockingQueue<>();
        NEventReportHandler here =
                rq -> {
                    heard.add(rq);
                    return NResponse.of(DimseStatus.SUCCESS);
                };
        List<String> wanted = List.of(instances.getFirst(), "1.2.3.4.5.6.7.8.9");
        try (Association a = Association.open(call("CT1", COMMITMENT).withServices(here))) {
            a.action(
                    COMMITMENT,
                    UID.StorageCommitmentPushModelInstance,
                    1,
                    commitment(UIDUtils.createUID(), wanted));
            NRequest report = heard.poll(20, TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            assertThat(report.type()).isEqualTo(2);
            assertThat(report.dataset().getSequence(Tag.ReferencedSOPSequence)).hasSize(1);
            Attributes missing = report.dataset().getNestedDataset(Tag.FailedSOPSequence);
            assertThat(missing).isNotNull();
            assertThat(missing.getString(Tag.ReferencedSOPInstanceUID))
                    .isEqualTo("1.2.3.4.5.6.7.8.9");
            assertThat(missing.getInt(Tag.FailureReason, 0)).isEqualTo(0x0112);
            assertThat(
                            a.action(
                                            COMMITMENT,
                                            UID.StorageCommitmentPushModelInstance,
                                            1,
                                            new Attributes())
                                    .status()
                                    .code())
                    .isEqualTo(0x0115);
        }
    }

    private static Attributes commitment(String transaction, List<String> uids) {
        Attributes information = new Attributes().setString(Tag.TransactionUID, VR.UI, transaction);
        for (String uid : uids) {
            information
                    .newItem(Tag.ReferencedSOPSequence)
                    .setString(Tag.ReferencedSOPClassUID, VR.UI, UID.CTImageStorage)
                    .setString(Tag.ReferencedSOPInstanceUID, VR.UI, uid);
        }
        return information;
    }

    @Test
    void aProcedureStepIsCreatedChangedAndThenFinal() throws IOException {
        String uid = UIDUtils.createUID();
        try (Association a = Association.open(call("CT1", STEP))) {
            assertThat(a.create(STEP, uid, step("COMPLETED")).status().code()).isEqualTo(0x0106);
            assertThat(a.create(STEP, uid, new Attributes()).status().code()).isEqualTo(0x0120);
            assertThat(a.set(STEP, uid, step("COMPLETED")).status().code()).isEqualTo(0x0112);
            assertThat(a.create(STEP, uid, step("IN PROGRESS")).status())
                    .isEqualTo(DimseStatus.SUCCESS);
            assertThat(a.create(STEP, uid, step("IN PROGRESS")).status().code()).isEqualTo(0x0111);
            assertThat(a.set(STEP, uid, step("COMPLETED")).status()).isEqualTo(DimseStatus.SUCCESS);
            assertThat(a.set(STEP, uid, step("DISCONTINUED")).status().code()).isEqualTo(0x0110);
        }
    }

    private static Attributes step(String status) {
        return new Attributes().setString(Tag.PerformedProcedureStepStatus, VR.CS, status);
    }
}
