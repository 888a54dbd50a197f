package org.negvol.archive;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.negvol.archive.RefusedException.Reason;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.BlockInputStream;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UIDUtils;

/**
 * Keeps instances, exactly as they came. {@link #store} returns when the bytes are on the disk and
 * the row is committed or certain to follow, so its return is what may be acknowledged.
 */
@ApplicationScoped
public class Archive {

    private static final Logger LOG = Logger.getLogger(Archive.class);

    /** Everything that identifies an instance or places its image stands before this. */
    private static final int END_OF_HEADER = 0x00300000;

    /** A header is some kilobytes; one that needs more than this is an attack or an error. */
    private static final long MOST_HEADER_BYTES = 16 << 20;

    private static final long INDEX_PATIENCE_SECONDS = 30;

    private final Settings settings;
    private final ObjectStore objects;
    private final IndexWriter index;

    Archive(Settings settings, IndexWriter index) throws IOException {
        this.settings = settings;
        this.index = index;
        objects = objectStore(settings);
    }

    private static ObjectStore objectStore(Settings settings) throws IOException {
        Path folder = settings.dataDir().resolve("archive");
        return settings.archive().s3().bucket().isPresent()
                ? S3ObjectStore.of(settings.archive().s3(), folder)
                : new FileObjectStore(folder, settings.archive().fsync());
    }

    /** After those who read and write here have stopped. */
    void stop(@Observes @Priority(3100) ShutdownEvent event) throws IOException {
        objects.close();
    }

    /**
     * Stores one instance.
     *
     * @param arrival what was announced
     * @param dataset the data set's bytes in the announced transfer syntax; read to its end
     * @throws RefusedException if it was not stored
     * @throws IOException if the data set could not be read, as when the association broke
     */
    public Receipt store(Arrival arrival, InputStream dataset)
            throws RefusedException, IOException {
        return store(arrival, copy -> received(arrival, dataset, copy), true);
    }

    /**
     * Stores an instance that this node made; when this returns, the index has it.
     *
     * @throws RefusedException if it was not stored
     */
    public Receipt store(Arrival arrival, Attributes dataset) throws RefusedException, IOException {
        requireIdentity(dataset);
        return store(
                arrival,
                copy -> {
                    DicomOutputStream out = new DicomOutputStream(copy.out);
                    out.writeDataset(dataset, arrival.syntax());
                    out.flush();
                    return dataset;
                },
                false);
    }

    private Receipt store(Arrival arrival, Content content, boolean mayPromise)
            throws RefusedException, IOException {
        refuseWithoutSpace();
        try (ObjectStore.Upload upload = objects.begin()) {
            Copy copy = new Copy(upload.out());
            DicomOutputStream meta = new DicomOutputStream(copy.out);
            meta.writeFileMetaInformation(
                    FileMeta.from(
                            arrival.receivedFrom(),
                            arrival.sopClassUid(),
                            arrival.sopInstanceUid(),
                            arrival.syntax().uid()));
            meta.flush();
            copy.startOfDataset();
            Attributes header = content.writeTo(copy);
            String sha256 = copy.sha256();
            Instant now = Instant.now();
            String key =
                    ObjectKey.of(
                            now,
                            header.getString(Tag.StudyInstanceUID, ""),
                            header.getString(Tag.SeriesInstanceUID, ""),
                            arrival.sopInstanceUid(),
                            sha256);
            upload.publish(key);
            return index(
                    new InstanceDescription(
                            header,
                            arrival.syntax().uid(),
                            key,
                            copy.fileBytes(),
                            sha256,
                            now,
                            arrival.receivedFrom()),
                    mayPromise);
        } catch (ObjectStore.ObjectStoreException e) {
            throw new RefusedException(
                    Reason.NO_SPACE, "The instance cannot be written: " + e.getMessage(), e);
        }
    }

    private static Attributes received(Arrival arrival, InputStream dataset, Copy copy)
            throws RefusedException, IOException {
        Attributes header = header(arrival, copy.reading(dataset));
        dataset.transferTo(copy.out);
        PixelLength.check(header, arrival.syntax(), copy.datasetBytes());
        return header;
    }

    /**
     * Opens a stored instance as a DICOM file.
     *
     * @param objectKey of {@link ArchivedInstance}
     */
    public InputStream open(String objectKey) throws IOException {
        return objects.open(objectKey);
    }

    /** How many instances are best opened at the same time by one who wants many. */
    public int concurrentReads() {
        return objects.concurrentReads();
    }

