package org.negvol.dimse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;

/** DCMTK as requestor and as acceptor, in every transfer syntax that it can make. */
class DcmtkInteropTest {

    @TempDir static Path folder;

    @BeforeAll
    static void requireDcmtk() {
        Dcmtk.requireInstalled("storescu");
    }

    /** Makes a file in a transfer syntax by DCMTK's own converter. */
    private static Path convert(String converter, String option, int bits, String instance)
            throws Exception {
        Path plain = TestImage.write(folder.resolve(instance + ".plain"), instance, bits);
        Path file = folder.resolve(instance + ".dcm");
        // "+un" keeps the instance's UID where the compression is lossy.
        Dcmtk.Result result =
                converter.equals("dcmconv")
                        ? Dcmtk.run(converter, option, plain, file)
                        : Dcmtk.run(converter, option, "+un", plain, file);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return file;
    }

    @Test
    void echoscuIsAnswered() throws Exception {
        try (Sink sink = new Sink()) {
            Dcmtk.Result result =
                    Dcmtk.run("echoscu", "-aec", Sink.AET, "--repeat", 3, "127.0.0.1", sink.port());
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(sink.nextEvent()).isEqualTo("released");
        }
    }

    @Test
    void echoscuHearsWhyItIsRejected() throws Exception {
        try (Sink sink = new Sink()) {
            Dcmtk.Result result = Dcmtk.run("echoscu", "-aec", "NOBODY", "127.0.0.1", sink.port());
            assertThat(result.exitCode()).isNotZero();
            assertThat(result.output()).contains("Called AE Title Not Recognized");
        }
    }

