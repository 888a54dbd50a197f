package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.Dcmtk;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.PresentationPolicy;
import org.negvol.dimse.RetrieveResult;
import org.negvol.dimse.TestCertificates;
import org.negvol.dimse.TestImage;
import org.opentest4j.TestAbortedException;

/**
 * Every independent peer with the node as an operator runs it, in every direction and transfer
 * syntax. What was seen is written to {@code target/interop.md}; peers that are not installed are
 * named there as such.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InteropIT {

    private static final Path REPORT = Path.of("target", "interop.md");
    private static final String STUDY = "1.2.3.4";
    private static final String TO_NODE = "peer to negvol";
    private static final String FROM_NODE = "negvol to peer";
    private static final String IMAGE_KEY = "QueryRetrieveLevel=IMAGE";

    /**
     * A transfer syntax.
     *
     * @param make program and option that encode an image so
     * @param propose option of storescu
     * @param prefer option of getscu; empty where it takes what it is given
     * @param bits allocated
     */
    private record Syntax(
            String name, String uid, String make, String propose, String prefer, int bits) {

        /** Whether a receiver may get another encoding of the same data set. */
        boolean isNative() {
            return PresentationPolicy.NATIVE.contains(uid)
                    || uid.equals(UID.DeflatedExplicitVRLittleEndian);
        }

        String instance() {
            return "1.2.3.4.5."
                    + uid.substring("1.2.840.10008.1.2".length()).replace(".", "7")
                    + "1";
        }
    }

    private static final List<Syntax> SYNTAXES =
            List.of(
                    new Syntax(
                            "Explicit VR Little Endian",
                            UID.ExplicitVRLittleEndian,
                            "dcmconv +te",
                            "-xe",
                            "+xe",
                            16),
                    new Syntax(
                            "Implicit VR Little Endian",
                            UID.ImplicitVRLittleEndian,
                            "dcmconv +ti",
                            "-xi",
                            "+xi",
                            16),
                    new Syntax(
                            "Explicit VR Big Endian",
                            UID.ExplicitVRBigEndian,
                            "dcmconv +tb",
                            "-xb",
                            "+xb",
                            16),
                    new Syntax(
                            "Deflated",
                            UID.DeflatedExplicitVRLittleEndian,
                            "dcmconv +td",
                            "-xd",
                            "+xd",
                            16),
                    new Syntax("RLE Lossless", UID.RLELossless, "dcmcrle +un", "-xr", "+xr", 16),
                    new Syntax(
                            "JPEG Baseline",
                            UID.JPEGBaseline8Bit,
                            "dcmcjpeg +eb +un",
                            "-xy",
                            "+xy",
                            8),
                    new Syntax(
                            "JPEG Extended",
                            UID.JPEGExtended12Bit,
                            "dcmcjpeg +ee +un",
                            "-xx",
                            "+xx",
                            16),
                    new Syntax(
                            "JPEG Lossless SV1",
                            UID.JPEGLosslessSV1,
                            "dcmcjpeg +e1 +un",
                            "-xs",
                            "+xs",
                            16),
                    new Syntax(
                            "JPEG-LS Lossless",
                            UID.JPEGLSLossless,
                            "dcmcjpls +el +un",
                            "-xt",
                            "+xt",
                            16),
                    new Syntax(
                            "JPEG-LS Near-Lossless",
                            UID.JPEGLSNearLossless,
                            "dcmcjpls +en +un",
                            "-xu",
                            "+xu",
                            16),
                    new Syntax(
                            "JPEG 2000 Lossless",
                            UID.JPEG2000Lossless,
                            "gdcmconv --j2k",
                            "-xv",
                            "+xv",
                            16));

    @TempDir static Path folder;

    private static final InteropTable table = new InteropTable();
    private static int tlsPort;
    private static NodeProcess node;
    private static Dcmtk.Listener storescp;
    private static Dcmtk.Listener dcmqrscp;
    private static Path received;
    private static int orthancPort;

    @BeforeAll
    static void start() throws Exception {
        Dcmtk.run("dcmconv", "--version");
        TestCertificates openssl = new TestCertificates(folder);
        for (String authority : List.of("ours", "theirs")) {
            openssl.authority(authority);
        }
        openssl.certificate("node", "ours");
        openssl.certificate("scanner", "ours");
        openssl.certificate("stranger", "theirs");
        received = Files.createDirectory(folder.resolve("received"));
        storescp =
                new Dcmtk.Listener(folder, "storescp", "-aet", "STORESCP", "+xa", "-od", received);
        Path files = Files.createDirectory(folder.resolve("dcmqrscp"));
        Path config =
                Files.writeString(
                        folder.resolve("dcmqrscp.cfg"),
                        """
                        MaxPDUSize = 131072
                        MaxAssociations = 16
                        HostTable BEGIN
                        HostTable END
                        VendorTable BEGIN
                        VendorTable END
                        AETable BEGIN
                        DCMQRSCP %s RW (200, 1000mb) ANY
                        AETable END
                        """
                                .formatted(files));
        dcmqrscp = new Dcmtk.Listener(folder, "dcmqrscp", "-c", config);
        orthancPort = ResultReceiver.freePort();
        tlsPort = ResultReceiver.freePort();
        node =
                NodeProcess.start(
                        folder,
                        Map.of(
                                "negvol.destinations.storescp",
                                "STORESCP@127.0.0.1:" + storescp.port,
                                "negvol.destinations.dcmqrscp",
                                "DCMQRSCP@127.0.0.1:" + dcmqrscp.port,
                                "negvol.destinations.orthanc",
                                "ORTHANC@127.0.0.1:" + orthancPort,
                                "negvol.dimse.tls-port",
                                Integer.toString(tlsPort),
                                "negvol.tls.certificate",
                                folder.resolve("node.pem").toString(),
                                "negvol.tls.key",
                                folder.resolve("node.key").toString(),
                                "negvol.tls.trusted",
                                folder.resolve("ours.pem").toString(),
                                "negvol.workflow.quiet-period",
                                "1s"));
        for (Syntax syntax : SYNTAXES) {
            make(syntax);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        node.close();
        storescp.close();
        dcmqrscp.close();
        table.write(REPORT);
    }

    private static Path file(Syntax syntax) {
        return folder.resolve(syntax.instance() + ".dcm");
    }

    private static void make(Syntax syntax) throws Exception {
        Path plain =
                TestImage.write(
                        folder.resolve(syntax.instance() + ".plain"),
                        syntax.instance(),
                        syntax.bits());
        List<String> make = List.of(syntax.make().split(" "));
        if (!Peers.isInstalled(make.getFirst())) {
            return;
        }
        List<Object> arguments = new ArrayList<>(make.subList(1, make.size()));
        arguments.add(plain);
        arguments.add(file(syntax));
        run(make.getFirst(), arguments.toArray());
    }

    private static void run(String tool, Object... arguments) throws Exception {
        Dcmtk.Result result = Dcmtk.run(tool, arguments);
        assertThat(result.exitCode()).as(tool + ": " + result.output()).isZero();
    }

    /** One line of the table, and a test of its own. */
    private static DynamicTest row(String peer, String direction, String what, Executable check) {
        return DynamicTest.dynamicTest(
                peer + ", " + direction + ", " + what,
                () -> {
                    String result = "failed";
                    try {
                        check.execute();
                        result = "passed";
                    } catch (TestAbortedException e) {
                        result = "not run: " + e.getMessage();
                        throw e;
                    } finally {
                        table.add(peer, direction, what, result);
                    }
                });
    }

    private interface OfSyntax {
        void check(Syntax syntax) throws Exception;
    }

    private static Stream<DynamicTest> ofAllSyntaxes(
            String peer, String direction, OfSyntax check) {
        return SYNTAXES.stream()
                .map(
                        s ->
                                row(
                                        peer,
                                        direction,
                                        s.name(),
                                        () -> {
                                            Assumptions.assumeTrue(
                                                    Files.exists(file(s)),
                                                    "nothing installed makes " + s.name());
                                            check.check(s);
                                        }));
    }

    private static void assertSame(Path got, Syntax syntax) throws IOException {
        TestImage.Read sent = TestImage.read(file(syntax));
        TestImage.Read came = TestImage.read(got);
        // Native data sets may go in the native encoding that the receiver likes best.
        if (!syntax.isNative() || !PresentationPolicy.NATIVE.contains(came.transferSyntax())) {
            assertThat(came.transferSyntax()).isEqualTo(syntax.uid());
        }
        assertThat(came.dataset()).isEqualTo(sent.dataset());
    }

    private static Path only(Path inside, String instance) throws IOException {
        try (Stream<Path> files = Files.list(inside)) {
            return files.filter(f -> f.getFileName().toString().endsWith("." + instance))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(instance + " did not come"));
        }
    }

    @TestFactory
    @Order(1)
    Stream<DynamicTest> verification() {
        Object[] ours = {"+tls", folder.resolve("scanner.key"), folder.resolve("scanner.pem")};
        Object[] strangers = {
            "+tls", folder.resolve("stranger.key"), folder.resolve("stranger.pem")
        };
        return Stream.of(
                row("DCMTK echoscu", TO_NODE, "C-ECHO", () -> assertThat(echo(null)).isZero()),
                row(
                        "DCMTK echoscu",
                        TO_NODE,
                        "C-ECHO over TLS, certificate of a trusted authority",
                        () -> assertThat(echo(ours)).isZero()),
                row(
                        "DCMTK echoscu",
                        TO_NODE,
                        "C-ECHO over TLS, certificate of another authority: refused",
                        () -> assertThat(echo(strangers)).isNotZero()),
                row(
                        "DCMTK echoscu",
                        TO_NODE,
                        "C-ECHO over TLS, no certificate: refused",
                        () -> assertThat(echo(new Object[] {"+tla"})).isNotZero()),
                row("GDCM gdcmscu", TO_NODE, "C-ECHO", () -> gdcmscu("--echo")));
    }

    /** Exit code of echoscu; over TLS with these options, if any. */
    private static int echo(Object[] tls) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("-to", 5, "-aec", "NEGVOL"));
        if (tls != null) {
            arguments.addAll(List.of(tls));
            arguments.addAll(List.of("+cf", folder.resolve("ours.pem")));
        }
        arguments.addAll(List.of("127.0.0.1", tls == null ? node.dimsePort() : tlsPort));
        return Dcmtk.run("echoscu", arguments.toArray()).exitCode();
    }

    private static void gdcmscu(Object... arguments) throws Exception {
        List<Object> all =
                new ArrayList<>(
                        List.of(
                                "127.0.0.1",
                                node.dimsePort(),
                                "--aetitle",
                                "GDCMSCU",
                                "--call",
                                "NEGVOL"));
        all.addAll(List.of(arguments));
        Dcmtk.Result result = Dcmtk.run("gdcmscu", all.toArray());
        // As Debian 12 ships it, it ends before it calls anybody.
        Assumptions.assumeFalse(
                result.output().contains("ProtocolStream as nullptr"), "gdcmscu itself is broken");
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @TestFactory
    @Order(2)
    Stream<DynamicTest> storage() {
        return ofAllSyntaxes(
                "DCMTK storescu",
                TO_NODE,
                s ->
                        run(
                                "storescu",
                                "-aec",
                                "NEGVOL",
                                s.propose(),
                                "127.0.0.1",
                                node.dimsePort(),
                                file(s)));
    }

    @TestFactory
    @Order(3)
    Stream<DynamicTest> retrieval() {
        Stream<DynamicTest> gets =
                ofAllSyntaxes(
                        "DCMTK getscu",
                        FROM_NODE,
                        s -> {
                            Path into = Files.createDirectory(folder.resolve("got" + s.instance()));
                            run(
                                    "getscu",
                                    "-S",
                                    "-aec",
                                    "NEGVOL",
                                    s.prefer(),
                                    "-od",
                                    into,
                                    "-k",
                                    IMAGE_KEY,
                                    "-k",
                                    "StudyInstanceUID=" + STUDY,
                                    "-k",
                                    "SeriesInstanceUID=1.2.3.4.5",
                                    "-k",
                                    "SOPInstanceUID=" + s.instance(),
                                    "127.0.0.1",
                                    node.dimsePort());
                            assertSame(only(into, s.instance()), s);
                        });
        Stream<DynamicTest> moves =
                ofAllSyntaxes(
                        "DCMTK movescu and storescp",
                        FROM_NODE,
                        s -> {
                            move("STORESCP", s);
                            assertSame(only(received, s.instance()), s);
                        });
        Stream<DynamicTest> archive =
                ofAllSyntaxes(
                        "DCMTK dcmqrscp",
                        FROM_NODE,
                        // It keeps what it can keep without another encoding.
                        s -> move("DCMQRSCP", s));
        Stream<DynamicTest> pydicom =
                ofAllSyntaxes(
                        "pydicom",
                        FROM_NODE,
                        s -> {
                            String read =
                                    Peers.pydicom(
                                            InteropIT.class,
                                            "interop-read.py",
                                            only(received, s.instance()));
                            assertThat(read.strip())
                                    .isEqualTo(
                                            s.instance()
                                                    + " "
                                                    + TestImage.read(only(received, s.instance()))
                                                            .transferSyntax());
                        });
        return Stream.of(gets, moves, pydicom, archive).flatMap(t -> t);
    }

    private static void move(String destination, Syntax s) throws Exception {
        run(
                "movescu",
                "-S",
                "-aec",
                "NEGVOL",
                "-aem",
                destination,
                "-k",
                IMAGE_KEY,
                "-k",
                "StudyInstanceUID=" + STUDY,
                "-k",
                "SeriesInstanceUID=1.2.3.4.5",
                "-k",
                "SOPInstanceUID=" + s.instance(),
                "127.0.0.1",
                node.dimsePort());
    }

    @TestFactory
    @Order(4)
    Stream<DynamicTest> query() {
        long kept = SYNTAXES.stream().filter(s -> Files.exists(file(s))).count();
        return Stream.of(
                row(
                        "DCMTK findscu",
                        TO_NODE,
                        "C-FIND, Patient Root",
                        () -> find("-P", "PATIENT", "PatientID", "PatientID=T1", 1)),
                row(
                        "DCMTK findscu",
                        TO_NODE,
                        "C-FIND, study",
                        () -> find("-S", "STUDY", "StudyInstanceUID", "PatientName=Test*", 1)),
                row(
                        "DCMTK findscu",
                        TO_NODE,
                        "C-FIND, series",
                        () -> find("-S", "SERIES", "SeriesInstanceUID", "Modality=CT", 1)),
                row(
                        "DCMTK findscu",
                        TO_NODE,
                        "C-FIND, images",
                        () ->
                                find(
                                        "-S",
                                        "IMAGE",
                                        "SOPInstanceUID",
                                        "SeriesInstanceUID=1.2.3.4.5",
                                        kept)),
                row(
                        "GDCM gdcmscu",
                        TO_NODE,
                        "C-FIND",
                        () ->
                                gdcmscu(
                                        "--find",
                                        "--studyroot",
                                        "--study",
                                        "--key",
                                        "20,d=" + STUDY)),
                row(
                        "GDCM gdcmscu",
                        TO_NODE,
                        "C-STORE, Explicit VR Little Endian",
                        () -> gdcmscu("--store", file(SYNTAXES.getFirst()))));
    }

    private static void find(String root, String level, String returned, String key, long matches)
            throws Exception {
        Dcmtk.Result result =
                Dcmtk.run(
                        "findscu",
                        "-v",
                        root,
                        "-aec",
                        "NEGVOL",
                        "-k",
                        "QueryRetrieveLevel=" + level,
                        "-k",
                        returned,
                        "-k",
                        key,
                        "127.0.0.1",
                        node.dimsePort());
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines().filter(l -> l.contains("Find Response: ")).count())
                .as(result.output())
                .isEqualTo(matches);
    }

    @TestFactory
    @Order(5)
    Stream<DynamicTest> ourSideAsScu() {
        return Stream.of(
                row(
                        "DCMTK dcmqrscp",
                        FROM_NODE,
                        "C-ECHO, C-FIND",
                        () -> {
                            try (Association a =
                                    Association.open(
                                            dcmqrscp(
                                                    UID.Verification,
                                                    UID
                                                            .StudyRootQueryRetrieveInformationModelFind))) {
                                assertThat(a.echo()).isEqualTo(DimseStatus.SUCCESS);
                                List<String> found = new ArrayList<>();
                                assertThat(
                                                a.find(
                                                        UID
                                                                .StudyRootQueryRetrieveInformationModelFind,
                                                        keys("STUDY"),
                                                        m ->
                                                                found.add(
                                                                        m.getString(
                                                                                Tag
                                                                                        .StudyInstanceUID,
                                                                                ""))))
                                        .isEqualTo(DimseStatus.SUCCESS);
                                assertThat(found).containsExactly(STUDY);
                            }
                        }),
                row(
                        "DCMTK dcmqrscp",
                        FROM_NODE,
                        "C-GET",
                        () -> {
                            List<String> got = new ArrayList<>();
                            CStoreHandler taking =
                                    (rq, dataset) -> {
                                        got.add(rq.sopInstanceUid());
                                        return DimseStatus.SUCCESS;
                                    };
                            AssociateOptions options =
                                    dcmqrscp(
                                                    UID.StudyRootQueryRetrieveInformationModelGet,
                                                    UID.CTImageStorage)
                                            .withRole(UID.CTImageStorage, true, true)
                                            .withServices(taking);
                            try (Association a = Association.open(options)) {
                                RetrieveResult result =
                                        a.get(
                                                UID.StudyRootQueryRetrieveInformationModelGet,
                                                keys("STUDY"),
                                                soFar -> true);
                                assertThat(result.completed()).isEqualTo(got.size()).isPositive();
                            }
                        }),
                row(
                        "DCMTK dcmqrscp",
                        FROM_NODE,
                        "C-MOVE to an AE it does not know: refused",
                        () -> {
                            try (Association a =
                                    Association.open(
                                            dcmqrscp(
                                                    UID
                                                            .StudyRootQueryRetrieveInformationModelMove))) {
                                RetrieveResult result =
                                        a.move(
                                                UID.StudyRootQueryRetrieveInformationModelMove,
                                                keys("STUDY"),
                                                "NOBODY",
                                                soFar -> true);
                                assertThat(result.status().isFailure()).isTrue();
                            }
                        }));
    }

    private static AssociateOptions dcmqrscp(String... sopClasses) {
        AssociateOptions options =
                AssociateOptions.to("127.0.0.1", dcmqrscp.port, "DCMQRSCP", "NEGVOL");
        for (String sopClass : sopClasses) {
            options = options.propose(sopClass, PresentationPolicy.NATIVE);
        }
        return options;
    }

    private static Attributes keys(String level) {
        return new Attributes()
                .setString(Tag.QueryRetrieveLevel, VR.CS, level)
                .setString(Tag.StudyInstanceUID, VR.UI, STUDY);
    }

    @TestFactory
    @Order(6)
    Stream<DynamicTest> orthanc() throws IOException {
        if (!Orthanc.isInstalled()) {
            return Stream.of(
                    row(
                            "Orthanc",
                            TO_NODE,
                            "all",
                            () -> Assumptions.abort("Orthanc is not installed")));
        }
        Orthanc orthanc = new Orthanc(folder.resolve("orthanc"), orthancPort, node.dimsePort());
        Path image = TestImage.write(folder.resolve("orthanc.dcm"), "1.2.3.4.5.99", 16);
        return Stream.of(
                row(
                        "Orthanc",
                        TO_NODE,
                        "C-ECHO",
                        () -> orthanc.post("/modalities/negvol/echo", "{}")),
                row(
                        "Orthanc",
                        TO_NODE,
                        "C-STORE",
                        () -> {
                            String id = orthanc.upload(image).path("ID").asText();
                            orthanc.post("/modalities/negvol/store", id);
                            find("-S", "IMAGE", "SOPInstanceUID", "SOPInstanceUID=1.2.3.4.5.99", 1);
                        }),
                row(
                        "Orthanc",
                        TO_NODE,
                        "storage commitment as SCU",
                        () -> assertCommitted(orthanc)),
                row(
                        "Orthanc",
                        TO_NODE,
                        "C-FIND, then C-MOVE to itself",
                        () -> {
                            String query =
                                    orthanc.post(
                                                    "/modalities/negvol/query",
                                                    "{\"Level\":\"Study\",\"Query\":{\"StudyInstanceUID\":\"%s\"}}"
                                                            .formatted(STUDY))
                                            .path("ID")
                                            .asText();
                            assertThat(orthanc.get("/queries/" + query + "/answers")).hasSize(1);
                            // The bare title as JSON, it answers with an internal error.
                            orthanc.post(
                                    "/queries/" + query + "/answers/0/retrieve",
                                    "{\"TargetAet\":\"ORTHANC\",\"Synchronous\":true}");
                            assertThat(orthanc.get("/instances").size()).isGreaterThan(5);
                        }),
                row(
                        "Orthanc",
                        FROM_NODE,
                        "C-STORE of a report, storage commitment as SCP",
                        () -> {
                            PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
                            try (Sender scanner = new Sender(node.dimsePort())) {
                                assertThat(
                                                scanner.send(
                                                        phantom.localizer(
                                                                        folder.resolve("localizer"))
                                                                .files()))
                                        .isEmpty();
                            }
                            node.awaitLog("ORTHANC has committed", Duration.ofSeconds(60));
                        }),
                DynamicTest.dynamicTest("Orthanc ends", orthanc::close));
    }

    private static void assertCommitted(Orthanc orthanc) throws IOException {
        String transaction =
                orthanc.post(
                                "/modalities/negvol/storage-commitment",
                                "{\"DicomInstances\":[{\"SOPClassUID\":\"%s\",\"SOPInstanceUID\":\"1.2.3.4.5.99\"}]}"
                                        .formatted(UID.CTImageStorage))
                        .path("ID")
                        .asText();
        JsonNode[] last = new JsonNode[1];
        NodeProcess.await(
                Duration.ofSeconds(30),
                "the commitment report",
                () -> {
                    try {
                        last[0] = orthanc.get("/storage-commitment/" + transaction);
                    } catch (IOException e) {
                        return false;
                    }
                    return !last[0].path("Status").asText().equals("Pending");
                });
        assertThat(last[0].path("Status").asText()).isEqualTo("Success");
    }
}
