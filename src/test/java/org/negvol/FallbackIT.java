package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseStatus;

/** What systems get that do not take all kinds of objects, and what the study says of it. */
class FallbackIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir static Path folder;

    private static final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    private static DimseServer picky;
    private static Storescp old;
    private static NodeProcess node;
    private static JsonNode objects;

    @BeforeAll
    static void process() throws Exception {
        assumeTrue(Storescp.isInstalled(), "DCMTK's storescp is not installed");
        old =
                Storescp.taking(
                        folder.resolve("old").resolve("files"),
                        UID.Verification,
                        UID.EncapsulatedPDFStorage,
                        UID.SecondaryCaptureImageStorage);
        picky =
                DimseServer.start(
                        DimseServerOptions.of("PICKY", 0)
                                .withBindAddress(InetAddress.getLoopbackAddress()),
                        AccessControl.acceptCalledAeTitle("PICKY"),
                        List.of(takingNo(UID.SegmentationStorage)));
        node =
                NodeProcess.start(
                        folder,
                        Map.of(
                                "negvol.destinations.old",
                                old.address(),
                                "negvol.destinations.strict",
                                old.address() + "?objects=surface+pdf&fallback=no",
                                "negvol.destinations.picky",
                                "PICKY@localhost:" + picky.port() + "?rle=yes",
                                "negvol.workflow.quiet-period",
                                "1s"));
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        try (Sender scanner = new Sender(node.dimsePort())) {
            assertThat(scanner.send(phantom.files())).isEmpty();
        }
        node.awaitStudy(phantom.uid(), PATIENCE, "DONE", "DEGRADED");
        objects =
                node.awaitStudy(
                                phantom.uid(),
                                PATIENCE,
                                s ->
                                        states(s).stream()
                                                .allMatch(
                                                        Set.of("DELIVERED", "REFUSED", "FAILED")
                                                                ::contains))
                        .path("series")
                        .path(0)
                        .path("jobs")
                        .path(0)
                        .path("objects");
    }

    private static List<String> states(JsonNode study) {
        return study.findValues("deliveries").stream()
                .flatMap(d -> d.findValuesAsText("state").stream())
                .toList();
    }

    /** Accepts every class at negotiation, and says later that it does not know one. */
    private static CStoreHandler takingNo(String sopClass) {
        return (request, dataset) -> {
            dataset.readAllBytes();
            if (request.sopClassUid().equals(sopClass)) {
                return DimseStatus.SOP_CLASS_NOT_SUPPORTED;
            }
            taken.add(request.sopClassUid() + " " + request.transferSyntaxUid());
            return DimseStatus.SUCCESS;
        };
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
            picky.close();
            old.close();
        }
    }

    /** State and sentence of each kind's deliveries to a destination. */
    private static Map<String, Set<String>> deliveries(String destination) {
        Map<String, Set<String>> said = new TreeMap<>();
        for (JsonNode object : objects) {
            for (JsonNode delivery : object.path("deliveries")) {
                if (delivery.path("destination").asText().equals(destination)) {
                    said.computeIfAbsent(object.path("kind").asText(), k -> new TreeSet<>())
                            .add(
                                    delivery.path("state").asText()
                                            + ": "
                                            + delivery.path("sentence").asText());
                }
            }
        }
        return said;
    }

    @Test
    void oldSystemGetsPageAndPictureAndTheStudySaysInsteadOfWhat() {
        Map<String, Set<String>> said = deliveries("old");
        String refused = "REFUSED: " + old.address() + " does not take objects of the kind ";
        assertThat(said)
                .containsOnlyKeys(
                        "SEGMENTATION",
                        "SURFACE_SEGMENTATION",
                        "STRUCTURED_REPORT",
                        "ENCAPSULATED_STL",
                        "ENCAPSULATED_PDF",
                        "PICTURES",
                        "PICTURE")
                .containsEntry(
                        "SEGMENTATION",
                        Set.of(
                                refused
                                        + "Segmentation. Multi-frame Secondary Capture is sent"
                                        + " instead."))
                .containsEntry(
                        "SURFACE_SEGMENTATION",
                        Set.of(refused + "Surface Segmentation. Encapsulated STL is sent instead."))
                .containsEntry(
                        "STRUCTURED_REPORT",
                        Set.of(refused + "Comprehensive 3D SR. Encapsulated PDF is sent instead."))
                .containsEntry(
                        "PICTURES",
                        Set.of(
                                refused
                                        + "Multi-frame Secondary Capture. Secondary Capture is sent"
                                        + " instead."))
                .containsEntry(
                        "ENCAPSULATED_PDF",
                        Set.of("DELIVERED: Delivered in place of Comprehensive 3D SR."))
                .containsEntry(
                        "PICTURE",
                        Set.of(
                                "DELIVERED: Delivered in place of Multi-frame Secondary"
                                        + " Capture."));
        assertThat(said.get("ENCAPSULATED_STL")).allMatch(s -> s.startsWith("REFUSED: "));
        assertThat(
                        old.files().stream()
                                .map(f -> RealScans.header(f).getString(Tag.SOPClassUID, ""))
                                .collect(Collectors.toList()))
                .containsExactlyInAnyOrder(
                        UID.EncapsulatedPDFStorage, UID.SecondaryCaptureImageStorage);
    }

    @Test
    void systemThatRefusesAClassOnlyWhenItComesGetsPicturesOfThatAloneInRunLengths() {
        Map<String, Set<String>> said = deliveries("picky");
        assertThat(said)
                .containsOnlyKeys(
                        "SEGMENTATION", "SURFACE_SEGMENTATION", "STRUCTURED_REPORT", "PICTURES");
        assertThat(said.get("SEGMENTATION")).allMatch(s -> s.startsWith("REFUSED: "));
        assertThat(said.get("PICTURES"))
                .containsExactly("DELIVERED: Delivered in place of Segmentation.");
        assertThat(taken)
                .containsExactly(
                        UID.SurfaceSegmentationStorage + " " + UID.ExplicitVRLittleEndian,
                        UID.Comprehensive3DSRStorage + " " + UID.ExplicitVRLittleEndian,
                        UID.MultiFrameTrueColorSecondaryCaptureImageStorage
                                + " "
                                + UID.RLELossless);
    }

    @Test
    void withoutFallbackNothingIsSentInsteadAndTheObjectIsUndelivered() {
        Map<String, Set<String>> said = deliveries("strict");
        assertThat(said).containsOnlyKeys("SURFACE_SEGMENTATION", "ENCAPSULATED_PDF");
        assertThat(said.get("SURFACE_SEGMENTATION").iterator().next())
                .startsWith("FAILED: ")
                .endsWith("There is nothing to send instead.");
        assertThat(said.get("ENCAPSULATED_PDF")).containsExactly("DELIVERED: Delivered.");
    }
}
