package org.negvol.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published is whole, what is not leaves nothing. */
class FileObjectStoreTest {

    private static final String KEY = "2026/01/02/1.2/1.2.3/1.2.3.4-0123456789abcdef.dcm";

    @TempDir Path folder;

    @Test
    void objectsOfAllLengthsComeBackAsTheyWereWritten() throws IOException {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        try (FileObjectStore store = new FileObjectStore(folder, true)) {
            for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 200_000}) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                try (ObjectStore.Upload upload = store.begin()) {
                    int at = 0;
                    while (at < length) {
                        int part = Math.min(length - at, random.nextInt(1, 100_000));
                        switch (random.nextInt(3)) {
                            case 0 -> upload.out().write(bytes, at, part);
                            case 1 -> upload.out().write(ByteBuffer.wrap(bytes, at, part));
                            default -> {
                                part = 1;
                                upload.out().write(bytes[at]);
                            }
                        }
                        at += part;
                    }
                    upload.publish(KEY);
                }
                assertThat(read(store, KEY))
                        .as("length %d, seed %d", length, seed)
                        .isEqualTo(bytes);
                assertThat(temporaryFiles()).isEmpty();
            }
        }
    }

    @Test
    void theSameNameAgainIsReplaced() throws IOException {
        try (FileObjectStore store = new FileObjectStore(folder, true)) {
            // The second stands for what power loss has torn and a sender sends again.
            for (String content : List.of("half of", "half of it is there")) {
                try (ObjectStore.Upload upload = store.begin()) {
                    upload.out().write(content.getBytes(StandardCharsets.UTF_8));
                    upload.publish(KEY);
                }
            }
            assertThat(read(store, KEY)).asString().isEqualTo("half of it is there");
            assertThat(temporaryFiles()).isEmpty();
        }
    }

    @Test
    void whatIsNotPublishedLeavesNothing() throws IOException {
        try (FileObjectStore store = new FileObjectStore(folder, true)) {
            try (ObjectStore.Upload upload = store.begin()) {
                upload.out().write(new byte[100_000]);
            }
            assertThat(temporaryFiles()).isEmpty();
            assertThatThrownBy(() -> store.open(KEY)).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void manyAtATimeInOneFolderAreAllThere() throws Exception {
        try (FileObjectStore store = new FileObjectStore(folder, true);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> keys = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String key = KEY.replace("1.2.3.4", "1.2.3.4." + i);
                keys.add(
                        threads.submit(
                                () -> {
                                    try (ObjectStore.Upload upload = store.begin()) {
                                        upload.out().write(key.getBytes(StandardCharsets.UTF_8));
                                        upload.publish(key);
                                    }
                                    return key;
                                }));
            }
            for (Future<String> key : keys) {
                assertThat(read(store, key.get())).asString().isEqualTo(key.get());
            }
            assertThat(temporaryFiles()).isEmpty();
        }
    }

    private static byte[] read(FileObjectStore store, String key) throws IOException {
        try (InputStream in = store.open(key)) {
            return in.readAllBytes();
        }
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("incoming"))) {
            return files.filter(Files::isRegularFile).filter(f -> !f.endsWith("lock")).toList();
        }
    }
}
