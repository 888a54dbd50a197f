package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.PixelDecoder;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** DICOMweb of the node as an operator runs it. */
class DicomWebIT {

    private static final String JSON = "application/dicom+json";
    private static final String DICOM = "multipart/related; type=\"application/dicom\"";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir static Path folder;

    private static final HttpClient http = HttpClient.newHttpClient();
    private static NodeProcess node;
    private static PhantomStudy phantom;
    private static Attributes image;
    private static String study;
    private static String series;
    private static String instance;

    @BeforeAll
    static void start() throws Exception {
        node = NodeProcess.start(folder, Map.of("negvol.workflow.quiet-period", "10m"));
        phantom = PhantomStudy.write(folder.resolve("phantom"));
        List<Path> few = phantom.files().subList(0, 5);
        HttpResponse<byte[]> stored = store("/dicom-web/studies", parts(few));
        assertThat(stored.statusCode()).as(text(stored)).isEqualTo(200);
        assertThat(MAPPER.readTree(stored.body()).path("00081199").path("Value")).hasSize(5);
        image = read(few.get(2));
        study = "/dicom-web/studies/" + phantom.uid();
        series = study + "/series/" + image.getString(Tag.SeriesInstanceUID);
        instance = series + "/instances/" + image.getString(Tag.SOPInstanceUID);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Attributes read(Path file) throws IOException {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return in.readDataset();
        }
    }

