package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.volume.Side;

/** The node as an operator runs it, with other people's tools before and behind it. */
class NodeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    /** A coarse phantom's voxels are wider than its joint space: no more can be asked. */
    private static final double JOINT_SPACE_TOLERANCE_MM = 0.6;

    @TempDir static Path folder;

    private static ResultReceiver pacs;
    private static Storescp dcmtk;
    private static NodeProcess node;
    private static PhantomStudy phantom;

    @BeforeAll
    static void start() throws Exception {
        pacs = new ResultReceiver(folder.resolve("pacs"));
        Map<String, String> configuration = new HashMap<>();
        configuration.put("negvol.destinations.pacs", pacs.address());
        configuration.put("negvol.workflow.quiet-period", "1s");
        if (Storescp.isInstalled()) {
            dcmtk = new Storescp(folder.resolve("dcmtk"));
            configuration.put("negvol.destinations.dcmtk", dcmtk.address());
        }
        node = NodeProcess.start(folder, configuration);
        phantom = PhantomStudy.write(folder.resolve("phantom"));
    }

    @AfterAll
    static void stop() {
        node.close();
        pacs.close();
        if (dcmtk != null) {
            dcmtk.close();
        }
    }

    @Test
    void phantomComesBackAsSegmentationSurfaceSegmentationAndReport() throws Exception {
        send(phantom.files());
        JsonNode study = node.awaitStudy(phantom.uid(), PATIENCE, "DONE", "DEGRADED");
        NodeProcess.await(PATIENCE, "results", () -> pacs.byKind(phantom.uid()).containsKey("SR"));
        assertThat(pacs.byKind(phantom.uid()).keySet()).containsExactly("SEG", "SURFACE", "SR");
        for (String uid : study.findValuesAsText("sopInstanceUid")) {
            assertThat(pacs.stores()).containsEntry(uid, 1);
        }
        Validators.assertValid(pacs.byKind(phantom.uid()).values());
        if (dcmtk != null) {
            NodeProcess.await(PATIENCE, "results", () -> dcmtk.kinds(phantom.uid()).size() == 3);
            Validators.assertValid(dcmtk.files());
        }

        JsonNode job = study.path("series").path(0).path("jobs").path(0);
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        JsonNode joints = job.path("result").path("joints");
        for (Side side : Side.values()) {
            JsonNode measures = joints.path(side.name().toLowerCase(Locale.ROOT)).path("measures");
            JsonNode superior = measures.path("SUPERIOR_JOINT_SPACE");
            assertThat(superior.path("unit").asText()).isEqualTo("mm");
            assertThat(superior.path("value").asDouble())
                    .isCloseTo(head.truth(side).superior().mm(), within(JOINT_SPACE_TOLERANCE_MM));
            assertThat(measures.path("NEGATIVE_VOLUME").path("value").asDouble()).isPositive();
        }
        assertThat(job.path("result").path("steps").findValuesAsText("step"))
                .contains("ASSEMBLE", "LOCALISE", "SEGMENT", "INFLATE", "MEASURE", "REPORT");
        JsonNode delivered =
                node.awaitStudy(
                        phantom.uid(),
                        PATIENCE,
                        s ->
                                s.findValues("deliveries").stream()
                                        .allMatch(
                                                d ->
                                                        d.findValuesAsText("state").stream()
                                                                .allMatch("DELIVERED"::equals)));
        assertThat(delivered.findValues("deliveries")).hasSize(3);

        theAuditTrailTellsOfBothWaysAndNoName();
        String log = node.log();
        assertThat(log).contains(phantom.uid()).doesNotContain(phantom.patientName());
        assertThat(node.complaints()).isEmpty();

        sendBack(pacs.byKind(phantom.uid()).values());
        assertThat(node.json("/api/studies/" + phantom.uid()).path("series")).hasSize(1);
        assertThat(node.json("/api/studies/" + phantom.uid()).findValues("revision")).hasSize(1);

        String metrics = node.get("/q/metrics").body();
        assertThat(metrics)
                .contains(
                        "negvol_jobs_ended_total",
                        "negvol_step_seconds_count{step=\"segment\"} 2.0",
                        "negvol_delivery_seconds_count{destination=\"pacs\",result=\"delivered\"}");
    }

    private static void theAuditTrailTellsOfBothWaysAndNoName() {
        NodeProcess.await(
                PATIENCE,
                "the results' way out in the audit trail",
                () ->
                        String.join("\n", node.auditTrail())
                                .contains("UserID=\"NEGVOL\" UserIsRequestor=\"true\""));
        assertThat(String.join("\n", node.auditTrail()))
                .contains("originalText=\"Application Start\"")
                .contains("NumberOfInstances=\"" + phantom.files().size() + "\"")
                .contains("ParticipantObjectID=\"" + phantom.uid() + "\"")
                .doesNotContain(phantom.patientName());
    }

    @Test
    void localizerAloneIsNotApplicableAndItsReportSaysWhyWithoutNumbers() throws Exception {
        PhantomStudy localizer = phantom.localizer(folder.resolve("localizer"));
        try (Sender scanner = new Sender(node.dimsePort())) {
            assertThat(scanner.send(localizer.files())).isEmpty();
        }
        JsonNode study = node.awaitStudy(localizer.uid(), PATIENCE, "NOT_APPLICABLE");
        assertThat(study.path("sentence").asText()).contains("localizer images only");
        List<String> objects = study.findValuesAsText("sopInstanceUid");
        assertThat(objects).hasSize(1);
        assertThat(study.findValuesAsText("kind")).containsExactly("STRUCTURED_REPORT");
        String uid = objects.getFirst();
        NodeProcess.await(PATIENCE, "the report", () -> pacs.stores().containsKey(uid));
        Path file = folder.resolve("pacs").resolve(uid + ".dcm");
        Validators.assertValid(List.of(file));
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            Attributes report = in.readDataset();
            assertThat(Validators.valueTypes(report)).doesNotContain("NUM").contains("TEXT");
            assertThat(String.join(" ", Validators.texts(report)))
                    .contains("localizer images only");
        }
    }

    @Test
    void multiFrameObjectThatMakesNoVolumeIsNotApplicableAndSaysWhy() throws Exception {
        Attributes noPositions = EnhancedCtObject.ofStudy(phantom, 51);
        noPositions
                .getSequence(Tag.PerFrameFunctionalGroupsSequence)
                .forEach(groups -> groups.remove(Tag.PlanePositionSequence));
        Attributes timeSeries = EnhancedCtObject.ofStudy(phantom, 52);
        int half = timeSeries.getInt(Tag.NumberOfFrames, 0) / 2;
        for (int f = 0; f < half; f++) {
            EnhancedCtObject.group(timeSeries, half + f, Tag.PlanePositionSequence)
                    .addAll(EnhancedCtObject.group(timeSeries, f, Tag.PlanePositionSequence));
        }
        Map<Attributes, String> sentences =
                Map.of(
                        noPositions, "No image tells its position, orientation and pixel spacing",
                        timeSeries, "several images at the same position, as dynamic scans");
        try (Sender scanner = new Sender(node.dimsePort())) {
            for (Attributes object : sentences.keySet()) {
                Path file = folder.resolve(object.getString(Tag.SOPInstanceUID, "") + ".dcm");
                EnhancedCtObject.write(object, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, file);
                assertThat(scanner.send(List.of(file))).isEmpty();
            }
        }
        for (Attributes object : sentences.keySet()) {
            JsonNode study =
                    node.awaitStudy(
                            object.getString(Tag.StudyInstanceUID, ""), PATIENCE, "NOT_APPLICABLE");
            assertThat(study.path("sentence").asText()).contains(sentences.get(object));
            assertThat(study.findValuesAsText("kind")).containsExactly("STRUCTURED_REPORT");
        }
    }

    @Test
    void everyMetricOfNegvolIsDocumented() throws IOException {
        String document = Files.readString(Path.of("src/main/doc/metrics.md"));
        List<String> names =
                node.get("/q/metrics")
                        .body()
                        .lines()
                        .filter(l -> l.startsWith("# TYPE negvol_"))
                        .map(l -> l.split(" ")[2].replaceFirst("_seconds_max$", "_seconds"))
                        .distinct()
                        .toList();
        assertThat(names).isNotEmpty();
        assertThat(names)
                .allMatch(
                        n -> document.contains("`" + n + "`") || document.contains(n + "_total`"));
    }

    @Test
    void errorsAreJsonWithASentence() {
        HttpResponse<String> unknown = node.get("/api/studies/1.2.3");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body())
                .isEqualTo(
                        "{\"error\":\"not-found\",\"message\":\"There is no study 1.2.3 here.\"}");
        HttpResponse<String> wrong = node.get("/api/studies?limit=0");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("limit must be from 1 to 500, got 0.");
        assertThat(node.get("/api/studies?state=GONE").statusCode()).isEqualTo(400);
        assertThat(node.json("/api/studies?state=FAILED,SUPERSEDED").path("total").asInt())
                .isZero();
    }

    @Test
    void livenessAsksLessThanReadiness() {
        assertThat(node.json("/q/health/live").path("checks")).isEmpty();
        assertThat(node.json("/q/health/ready").path("checks").findValuesAsText("name"))
                .contains("Storage SCP", "Workflow", "Database connections health check");
    }

    /** By DCMTK's storescu where it is installed. */
    private static void send(List<Path> files) throws IOException {
        if (Peers.isInstalled("storescu")) {
            Storescu.send(node, files);
        } else {
            try (Sender scanner = new Sender(node.dimsePort())) {
                assertThat(scanner.send(files)).isEmpty();
            }
        }
    }

    private static void sendBack(Iterable<Path> results) {
        if (Peers.isInstalled("storescu")) {
            List<Path> files = new ArrayList<>();
            results.forEach(files::add);
            Storescu.send(node, files, "--required");
        }
    }
}