    /**
     * Reads a stored file up to the first byte of its data set.
     *
     * @param file as {@link #open} gives it
     */
    public static void skipMetaInformation(InputStream file) throws IOException {
        MetaSplit.read(file);
    }

    /**
     * Asks the object store whether it could be written to.
     *
     * @throws IOException if not, with the reason
     */
    public void verifyReachable() throws IOException {
        objects.verifyReachable();
    }

    /** Free space, in bytes, on the disk that instances are written to or gathered on. */
    public long usableBytes() throws IOException {
        return objects.usableBytes();
    }

    ObjectStore objects() {
        return objects;
    }

    private void refuseWithoutSpace() throws RefusedException {
        long usable;
        try {
            usable = objects.usableBytes();
        } catch (IOException e) {
            throw new RefusedException(
                    Reason.NO_SPACE, "The disk of the archive does not answer.", e);
        }
        if (usable < settings.archive().minFreeBytes()) {
            throw new RefusedException(
                    Reason.NO_SPACE,
                    "Only %d MB are free on the disk of the archive.".formatted(usable >> 20),
                    null);
        }
    }

    private static Attributes header(Arrival arrival, InputStream dataset)
            throws RefusedException, IOException {
        Attributes header;
        try {
            // Not closed: the stream below goes on being read.
            DicomInputStream in = new DicomInputStream(dataset, arrival.syntax());
            header = in.limitHeldBytes(MOST_HEADER_BYTES).readDatasetUntil(END_OF_HEADER);
        } catch (DicomException e) {
            throw new RefusedException(
                    Reason.NOT_UNDERSTOOD, "The data set is damaged: " + e.getMessage(), e);
        }
        requireIdentity(header);
        if (!arrival.sopInstanceUid().equals(header.getString(Tag.SOPInstanceUID))
                || !arrival.sopClassUid().equals(header.getString(Tag.SOPClassUID))) {
            throw new RefusedException(
                    Reason.DOES_NOT_MATCH,
                    "The data set is not the instance that was announced.",
                    null);
        }
        return header;
    }

    private static void requireIdentity(Attributes header) throws RefusedException {
        for (int tag :
                new int[] {
                    Tag.SOPClassUID, Tag.SOPInstanceUID, Tag.StudyInstanceUID, Tag.SeriesInstanceUID
                }) {
            String uid = header.getString(tag);
            if (uid == null || !UIDUtils.isUsable(uid)) {
                throw new RefusedException(
                        Reason.NOT_UNDERSTOOD,
                        "The data set has no usable UID in (%04X,%04X)."
                                .formatted(tag >>> 16, tag & 0xFFFF),
                        null);
            }
        }
    }

    /**
     * Takes a file of the store into the index that lost it: a crash came between the two, or the
     * database was restored from an older copy. A file that is not whole got its name before its
     * bytes, and power was lost between; it was never acknowledged, and it is deleted.
     *
     * @throws RefusedException if it is not whole, or the index does not take it
     */
    void reindex(String key) throws RefusedException, IOException {
        InstanceDescription instance;
        try {
            instance = described(key);
        } catch (DicomException | EOFException | RefusedException e) {
            objects.delete(key);
            throw new RefusedException(
                    Reason.NOT_UNDERSTOOD,
                    "It is not whole, nobody was told that it is safe, and it is deleted.",
                    e);
        }
        objects.force(key);
        index(instance, false);
    }

    /**
     * Reads a file of the store.
     *
     * @throws RefusedException if it is not what was stored; or another exception of damaged files
     */
    private InstanceDescription described(String key) throws RefusedException, IOException {
        try (InputStream file = new BufferedInputStream(objects.open(key))) {
            Copy copy = new Copy(new Nowhere());
            InputStream copying = copy.reading(file);
            MetaSplit split = MetaSplit.read(copying);
            copy.startOfDataset();
            Arrival arrival =
                    new Arrival(
                            split.sopClassUid(),
                            split.sopInstanceUid(),
                            split.syntax(),
                            split.sourceAeTitle());
            Attributes header = header(arrival, copying);
            file.transferTo(copy.out);
            String sha256 = copy.sha256();
            if (!ObjectKey.names(key, sha256)) {
                throw new RefusedException(
                        Reason.NOT_UNDERSTOOD, "Its name is not that of its content.", null);
            }
            return new InstanceDescription(
                    header,
                    split.syntax().uid(),
                    key,
                    copy.fileBytes(),
                    sha256,
                    objects.publishedAt(key),
                    arrival.receivedFrom());
        }
    }

