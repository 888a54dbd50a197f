package org.negvol.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.DatasetInputStream;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.StoreRequest;

/** A storage SCP on this machine alone that writes what it gets into a folder. */
final class ReceivingPacs implements AutoCloseable {

    static final String AE_TITLE = "DEMO_PACS";

    /**
     * An object that arrived.
     *
     * @param sopClassUid what it is
     * @param file where it lies
     */
    record Received(String sopClassUid, Path file) {}

    private final Path folder;
    private final DimseServer server;
    private final List<Received> received = new ArrayList<>();

    /**
     * @param folder made if it is not there
     * @throws IOException if it cannot be, or no port can be had
     */
    ReceivingPacs(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        CStoreHandler storage = this::store;
        server =
                DimseServer.start(
                        DimseServerOptions.of(AE_TITLE, 0)
                                .withBindAddress(InetAddress.getLoopbackAddress()),
                        AccessControl.acceptCalledAeTitle(AE_TITLE),
                        List.of(storage));
    }

    int port() {
        return server.port();
    }

    private DimseStatus store(StoreRequest request, DatasetInputStream dataset) throws IOException {
        Path file = folder.resolve(request.sopInstanceUid() + ".dcm");
        Path part = folder.resolve(request.sopInstanceUid() + ".part");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
            new DicomOutputStream(out)
                    .writeFileMetaInformation(
                            FileMeta.of(
                                    request.sopClassUid(),
                                    request.sopInstanceUid(),
                                    request.transferSyntaxUid()));
            dataset.transferTo(out);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        synchronized (this) {
            received.add(new Received(request.sopClassUid(), file));
            notifyAll();
        }
        return DimseStatus.SUCCESS;
    }

    /** Deletes what has arrived so far. */
    synchronized void forget() throws IOException {
        for (Received r : received) {
            Files.delete(r.file());
        }
        received.clear();
    }

    /** What has arrived so far. */
    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /**
     * Waits until what has arrived is enough.
     *
     * @return whether it became enough in time
     */
    synchronized boolean await(Predicate<List<Received>> enough, Duration atMost)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!enough.test(received)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    @Override
    public void close() {
        server.close(Duration.ofSeconds(2));
    }
}
