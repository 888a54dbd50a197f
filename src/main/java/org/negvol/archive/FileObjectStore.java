package org.negvol.archive;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files: written under {@code incoming}, named in {@code instances}, and then file and
 * folder are forced to the disk, for a name is only as durable as its folder.
 *
 * <p>The name comes first, and file and folder are forced at the same time, because journalling
 * file systems write the name together with the file's own metadata then: one wait for the disk and
 * not two. A loss of power in between leaves a name without all of its bytes, which was never
 * acknowledged; the hash in the name tells.
 */
final class FileObjectStore implements ObjectStore {

    private static final Logger LOG = System.getLogger(FileObjectStore.class.getName());
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path incoming;
    private final Path instances;
    private final boolean fsync;
    private final FileChannel lockFile;
    private final FolderForce folders = new FolderForce();
    private final AtomicLong uploads = new AtomicLong();

    /**
     * Opens the store and discards what earlier processes left half written. Several processes may
     * share a store: each has a folder of its own under {@code incoming}, locked while it lives.
     */
    FileObjectStore(Path root, boolean fsync) throws IOException {
        this.fsync = fsync;
        instances = root.resolve("instances");
        Files.createDirectories(instances);
        Path all = root.resolve("incoming");
        Files.createDirectories(all);
        discardLeftovers(all);
        incoming = all.resolve(UUID.randomUUID().toString());
        Files.createDirectory(incoming);
        lockFile =
                FileChannel.open(
                        incoming.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        lockFile.lock();
        if (fsync) {
            folders.force(root);
        }
    }

    private static void discardLeftovers(Path all) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(all)) {
            for (Path process : processes) {
                try (FileChannel lock =
                        FileChannel.open(
                                process.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE)) {
                    FileLock held = lock.tryLock();
                    if (held == null) {
                        continue;
                    }
                    deleteTree(process);
                } catch (OverlappingFileLockException usedByThisProcess) {
                    LOG.log(Level.DEBUG, "{0} is in use", process);
                }
            }
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    @Override
    public Upload begin() throws IOException {
        return new FileUpload(incoming.resolve(Long.toString(uploads.incrementAndGet())));
    }

    @Override
    public InputStream open(String key) throws IOException {
        return Files.newInputStream(path(key));
    }

    /** More would only wait for the processors that decode. */
    @Override
    public int concurrentReads() {
        return 2;
    }

    @Override
    public Instant publishedAt(String key) throws IOException {
        return Files.getLastModifiedTime(path(key)).toInstant();
    }

    @Override
    public void delete(String key) throws IOException {
        Path file = path(key);
        Files.deleteIfExists(file);
        deleteEmptyFolders(file.getParent());
    }

    /**
     * A store that forgets studies must not fill with their folders. Those of today stay: somebody
     * may be about to publish into one.
     */
    private void deleteEmptyFolders(@Nullable Path folder) throws IOException {
        Path today = instances.resolve(ObjectKey.prefix(LocalDate.now(ZoneOffset.UTC)));
        for (Path f = folder;
                f != null && !f.equals(instances) && !today.startsWith(f) && !f.startsWith(today);
                f = f.getParent()) {
            try {
                Files.deleteIfExists(f);
            } catch (DirectoryNotEmptyException stillUsed) {
                return;
            }
        }
    }

    @Override
    public void forEachKeySince(LocalDate day, Consumer<String> visitor) throws IOException {
        try (Stream<Path> days = Files.walk(instances, 3)) {
            for (Path folder :
                    days.filter(
                                    p ->
                                            ObjectKey.day(instances.relativize(p).toString())
                                                    .filter(d -> !d.isBefore(day))
                                                    .isPresent())
                            .toList()) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(Files::isRegularFile)
                            .map(p -> instances.relativize(p).toString())
                            .forEach(visitor);
                }
            }
        }
    }

    @Override
    public long usableBytes() throws IOException {
        // Files.getFileStore would read the table of mounts, for every instance.
        long usable = instances.toFile().getUsableSpace();
        if (usable == 0 && !Files.isDirectory(instances)) {
            throw new NoSuchFileException(instances.toString());
        }
        return usable;
    }

    @Override
    public void verifyReachable() throws IOException {
        usableBytes();
    }

    @Override
    public void force(String key) throws IOException {
        if (fsync) {
            Path path = path(key);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(false);
            }
            folders.force(Objects.requireNonNull(path.getParent(), "a key has folders"));
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
        deleteTree(incoming);
    }

    private Path path(String key) {
        Path path = instances.resolve(key).normalize();
        if (!path.startsWith(instances)) {
            throw new IllegalArgumentException("the key leaves the store");
        }
        return path;
    }

    private final class FileUpload implements Upload {

        private final Path temporary;
        private final FileChannel channel;
        private final FileSink out;

        /** Whether the file is still known by its first name, alone or among others. */
        private boolean temporaryNamed = true;

        FileUpload(Path temporary) throws IOException {
            this.temporary = temporary;
            channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            out = new FileSink(channel);
        }

        @Override
        public Sink out() {
            return out;
        }

        @Override
        public void publish(String key) throws IOException {
            try {
                out.finish();
                Path target = path(key);
                Path folder = Objects.requireNonNull(target.getParent(), "a key has folders");
                makeFolder(folder);
                if (!fsync) {
                    // One step less than a second name, which only a forced file needs.
                    rename(target);
                } else if (named(target)) {
                    FolderForce.Running name = folders.begin(folder);
                    channel.force(false);
                    name.await();
                } else {
                    // What is there may have been acknowledged: only what is as safe replaces it.
                    channel.force(false);
                    rename(target);
                    folders.force(folder);
                }
                channel.close();
            } catch (ObjectStoreException e) {
                throw e;
            } catch (IOException e) {
                throw new ObjectStoreException(e);
            }
        }

        private void rename(Path target) throws IOException {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            temporaryNamed = false;
        }

        /** Gives the file its name, unless another has it or the file system knows no links. */
        private boolean named(Path target) {
            try {
                Files.createLink(target, temporary);
                return true;
            } catch (IOException | UnsupportedOperationException e) {
                LOG.log(Level.DEBUG, "no link: {0}", e.getMessage());
                return false;
            }
        }

        /** Creates what is missing of the path, each new name forced to the disk. */
        private void makeFolder(@Nullable Path folder) throws IOException {
            if (folder == null || Files.isDirectory(folder)) {
                return;
            }
            makeFolder(folder.getParent());
            Files.createDirectories(folder);
            Path parent = folder.getParent();
            if (fsync && parent != null) {
                folders.force(parent);
            }
        }

        @Override
        public void close() {
            out.release();
            try {
                channel.close();
                if (temporaryNamed) {
                    Files.deleteIfExists(temporary);
                }
            } catch (IOException e) {
                LOG.log(
                        Level.WARNING,
                        "A discarded upload stays on the disk until the next start: "
                                + e.getMessage());
            }
        }
    }

    /** Gathers what is small; what is large goes by. */
    static final class FileSink extends Sink {

        private static final int BUFFERS_KEPT = 32;
        private static final Queue<ByteBuffer> FREE = new ArrayBlockingQueue<>(BUFFERS_KEPT);

        private final FileChannel channel;
        private @Nullable ByteBuffer gathered;

        FileSink(FileChannel channel) {
            this.channel = channel;
        }

        private ByteBuffer gathered() {
            ByteBuffer buffer = gathered;
            if (buffer == null) {
                buffer = FREE.poll();
                if (buffer == null) {
                    buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
                }
                gathered = buffer;
            }
            return buffer;
        }

        @Override
        public void write(int b) throws IOException {
            if (!gathered().hasRemaining()) {
                flush();
            }
            gathered().put((byte) b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            write(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            ByteBuffer buffer = gathered();
            if (length > buffer.remaining()) {
                flush();
            }
            if (length >= buffer.capacity()) {
                drain(bytes);
            } else {
                buffer.put(bytes);
            }
            return length;
        }

        @Override
        public void flush() throws IOException {
            ByteBuffer buffer = gathered();
            buffer.flip();
            drain(buffer);
            buffer.clear();
        }

        /** Writes what is left; nothing may be written after that. */
        void finish() throws IOException {
            flush();
            release();
        }

        void release() {
            ByteBuffer buffer = gathered;
            gathered = null;
            if (buffer != null) {
                FREE.offer(buffer.clear());
            }
        }

        private void drain(ByteBuffer bytes) throws IOException {
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                throw new ObjectStoreException(e);
            }
        }
    }
}