    private Receipt index(InstanceDescription instance, boolean mayPromise)
            throws RefusedException, IOException {
        IndexWriter.Submission submitted = index.submit(instance, mayPromise);
        Long promised = submitted.promised();
        return new Receipt(
                submitted.done().thenApply(indexed -> indexed(instance, indexed)),
                instance.studyInstanceUid(),
                instance.seriesInstanceUid(),
                promised == null ? await(instance, submitted.done()).seriesId() : promised,
                instance.attributes(),
                instance.objectKey(),
                instance.sizeBytes());
    }

    /** The index has an instance; its file goes if that refers to another one. */
    private Receipt.Kind indexed(InstanceDescription instance, IndexWriter.Indexed indexed) {
        if (!indexed.objectKey().equals(instance.objectKey())) {
            try {
                objects.delete(instance.objectKey());
            } catch (IOException e) {
                LOG.warnf(
                        "The second copy %s of an instance stays in the archive: %s",
                        instance.objectKey(), e.getMessage());
            }
        }
        return indexed.kind();
    }

    private IndexWriter.Indexed await(
            InstanceDescription instance, CompletableFuture<IndexWriter.Indexed> done)
            throws RefusedException, IOException {
        try {
            return done.get(INDEX_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof IndexWriter.SeriesOfAnotherStudyException other) {
                objects.delete(instance.objectKey());
                throw new RefusedException(Reason.DOES_NOT_MATCH, other.sentence(), other);
            }
            // The file stays: whether the commit succeeded is not known, and a row without a file
            // would be a loss. Sent again, it is the same file under the same name.
            LOG.warnf(
                    "Instance %s could not be indexed: %s",
                    instance.sopInstanceUid(),
                    e instanceof ExecutionException ? e.getCause() : "no answer in time");
            throw new RefusedException(
                    Reason.UNAVAILABLE, "The database of the archive does not answer.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Reason.UNAVAILABLE, "The node is stopping.", e);
        }
    }

    /**
     * Returns when the index has everything that was stored before.
     *
     * @throws IllegalStateException if the database does not take it
     */
    public void awaitIndexed() {
        index.awaitPromised();
    }

    /** Writes a data set and returns its elements below group 0030 at least. */
    @FunctionalInterface
    private interface Content {
        Attributes writeTo(Copy copy) throws RefusedException, IOException;
    }

    /** Keeps nothing. */
    private static final class Nowhere extends ObjectStore.Sink {

        @Override
        public void write(int b) {}

        @Override
        public void write(byte[] b, int off, int len) {}

        @Override
        public int write(ByteBuffer bytes) {
            int length = bytes.remaining();
            bytes.position(bytes.limit());
            return length;
        }
    }

    /** Counts what goes into a file, and hashes it from the start of the data set on. */
    private static final class Copy {

        /** Counts only, for what stands before the data set. */
        final ObjectStore.Sink out;

        private final MessageDigest digest;
        private long count;
        private long datasetStart;

        Copy(ObjectStore.Sink file) {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
            out =
                    new ObjectStore.Sink() {
                        @Override
                        public void write(int b) throws IOException {
                            write(new byte[] {(byte) b}, 0, 1);
                        }

                        @Override
                        public void write(byte[] b, int off, int len) throws IOException {
                            file.write(b, off, len);
                            digest.update(b, off, len);
                            count += len;
                        }

                        @Override
                        public int write(ByteBuffer bytes) throws IOException {
                            digest.update(bytes.duplicate());
                            int written = 0;
                            while (bytes.hasRemaining()) {
                                written += file.write(bytes);
                            }
                            count += written;
                            return written;
                        }

                        @Override
                        public void flush() throws IOException {
                            file.flush();
                        }
                    };
        }

        void startOfDataset() {
            datasetStart = count;
            digest.reset();
        }

        long fileBytes() {
            return count;
        }

        long datasetBytes() {
            return count - datasetStart;
        }

        String sha256() {
            return HexFormat.of().formatHex(digest.digest());
        }

        /** The stream, with everything that is read from it written here. */
        InputStream reading(InputStream in) {
            return new BlockInputStream() {

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int got = in.read(buffer, offset, length);
                    if (got > 0) {
                        out.write(buffer, offset, got);
                    }
                    return got;
                }
            };
        }
    }
}
