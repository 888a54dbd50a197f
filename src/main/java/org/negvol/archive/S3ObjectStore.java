package org.negvol.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.negvol.config.NegvolConfig;
import org.negvol.dicom.BlockInputStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of an S3 service, which all processes of a site share.
 *
 * <p>An object's name is known only when all of it has come, since its hash is part of the name. So
 * it is gathered in a file of this machine and sent when it is whole. The service compares the
 * bytes with the MD5 that goes with them before it says that it has them; the same MD5 is kept with
 * the object and compared by whoever reads it to its end.
 */
final class S3ObjectStore implements ObjectStore {

    /** As many as associations are taken unless told otherwise, and some for readers. */
    private static final int CONNECTIONS = 100;

    /** To ask anew costs less than to let so many bytes come. */
    private static final long FAR_BYTES = 4 << 20;

    private static final String CONTENT_TYPE = "application/dicom";
    private static final String MD5 = "content-md5";

    private final S3Client client;
    private final String bucket;
    private final String base;
    private final Optional<String> encryption;
    private final Path gathering;

    private S3ObjectStore(
            S3Client client,
            String bucket,
            String prefix,
            Optional<String> encryption,
            Path gathering)
            throws IOException {
        this.client = client;
        this.bucket = bucket;
        base = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        this.encryption = encryption;
        this.gathering = Files.createDirectories(gathering);
    }

