package org.negvol.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Consumer;

/**
 * Where the bytes of instances live: {@link FileObjectStore files} or {@link S3ObjectStore S3}.
 * Keys are made by {@link ObjectKey} and contain nothing a peer could use to leave the store.
 */
interface ObjectStore extends AutoCloseable {

    /** Begins an object that nobody sees until it is published. */
    Upload begin() throws IOException;

    /**
     * Opens an object for reading.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    InputStream open(String key) throws IOException;

    /** How many objects are best read at the same time by one who wants many. */
    int concurrentReads();

    /**
     * When an object was published.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    Instant publishedAt(String key) throws IOException;

    /** Removes an object; no error if there is none. */
    void delete(String key) throws IOException;

    /** Visits the keys of all objects published on or after a day (UTC). */
    void forEachKeySince(LocalDate day, Consumer<String> visitor) throws IOException;

    /** Makes sure that an object is durable, as its publication may not have done in time. */
    void force(String key) throws IOException;

    /** Bytes that can still be written on this machine. */
    long usableBytes() throws IOException;

    /**
     * Asks the store whether it could be written to.
     *
     * @throws IOException if not, with the reason
     */
    void verifyReachable() throws IOException;

    @Override
    void close() throws IOException;

    /** An object on its way. Closing it unpublished discards what was written. */
    interface Upload extends AutoCloseable {

        /**
         * Takes the bytes. What it throws is always the store's fault, as an {@link
         * ObjectStoreException}.
         */
        Sink out();

        /**
         * Makes the object visible under a key, whole and durable when this returns; an object of
         * that key is replaced.
         */
        void publish(String key) throws IOException;

        @Override
        void close();
    }

    /** Takes bytes in either form; those of a direct buffer are not copied on their way. */
    abstract class Sink extends OutputStream implements WritableByteChannel {

        @Override
        public boolean isOpen() {
            return true;
        }

        /** Does nothing: the upload is published or closed. */
        @Override
        public void close() {}
    }

    /** Writing failed: the disk is full, gone or read-only. */
    final class ObjectStoreException extends IOException {
        private static final long serialVersionUID = 1L;

        ObjectStoreException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