    private static byte[] file(Attributes ds, TransferSyntax syntax) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeFile(FileMeta.of(ds, syntax), ds);
        }
        return bytes.toByteArray();
    }

    private static List<byte[]> parts(List<Path> files) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        for (Path file : files) {
            parts.add(Files.readAllBytes(file));
        }
        return parts;
    }

    private static HttpResponse<byte[]> store(String path, List<byte[]> parts) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(
                    "--b--x\r\nContent-Type: application/dicom\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(part);
            body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.writeBytes("--b--x--\r\n".getBytes(StandardCharsets.US_ASCII));
        return post(path, DICOM + "; boundary=b--x", body.toByteArray());
    }

    private static HttpResponse<byte[]> post(String path, String type, byte[] body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(node.uri(path))
                        .header("Content-Type", type)
                        .header("Accept", JSON)
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> get(String path, String accept) throws Exception {
        return http.send(
                HttpRequest.newBuilder(node.uri(path))
                        .header("Accept", accept)
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path, JSON);
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(JSON);
        return MAPPER.readTree(answer.body());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** Bodies of a multipart answer. */
    private static List<byte[]> partsOf(HttpResponse<byte[]> answer) {
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(type).startsWith("multipart/related");
        String boundary = "--" + type.replaceAll(".*boundary=\"?([^\";]+).*", "$1");
        String body = new String(answer.body(), StandardCharsets.ISO_8859_1);
        List<byte[]> parts = new ArrayList<>();
        int from = body.indexOf(boundary);
        while (!body.startsWith("--", from + boundary.length())) {
            int start = body.indexOf("\r\n\r\n", from) + 4;
            from = body.indexOf("\r\n" + boundary, start) + 2;
            parts.add(body.substring(start, from - 2).getBytes(StandardCharsets.ISO_8859_1));
        }
        return parts;
    }

    private static String value(JsonNode result, String tag) {
        return result.path(tag).path("Value").path(0).asText();
    }

    // ------------------------------------------------------------------------------- searching

    @Test
    void studiesAreFoundByWhatIsInThem() throws Exception {
        JsonNode all = json("/dicom-web/studies?PatientID=" + image.getString(Tag.PatientID));
        assertThat(all).hasSize(1);
        assertThat(value(all.get(0), "0020000D")).isEqualTo(phantom.uid());
        assertThat(value(all.get(0), "00201208")).isEqualTo("5");
        assertThat(all.get(0).path("00100010").path("Value").get(0).path("Alphabetic").asText())
                .isEqualTo(phantom.patientName());
        assertThat(value(all.get(0), "00081190")).endsWith(study);
        assertThat(get("/dicom-web/studies?PatientID=NOBODY", JSON).statusCode()).isEqualTo(204);
        assertThat(json("/dicom-web/studies?00100010=*").size()).isPositive();
    }

    @Test
    void instancesComeInPages() throws Exception {
        List<String> uids = new ArrayList<>();
        for (int offset = 0; offset < 6; offset += 2) {
            HttpResponse<byte[]> page = get(series + "/instances?limit=2&offset=" + offset, JSON);
            assertThat(page.headers().firstValue("Warning").isPresent()).isEqualTo(offset < 4);
            MAPPER.readTree(page.body()).forEach(i -> uids.add(value(i, "00080018")));
        }
        assertThat(uids).hasSize(5).doesNotHaveDuplicates();
        assertThat(get(series + "/instances?offset=5", JSON).statusCode()).isEqualTo(204);
    }

    @Test
    void fieldsAreIncludedOnDemand() throws Exception {
        String plain = json(study + "/series").get(0).toString();
        assertThat(plain).doesNotContain("00080070");
        JsonNode more =
                json(study + "/series?includefield=Manufacturer,00181030&fuzzymatching=true");
        assertThat(value(more.get(0), "00080070")).isNotEmpty();
        assertThat(more.get(0).has("00181030")).isTrue();
        assertThat(json(study + "/series?includefield=all").get(0).size())
                .isGreaterThan(more.get(0).size());
        assertThat(
                        get(study + "/series?fuzzymatching=true", JSON)
                                .headers()
                                .firstValue("Warning")
                                .orElse(""))
                .startsWith("299")
                .contains("fuzzymatching");
    }

    @Test
    void whatIsNoSearchIsRefused() throws Exception {
        assertThat(get("/dicom-web/studies?Nonsense=1", JSON).statusCode()).isEqualTo(400);
        assertThat(get("/dicom-web/studies?limit=-1", JSON).statusCode()).isEqualTo(400);
        assertThat(get("/dicom-web/studies/../x/series", JSON).statusCode()).isEqualTo(404);
        assertThat(get("/dicom-web/studies/abc/series", JSON).statusCode()).isEqualTo(400);
        assertThat(get("/dicom-web/studies", "application/dicom+xml").statusCode()).isEqualTo(406);
    }

    // ------------------------------------------------------------------------------ retrieving

    @Test
    void instancesComeAsTheyWereStored() throws Exception {
        List<byte[]> one = partsOf(get(instance, DICOM));
        assertThat(one).hasSize(1);
        Attributes there;
        try (DicomInputStream in = new DicomInputStream(new ByteArrayInputStream(one.getFirst()))) {
            there = in.readDataset();
        }
        assertThat(there).isEqualTo(image);
        assertThat(partsOf(get(series, DICOM + "; transfer-syntax=*")).size()).isEqualTo(5);
        assertThat(partsOf(get(study, "*/*")).size()).isEqualTo(5);
        assertThat(get(instance, "application/dicom").body()).isEqualTo(one.getFirst());
    }

    @Test
    void transferSyntaxIsNegotiated() throws Exception {
        String implicit = UID.ImplicitVRLittleEndian;
        HttpResponse<byte[]> answer = get(instance, DICOM + "; transfer-syntax=" + implicit);
        try (DicomInputStream in =
                new DicomInputStream(new ByteArrayInputStream(partsOf(answer).getFirst()))) {
            assertThat(in.getFileMetaInformation().getString(Tag.TransferSyntaxUID))
                    .isEqualTo(implicit);
            assertThat(in.readDataset().getBytes(Tag.PixelData))
                    .isEqualTo(image.getBytes(Tag.PixelData));
        }
        assertThat(get(instance, DICOM + "; transfer-syntax=" + UID.JPEG2000).statusCode())
                .isEqualTo(406);
        assertThat(get(instance, "text/html").statusCode()).isEqualTo(406);
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(get("/dicom-web/studies/1.2.3", DICOM).statusCode()).isEqualTo(404);
        assertThat(get(study + "/series/1.2.3/metadata", JSON).statusCode()).isEqualTo(404);
        assertThat(get(instance + "/frames/2", "*/*").statusCode()).isEqualTo(404);
        assertThat(get(instance + "/frames/0", "*/*").statusCode()).isEqualTo(400);
        assertThat(get(instance + "/bulkdata/00420011", "*/*").statusCode()).isEqualTo(404);
        assertThat(get(instance + "/bulkdata/x/y", "*/*").statusCode()).isEqualTo(404);
    }

    @Test
    void metadataNameWhereThePixelsAre() throws Exception {
        JsonNode all = json(series + "/metadata");
        assertThat(all).hasSize(5);
        for (JsonNode one : all) {
            assertThat(one.path("00280010").path("Value").get(0).asInt())
                    .isEqualTo(image.getInt(Tag.Rows, 0));
            assertThat(one.path("00200032").path("Value").get(2).isNumber()).isTrue();
        }
        JsonNode mine = json(instance + "/metadata").get(0);
        String uri = mine.path("7FE00010").path("BulkDataURI").asText();
        HttpResponse<byte[]> bulk =
                http.send(
                        HttpRequest.newBuilder(java.net.URI.create(uri))
                                .header("Accept", "application/octet-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(bulk.body()).isEqualTo(image.getBytes(Tag.PixelData));
    }

    @Test
    void allBulkDataOfAnInstanceComeAtOnce() throws Exception {
        HttpResponse<byte[]> answer =
                get(instance + "/bulkdata", "multipart/related; type=\"application/octet-stream\"");
        assertThat(partsOf(answer)).containsExactly(image.getBytes(Tag.PixelData));
        String uri =
                json(instance + "/metadata").get(0).path("7FE00010").path("BulkDataURI").asText();
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1))
                .contains("Content-Location: " + uri + "\r\n");
        assertThat(get(instance + "/bulkdata", "image/png").statusCode()).isEqualTo(406);
        assertThat(get(series + "/instances/1.2.3/bulkdata", "*/*").statusCode()).isEqualTo(404);
    }

    @Test
    void framesAreNativePixels() throws Exception {
        List<byte[]> frames =
                partsOf(
                        get(
                                instance + "/frames/1",
                                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*"));
        assertThat(frames).hasSize(1);
        assertThat(frames.getFirst()).isEqualTo(image.getBytes(Tag.PixelData));
        assertThat(
                        get(instance + "/frames/1", "multipart/related; type=\"image/jls\"")
                                .statusCode())
                .isEqualTo(406);
    }

    @Test
    void framesOfSingleBitsBeginWhereTheyBegin() throws Exception {
        Attributes mask = new Attributes(image);
        mask.setString(Tag.SOPClassUID, VR.UI, UID.SegmentationStorage)
                .setString(Tag.SOPInstanceUID, VR.UI, phantom.uid() + ".9.9")
                .setString(Tag.SeriesInstanceUID, VR.UI, phantom.uid() + ".9")
                .setString(Tag.StudyInstanceUID, VR.UI, phantom.uid() + ".8")
                .setInt(Tag.BitsAllocated, VR.US, 1)
                .setInt(Tag.BitsStored, VR.US, 1)
                .setInt(Tag.HighBit, VR.US, 0)
                .setInt(Tag.Rows, VR.US, 3)
                .setInt(Tag.Columns, VR.US, 3)
                .setString(Tag.NumberOfFrames, VR.IS, "3")
                // Nine bits a frame: 111111111 000000000 101010101
                .setBytes(Tag.PixelData, VR.OB, new byte[] {(byte) 0xFF, 0x01, 0x54, 0x05});
        assertThat(
                        store(
                                        "/dicom-web/studies",
                                        List.of(
                                                file(
                                                        mask,
                                                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)))
                                .statusCode())
                .isEqualTo(200);
        String path =
                "/dicom-web/studies/%s.8/series/%s.9/instances/%s.9.9/frames/"
                        .formatted(phantom.uid(), phantom.uid(), phantom.uid());
        List<byte[]> frames = partsOf(get(path + "3,1,2", "*/*"));
        assertThat(frames)
                .containsExactly(
                        new byte[] {0x55, 0x01}, new byte[] {(byte) 0xFF, 0x01}, new byte[] {0, 0});
    }

    @Test
    void picturesShowTheWindow() throws Exception {
        HttpResponse<byte[]> answer = get(instance + "/rendered?window=0,2,linear", "image/png");
        var picture = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(picture.getWidth()).isEqualTo(image.getInt(Tag.Columns, 0));
        var frame = PixelDecoder.decode(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        double slope = image.getDouble(Tag.RescaleSlope, 1);
        double intercept = image.getDouble(Tag.RescaleIntercept, 0);
        int wrong = 0;
        for (int y = 0; y < frame.rows(); y++) {
            for (int x = 0; x < frame.columns(); x++) {
                double hu = slope * frame.get(y, x) + intercept;
                int expected = hu >= 1 ? 255 : hu <= -1 ? 0 : -1;
                int is = picture.getRaster().getSample(x, y, 0);
                wrong += expected >= 0 && is != expected ? 1 : 0;
            }
        }
        assertThat(wrong).isZero();
        assertThat(get(instance + "/rendered?window=0,0,linear", "image/png").statusCode())
                .isEqualTo(400);
        assertThat(get(instance + "/rendered", "image/webp").statusCode()).isEqualTo(406);
        assertThat(
                        get(instance + "/frames/1/rendered", "image/*")
                                .headers()
                                .firstValue("Content-Type"))
                .hasValue("image/jpeg");
    }

    @Test
    void otherSitesChangeNothingInAUsersName() throws Exception {
        String process = "/api/studies/1.2.3/series/1.2.4/process";
        assertThat(postedFrom(process, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        assertThat(postedFrom(process, "Sec-Fetch-Site", "same-site")).isEqualTo(403);
        assertThat(postedFrom(process, "Origin", "https://elsewhere.example")).isEqualTo(403);
        assertThat(postedFrom(process, "Origin", "null")).isEqualTo(403);
        assertThat(postedFrom("/dicom-web/studies", "Origin", "https://elsewhere.example"))
                .isEqualTo(403);
        // Let through to where they are told that there is no such series.
        assertThat(postedFrom(process, "Sec-Fetch-Site", "same-origin")).isEqualTo(404);
        assertThat(postedFrom(process, "Origin", "http://" + node.uri("/").getAuthority()))
                .isEqualTo(404);
    }

    private static int postedFrom(String path, String header, String value) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(node.uri(path))
                                .header(header, value)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    // --------------------------------------------------------------------------------- storing

    @Test
    void whatIsStoredIsToldOneByOne() throws Exception {
        Attributes good = new Attributes(image);
        good.setString(Tag.StudyInstanceUID, VR.UI, phantom.uid() + ".7")
                .setString(Tag.SeriesInstanceUID, VR.UI, phantom.uid() + ".7.2")
                .setString(Tag.SOPInstanceUID, VR.UI, phantom.uid() + ".7.1");
        byte[] whole = file(good, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        byte[] nonsense = "no DICOM at all".getBytes(StandardCharsets.US_ASCII);
        HttpResponse<byte[]> some = store("/dicom-web/studies", List.of(nonsense, whole));
        assertThat(some.statusCode()).isEqualTo(202);
        JsonNode answer = MAPPER.readTree(some.body());
        assertThat(value(answer.path("00081199").path("Value").get(0), "00081155"))
                .isEqualTo(phantom.uid() + ".7.1");
        assertThat(value(answer.path("00081198").path("Value").get(0), "00081197"))
                .isEqualTo(Integer.toString(0xC000));
        assertThat(store("/dicom-web/studies", List.of(nonsense)).statusCode()).isEqualTo(409);
        HttpResponse<byte[]> wrongStudy = store("/dicom-web/studies/1.2.3", List.of(whole));
        assertThat(wrongStudy.statusCode()).isEqualTo(409);
        assertThat(text(wrongStudy)).contains(Integer.toString(0xA900));
        assertThat(node.json("/api/studies/" + phantom.uid() + ".7").path("series")).hasSize(1);
    }

    @Test
    void bodiesThatAreNoneAreRefused() throws Exception {
        assertThat(
                        post("/dicom-web/studies", "application/json", new byte[] {'{', '}'})
                                .statusCode())
                .isEqualTo(415);
        assertThat(post("/dicom-web/studies", DICOM, new byte[0]).statusCode()).isEqualTo(400);
        assertThat(
                        post(
                                        "/dicom-web/studies",
                                        DICOM + "; boundary=x",
                                        "--x\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII))
                                .statusCode())
                .isEqualTo(400);
        assertThat(
                        post(
                                        "/dicom-web/studies",
                                        DICOM + "; boundary=x",
                                        "--x--\r\n".getBytes(StandardCharsets.US_ASCII))
                                .statusCode())
                .isEqualTo(400);
    }
}
