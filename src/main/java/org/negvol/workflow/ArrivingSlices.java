package org.negvol.workflow;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.config.Settings;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.node.InstanceStored;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.SliceHeader;
import org.negvol.volume.SliceReader;
import org.negvol.volume.VoiReader;

/**
 * Makes slices coarse while the scanner still sends, so that the joints can be looked for as soon
 * as the last one is here, without reading the whole series again.
 *
 * <p>Only a process that receives and works does so. What does not fit the memory set aside is read
 * from the files when it is needed: the result is the same.
 */
@ApplicationScoped
class ArrivingSlices {

    private static final Logger LOG = Logger.getLogger(ArrivingSlices.class);

    /** Slices that wait to be made coarse; a sender that is faster leaves the rest to the files. */
    private static final int MOST_WAITING = 4096;

    /** A slice made coarse. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    private record Means(int factor, short[] hu) {}

    private final SliceReader files;
    private final DoubleSupplier spacingMm;
    private final long mostBytes;
    private final ArrayDeque<SliceHeader> waiting = new ArrayDeque<>();
    private final Map<String, Means> made = new LinkedHashMap<>();
    private long madeBytes;
    private @Nullable Thread worker;

    @Inject
    ArrivingSlices(Archive archive, Networks networks, Settings settings) {
        this(
                CtImages.reader(archive),
                networks::overviewSpacingMm,
                settings.has(Settings.Role.RECEIVER) && settings.has(Settings.Role.WORKER)
                        ? settings.workflow().overviewBytes()
                        : 0);
    }

    /**
     * @param files reads what is not made coarse
     * @param spacingMm of the grid that the slices are made coarse for; asked for when the first
     *     one comes
     * @param mostBytes memory for them; 0 for nothing at all
     */
    ArrivingSlices(SliceReader files, DoubleSupplier spacingMm, long mostBytes) {
        this.files = files;
        this.spacingMm = spacingMm;
        this.mostBytes = mostBytes;
    }

    void start(@Observes @Priority(2600) StartupEvent event) {
        if (mostBytes > 0) {
            Thread thread =
                    Thread.ofPlatform().name("arriving-slices").daemon().unstarted(this::work);
            worker = thread;
            thread.start();
        }
    }

    void stop(@Observes @Priority(900) ShutdownEvent event) throws InterruptedException {
        Thread thread = worker;
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    void stored(@Observes InstanceStored instance) {
        if (mostBytes == 0
                || !UID.CTImageStorage.equals(instance.header().getString(Tag.SOPClassUID))) {
            return;
        }
        SliceHeader slice = CtImageFile.header(instance.header(), instance.objectKey());
        synchronized (waiting) {
            if (waiting.size() < MOST_WAITING) {
                waiting.add(slice);
                waiting.notifyAll();
            }
        }
    }

    /** Reads slices of the archive; of those that were made coarse here, it knows that already. */
    SliceReader reader() {
        return new Reader();
    }

    private void work() {
        try {
            while (true) {
                SliceHeader slice = next();
                try {
                    coarsen(slice);
                } catch (IOException | RuntimeException e) {
                    // Whoever needs the slice meets the same and can say which study it is.
                    LOG.debugf(e, "The slice %s was not made coarse", slice.source());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private SliceHeader next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            return waiting.remove();
        }
    }

    private void coarsen(SliceHeader slice) throws IOException {
        OptionalInt factor = VoiReader.meansFactor(spacingMm.getAsDouble(), slice);
        if (factor.isPresent()) {
            keep(
                    slice.source(),
                    new Means(factor.getAsInt(), files.readMeans(slice, factor.getAsInt())));
        }
    }

    private synchronized void keep(String key, Means means) {
        remove(key);
        made.put(key, means);
        madeBytes += bytes(means);
        Iterator<Means> oldest = made.values().iterator();
        while (madeBytes > mostBytes) {
            madeBytes -= bytes(oldest.next());
            oldest.remove();
        }
    }

    private synchronized @Nullable Means remove(String key) {
        Means means = made.remove(key);
        if (means != null) {
            madeBytes -= bytes(means);
        }
        return means;
    }

    private static long bytes(Means means) {
        return 2L * means.hu().length;
    }

    private final class Reader implements SliceReader {

        @Override
        public short[] readHu(SliceHeader slice) throws IOException {
            return files.readHu(slice);
        }

        @Override
        public void readRows(SliceHeader slice, int first, int end, RowSink sink)
                throws IOException {
            files.readRows(slice, first, end, sink);
        }

        @Override
        public int concurrentReads() {
            return files.concurrentReads();
        }

        @Override
        public short[] readMeans(SliceHeader slice, int factor) throws IOException {
            // Nobody needs it twice but a second attempt, which may read the file.
            Means means = remove(slice.source());
            return means != null && means.factor() == factor
                    ? means.hu()
                    : files.readMeans(slice, factor);
        }
    }
}
