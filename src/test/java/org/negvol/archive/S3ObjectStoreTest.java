package org.negvol.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.domain.Blob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.S3Server;
import org.negvol.config.NegvolConfig;
import org.negvol.config.Settings;

/** The store over a real S3 server: what is published is whole, what is damaged is told. */
class S3ObjectStoreTest {

    private static final String KEY = "2026/01/02/1.2/1.2.3/1.2.3.4-0123456789abcdef.dcm";

    private static S3Server server;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws Exception {
        server = new S3Server();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private ObjectStore store(Map<String, String> changes) throws IOException {
        Map<String, String> configuration = new HashMap<>(server.configuration());
        configuration.putAll(changes);
        Settings settings =
                new Settings(
                        new SmallRyeConfigBuilder()
                                .addDiscoveredConverters()
                                .withMapping(NegvolConfig.class)
                                .withDefaultValues(configuration)
                                .build()
                                .getConfigMapping(NegvolConfig.class));
        return S3ObjectStore.of(settings.archive().s3(), folder);
    }

    @Test
    void objectsOfAllLengthsComeBackAsTheyWereWritten() throws IOException {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        try (ObjectStore store = store(Map.of())) {
            for (int length : new int[] {0, 1, 65_536, 200_000, 5_000_001}) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                try (ObjectStore.Upload upload = store.begin()) {
                    int half = length / 2;
                    upload.out().write(bytes, 0, half);
                    upload.out().write(ByteBuffer.wrap(bytes, half, length - half));
                    upload.publish(KEY);
                }
                assertThat(read(store, KEY))
                        .as("length %d, seed %d", length, seed)
                        .isEqualTo(bytes);
                assertThat(gathered()).isEmpty();
            }
        }
    }

    @Test
    void whatIsNotPublishedLeavesNothing() throws IOException {
        try (ObjectStore store = store(Map.of("negvol.archive.s3.prefix", "left"))) {
            try (ObjectStore.Upload upload = store.begin()) {
                upload.out().write(new byte[100_000]);
            }
            assertThat(gathered()).isEmpty();
            assertThatThrownBy(() -> store.open(KEY)).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void theStartOfAnObjectCanBeReadWithoutItsEnd() throws IOException {
        try (ObjectStore store = store(Map.of())) {
            publish(store, KEY, new byte[3_000_000]);
            for (int i = 0; i < 200; i++) {
                try (InputStream in = store.open(KEY)) {
                    assertThat(in.readNBytes(100)).hasSize(100);
                }
            }
        }
    }

    @Test
    void whatLiesFarBehindTheStartIsReadWithoutWhatLiesBetween() throws IOException {
        byte[] bytes = new byte[12_000_000];
        new SplittableRandom(5).nextBytes(bytes);
        try (ObjectStore store = store(Map.of())) {
            publish(store, KEY, bytes);
            try (InputStream in = store.open(KEY)) {
                in.readNBytes(1000);
                in.skipNBytes(9_000_000);
                assertThat(in.readNBytes(500_000))
                        .isEqualTo(Arrays.copyOfRange(bytes, 9_001_000, 9_501_000));
                in.skipNBytes(1000);
                assertThat(in.readAllBytes())
                        .isEqualTo(Arrays.copyOfRange(bytes, 9_502_000, bytes.length));
            }
            try (InputStream in = store.open(KEY)) {
                assertThatThrownBy(() -> in.skipNBytes(bytes.length + 1L))
                        .isInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void aDamagedObjectIsNotReadToItsEnd() throws IOException {
        try (ObjectStore store = store(Map.of())) {
            publish(store, KEY, "as it was sent".getBytes(StandardCharsets.UTF_8));
            BlobStore objects = server.objects();
            Blob blob = objects.getBlob(S3Server.BUCKET, "negvol/" + KEY);
            Map<String, String> metadata = blob.getMetadata().getUserMetadata();
            objects.putBlob(
                    S3Server.BUCKET,
                    objects.blobBuilder("negvol/" + KEY)
                            .userMetadata(metadata)
                            .payload("as it was bent")
                            .build());
            assertThatThrownBy(() -> read(store, KEY))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(KEY)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void keysSinceADayAreThoseOfThatDayAndLater() throws IOException {
        try (ObjectStore store = store(Map.of("negvol.archive.s3.prefix", "days/"))) {
            List<String> keys = new ArrayList<>();
            for (String day : List.of("2025/12/31", "2026/01/01", "2026/01/02", "2026/10/01")) {
                String key = KEY.replace("2026/01/02", day);
                publish(store, key, new byte[] {1});
                keys.add(key);
            }
            server.objects()
                    .putBlob(
                            S3Server.BUCKET,
                            server.objects().blobBuilder("days/notes.txt").payload("no").build());
            assertThat(since(store, LocalDate.EPOCH)).isEqualTo(keys);
            assertThat(since(store, LocalDate.of(2026, 1, 1))).isEqualTo(keys.subList(1, 4));
            assertThat(since(store, LocalDate.of(2026, 1, 3))).isEqualTo(keys.subList(3, 4));
            store.delete(keys.get(1));
            store.delete(keys.get(1));
            assertThat(since(store, LocalDate.of(2026, 1, 1))).isEqualTo(keys.subList(2, 4));
        }
    }

    @Test
    void aStoreThatTakesNothingSaysWhy() throws IOException {
        try (ObjectStore store = store(Map.of())) {
            store.verifyReachable();
        }
        try (ObjectStore store = store(Map.of("negvol.archive.s3.bucket", "missing"))) {
            assertThatThrownBy(store::verifyReachable)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("missing")
                    .hasMessageContaining("404");
            assertThatThrownBy(() -> publish(store, KEY, new byte[1]))
                    .isInstanceOf(ObjectStore.ObjectStoreException.class)
                    .hasMessageContaining("bucket missing");
        }
        try (ObjectStore store = store(Map.of("negvol.archive.s3.secret-key", "another"))) {
            assertThatThrownBy(() -> publish(store, KEY, new byte[1]))
                    .isInstanceOf(ObjectStore.ObjectStoreException.class)
                    .hasMessageContaining("403");
        }
        try (ObjectStore store =
                store(Map.of("negvol.archive.s3.endpoint", "http://127.0.0.1:1"))) {
            assertThatThrownBy(store::verifyReachable)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Connect");
        }
    }

    private static void publish(ObjectStore store, String key, byte[] bytes) throws IOException {
        try (ObjectStore.Upload upload = store.begin()) {
            upload.out().write(bytes);
            upload.publish(key);
        }
    }

    private static byte[] read(ObjectStore store, String key) throws IOException {
        try (InputStream in = store.open(key)) {
            return in.readAllBytes();
        }
    }

    private static List<String> since(ObjectStore store, LocalDate day) throws IOException {
        List<String> keys = new ArrayList<>();
        store.forEachKeySince(day, keys::add);
        return keys;
    }

    private List<Path> gathered() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
