package org.negvol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.DatasetInputStream;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.StoreRequest;

/** A PACS that counts what it gets. */
public final class ResultReceiver implements AutoCloseable {

    private final Path folder;
    private final DimseServer server;
    private final Map<String, Integer> stores = new LinkedHashMap<>();
    private final Map<String, Path> files = new LinkedHashMap<>();
    private volatile Consumer<String> beforeAnswer = uid -> {};

    /** On any free port. */
    public ResultReceiver(Path folder) throws IOException {
        this(folder, 0);
    }

    public ResultReceiver(Path folder, int port) throws IOException {
        this.folder = Files.createDirectories(folder);
        CStoreHandler storage = this::store;
        server =
                DimseServer.start(
                        DimseServerOptions.of("PACS", port)
                                .withBindAddress(InetAddress.getLoopbackAddress()),
                        AccessControl.acceptCalledAeTitle("PACS"),
                        List.of(storage));
    }

    /** A port that nobody listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What the node's configuration calls it. */
    public String address() {
        return "PACS@localhost:" + server.port();
    }

    /** What to do when an object has arrived and is not yet answered. */
    public void beforeAnswer(Consumer<String> action) {
        beforeAnswer = action;
    }

    private DimseStatus store(StoreRequest request, DatasetInputStream dataset) throws IOException {
        Path file = folder.resolve(request.sopInstanceUid() + ".dcm");
        try (var out = Files.newOutputStream(file)) {
            new DicomOutputStream(out)
                    .writeFileMetaInformation(
                            FileMeta.of(
                                    request.sopClassUid(),
                                    request.sopInstanceUid(),
                                    request.transferSyntaxUid()));
            dataset.transferTo(out);
        }
        synchronized (this) {
            stores.merge(request.sopInstanceUid(), 1, Integer::sum);
            files.put(request.sopInstanceUid(), file);
        }
        beforeAnswer.accept(request.sopInstanceUid());
        return DimseStatus.SUCCESS;
    }

    /** How often each SOP instance came. */
    public synchronized Map<String, Integer> stores() {
        return new LinkedHashMap<>(stores);
    }

    /** The files of a study's objects by their kind, in the order of arrival. */
    public Map<String, Path> byKind(String studyUid) {
        List<Path> all;
        synchronized (this) {
            all = List.copyOf(files.values());
        }
        Map<String, Path> kinds = new LinkedHashMap<>();
        all.stream()
                .filter(
                        f ->
                                RealScans.header(f)
                                        .getString(Tag.StudyInstanceUID, "")
                                        .equals(studyUid))
                .forEach(f -> kinds.put(kind(f), f));
        return kinds;
    }

    /** Which of negvol's objects a file holds. */
    public static String kind(Path file) {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            Attributes a = in.readDatasetUntil(Tag.StudyDate);
            return switch (a.getString(Tag.SOPClassUID, "")) {
                case org.negvol.dicom.UID.SegmentationStorage -> "SEG";
                case org.negvol.dicom.UID.SurfaceSegmentationStorage -> "SURFACE";
                case org.negvol.dicom.UID.Comprehensive3DSRStorage -> "SR";
                default -> a.getString(Tag.SOPClassUID, "");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close(Duration.ofSeconds(2));
    }
}