    @Test
    void echoscuProposesAllItsContexts() throws Exception {
        try (Sink sink = new Sink()) {
            Dcmtk.Result result =
                    Dcmtk.run(
                            "echoscu",
                            "-aec",
                            Sink.AET,
                            "-pts",
                            38,
                            "-ppc",
                            128,
                            "127.0.0.1",
                            sink.port());
            assertThat(result.exitCode()).as(result.output()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "ExplicitVRLittleEndian,      dcmconv,  +te, 16, -xe, 1.2.840.10008.1.2.1",
        "ImplicitVRLittleEndian,      dcmconv,  +ti, 16, -xi, 1.2.840.10008.1.2",
        "ExplicitVRBigEndian,         dcmconv,  +tb, 16, -xb, 1.2.840.10008.1.2.2",
        "DeflatedExplicitVRLE,        dcmconv,  +td, 16, -xd, 1.2.840.10008.1.2.1.99",
        "RLELossless,                 dcmcrle,  +un, 16, -xr, 1.2.840.10008.1.2.5",
        "JPEGLosslessSV1,             dcmcjpeg, +e1, 16, -xs, 1.2.840.10008.1.2.4.70",
        "JPEGBaseline8Bit,            dcmcjpeg, +eb, 8,  -xy, 1.2.840.10008.1.2.4.50",
        "JPEGExtended12Bit,           dcmcjpeg, +ee, 16, -xx, 1.2.840.10008.1.2.4.51",
        "JPEGLSLossless,              dcmcjpls, +el, 16, -xt, 1.2.840.10008.1.2.4.80",
        "JPEGLSNearLossless,          dcmcjpls, +en, 16, -xu, 1.2.840.10008.1.2.4.81"
    })
    void storescuSendsAndEveryByteArrives(
            String name, String converter, String option, int bits, String propose, String syntax)
            throws Exception {
        String instance = "1.2.3." + syntax.length() + "." + syntax.replace(".", "");
        Path file = convert(converter, option, bits, instance);
        try (Sink sink = new Sink()) {
            Dcmtk.Result result =
                    Dcmtk.run(
                            "storescu", "-aec", Sink.AET, propose, "127.0.0.1", sink.port(), file);
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(sink.stored).containsOnlyKeys(instance);
            Sink.Stored stored = sink.stored.get(instance);
            TestImage.Read sent = TestImage.read(file);
            assertThat(sent.transferSyntax()).isEqualTo(syntax);
            assertThat(stored.request().sopClassUid()).isEqualTo(UID.CTImageStorage);
            assertThat(stored.request().transferSyntaxUid()).isEqualTo(syntax);
            assertThat(TestImage.read(stored.dataset(), syntax)).isEqualTo(sent.dataset());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "ExplicitVRLittleEndian,      dcmconv,  +te, 16, 1.2.840.10008.1.2.1",
        "ImplicitVRLittleEndian,      dcmconv,  +ti, 16, 1.2.840.10008.1.2",
        "ExplicitVRBigEndian,         dcmconv,  +tb, 16, 1.2.840.10008.1.2.2",
        "DeflatedExplicitVRLE,        dcmconv,  +td, 16, 1.2.840.10008.1.2.1.99",
        "RLELossless,                 dcmcrle,  +un, 16, 1.2.840.10008.1.2.5",
        "JPEGLosslessSV1,             dcmcjpeg, +e1, 16, 1.2.840.10008.1.2.4.70",
        "JPEGBaseline8Bit,            dcmcjpeg, +eb, 8,  1.2.840.10008.1.2.4.50",
        "JPEGLSLossless,              dcmcjpls, +el, 16, 1.2.840.10008.1.2.4.80"
    })
    void storescpTakesWhatOursSends(
            String name, String converter, String option, int bits, String syntax)
            throws Exception {
        String instance = "1.2.4." + syntax.length() + "." + syntax.replace(".", "");
        Path file = convert(converter, option, bits, instance);
        Path received = Files.createDirectory(folder.resolve(instance));
        try (Dcmtk.Listener storescp =
                        new Dcmtk.Listener(
                                folder, "storescp", "-aet", "PEER", "+xa", "-od", received);
                Association a =
                        Association.open(
                                AssociateOptions.to("127.0.0.1", storescp.port, "PEER", "NEGVOL")
                                        .propose(UID.Verification, UID.ImplicitVRLittleEndian)
                                        .propose(UID.CTImageStorage, syntax))) {
            assertThat(a.echo()).isEqualTo(DimseStatus.SUCCESS);
            DimseStatus status =
                    a.store(
                            UID.CTImageStorage,
                            instance,
                            syntax,
                            new ByteArrayInputStream(TestImage.encodedDataset(file)));
            assertThat(status).isEqualTo(DimseStatus.SUCCESS);
        }
        try (Stream<Path> files = Files.list(received)) {
            Path only = files.findFirst().orElseThrow();
            TestImage.Read read = TestImage.read(only);
            assertThat(read.transferSyntax()).isEqualTo(syntax);
            Attributes sent = TestImage.read(file).dataset();
            assertThat(read.dataset().getString(Tag.SOPInstanceUID)).isEqualTo(instance);
            assertThat(read.dataset().tags()).isEqualTo(sent.tags());
            assertThat(read.dataset()).isEqualTo(sent);
        }
    }

    @Test
    void storescuDoesNotWaitForNagle() throws Exception {
        Path images = Files.createDirectory(folder.resolve("many"));
        for (int i = 0; i < 40; i++) {
            TestImage.write(images.resolve(i + ".dcm"), "1.2.5." + i, 16);
        }
        try (Sink sink = new Sink()) {
            long start = System.nanoTime();
            ProcessBuilder builder =
                    new ProcessBuilder(
                                    "storescu",
                                    "-aec",
                                    Sink.AET,
                                    "+sd",
                                    "127.0.0.1",
                                    Integer.toString(sink.port()),
                                    images.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("many.log").toFile());
            // As shipped: with Nagle's algorithm on.
            builder.environment().remove("TCP_NODELAY");
            assertThat(builder.start().waitFor()).isZero();
            assertThat(sink.stored).hasSize(40);
            // 40 delayed acknowledgements of 40 ms are 1.6 s; the machine may be busy.
            assertThat(System.nanoTime() - start).isLessThan(1_400_000_000L);
        }
    }
}