    /**
     * A store that nothing has been asked of yet.
     *
     * @param gathering folder for what is on its way
     * @throws IOException if the folder cannot be made
     */
    static S3ObjectStore of(NegvolConfig.Archive.S3 s3, Path gathering) throws IOException {
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClientBuilder(ApacheHttpClient.builder().maxConnections(CONNECTIONS))
                        .region(Region.of(s3.region()))
                        .forcePathStyle(s3.pathStyle())
                        // Services other than Amazon's do not all know the newer checksums.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        s3.endpoint().ifPresent(builder::endpointOverride);
        if (s3.accessKey().isPresent()) {
            builder.credentialsProvider(
                    StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(
                                    s3.accessKey().get(), s3.secretKey().orElseThrow())));
        }
        return new S3ObjectStore(
                builder.build(),
                s3.bucket().orElseThrow(),
                s3.prefix(),
                s3.encryption(),
                gathering);
    }

    @Override
    public Upload begin() throws IOException {
        return new S3Upload();
    }

    @Override
    public InputStream open(String key) throws IOException {
        return new Verified(key);
    }

    private ResponseInputStream<GetObjectResponse> get(String key, long from) throws IOException {
        try {
            return client.getObject(
                    r -> {
                        r.bucket(bucket).key(base + key);
                        if (from > 0) {
                            r.range("bytes=%d-".formatted(from));
                        }
                    });
        } catch (SdkException e) {
            throw problem("read", key, e);
        }
    }

    /** An answer begins after some ten milliseconds, in which a processor decodes ten slices. */
    @Override
    public int concurrentReads() {
        return 16;
    }

    @Override
    public Instant publishedAt(String key) throws IOException {
        try {
            return client.headObject(r -> r.bucket(bucket).key(base + key)).lastModified();
        } catch (SdkException e) {
            throw problem("find", key, e);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        try {
            client.deleteObject(r -> r.bucket(bucket).key(base + key));
        } catch (SdkException e) {
            throw problem("delete", key, e);
        }
    }

    @Override
    public void forEachKeySince(LocalDate day, Consumer<String> visitor) throws IOException {
        try {
            client
                    .listObjectsV2Paginator(
                            r ->
                                    r.bucket(bucket)
                                            .prefix(base)
                                            // Names come in order, and a day is less than its
                                            // objects.
                                            .startAfter(base + ObjectKey.prefix(day)))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .map(k -> k.substring(base.length()))
                    .filter(k -> ObjectKey.arrivalDay(k).isPresent())
                    .forEach(visitor);
        } catch (SdkException e) {
            throw problem("list", "", e);
        }
    }

    /** Nothing is to be done: what the service has confirmed is durable. */
    @Override
    public void force(String key) {}

    @Override
    public long usableBytes() {
        return gathering.toFile().getUsableSpace();
    }

    @Override
    public void verifyReachable() throws IOException {
        try {
            client.headBucket(r -> r.bucket(bucket));
        } catch (SdkException e) {
            throw new IOException(
                    "The bucket %s of the object store (negvol.archive.s3) does not answer: %s"
                            .formatted(bucket, reason(e)),
                    e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private IOException problem(String verb, String key, SdkException e) {
        if (e instanceof NoSuchKeyException) {
            NoSuchFileException none = new NoSuchFileException(key);
            none.initCause(e);
            return none;
        }
        return new IOException(
                "The object store could not %s %s in bucket %s: %s"
                        .formatted(verb, base + key, bucket, reason(e)),
                e);
    }

    /** What the service said, or why there was no answer. */
    private static String reason(SdkException e) {
        if (e instanceof S3Exception s3 && s3.awsErrorDetails() != null) {
            String message = s3.awsErrorDetails().errorMessage();
            return "HTTP %d %s"
                    .formatted(
                            s3.statusCode(),
                            message == null || message.isBlank()
                                    ? s3.awsErrorDetails().errorCode()
                                    : message);
        }
        return String.valueOf(e.getMessage());
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /** Its name goes at once, so its space comes back whatever becomes of this process. */
    private FileChannel gatheringFile() throws IOException {
        return FileChannel.open(
                gathering.resolve(UUID.randomUUID().toString()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private final class S3Upload implements Upload {

        private final FileChannel file = gatheringFile();
        private final MessageDigest md5 = md5();
        private final FileObjectStore.FileSink bytes = new FileObjectStore.FileSink(file);
        private final Sink out = new Hashing();

        S3Upload() throws IOException {}

        @Override
        public Sink out() {
            return out;
        }

        @Override
        public void publish(String key) throws IOException {
            bytes.finish();
            long length = file.size();
            String hash = Base64.getEncoder().encodeToString(md5.digest());
            try {
                client.putObject(
                        r -> {
                            r.bucket(bucket)
                                    .key(base + key)
                                    .contentLength(length)
                                    .contentType(CONTENT_TYPE)
                                    .contentMD5(hash)
                                    .metadata(Map.of(MD5, hash));
                            encryption.ifPresent(r::serverSideEncryption);
                        },
                        // Asked for once more when a try has failed.
                        RequestBody.fromContentProvider(this::content, length, CONTENT_TYPE));
            } catch (SdkException e) {
                throw new ObjectStoreException(problem("write", key, e));
            }
        }

        private InputStream content() {
            try {
                file.position(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new FilterInputStream(Channels.newInputStream(file)) {
                @Override
                public void close() {
                    // The file is needed until the service has confirmed.
                }
            };
        }

        @Override
        public void close() {
            bytes.release();
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private final class Hashing extends Sink {

            @Override
            public void write(int b) throws IOException {
                md5.update((byte) b);
                bytes.write(b);
            }

            @Override
            public void write(byte[] b, int offset, int length) throws IOException {
                md5.update(b, offset, length);
                bytes.write(b, offset, length);
            }

            @Override
            public int write(ByteBuffer b) throws IOException {
                md5.update(b.duplicate());
                return bytes.write(b);
            }

            @Override
            public void flush() throws IOException {
                bytes.flush();
            }
        }
    }

    /**
     * An object on its way here, compared with its MD5 at its end unless a large part was left out.
     */
    private final class Verified extends BlockInputStream {

        private final String key;
        private final long length;
        private final MessageDigest md5 = md5();
        private ResponseInputStream<GetObjectResponse> object;
        private @Nullable String expected;
        private long position;
        private boolean ended;

        Verified(String key) throws IOException {
            this.key = key;
            object = get(key, 0);
            length = object.response().contentLength();
            expected = object.response().metadata().get(MD5);
        }

        /** One frame of a long object is asked for without those before it. */
        @Override
        public long skip(long n) throws IOException {
            if (n < FAR_BYTES || n >= length - position) {
                return super.skip(n);
            }
            close();
            expected = null;
            position += n;
            object = get(key, position);
            return n;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = object.read(buffer, offset, length);
            if (got > 0) {
                position += got;
                md5.update(buffer, offset, got);
            } else if (got < 0 && !ended) {
                ended = true;
                String found = Base64.getEncoder().encodeToString(md5.digest());
                if (expected != null && !expected.equals(found)) {
                    throw new IOException(
                            ("The object %s is damaged: its MD5 is not the one it was stored with."
                                            + " Restore it, or let the study be sent again.")
                                    .formatted(key));
                }
            }
            return got;
        }

        @Override
        public void close() {
            if (!ended) {
                // Who reads a header need not wait for the pixels.
                object.abort();
            }
            try {
                object.close();
            } catch (IOException aborted) {
                // That was asked for.
            }
        }
    }
}
