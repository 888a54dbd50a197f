package org.negvol.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Forces names in folders to the disk, each folder on a thread of its own. Those who ask for a
 * folder while it is being forced share the next time.
 */
final class FolderForce {

    /** No virtual threads: a forced write holds the thread that carries one. */
    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("force-folder-", 0).factory());

    /** Asked for, and not begun. */
    private final Map<Path, CompletableFuture<@Nullable Void>> waiting = new HashMap<>();

    /** Those that have a thread. */
    private final Set<Path> atWork = new HashSet<>();

    /** Returns when all names that the folder has had before are on the disk. */
    void force(Path folder) throws IOException {
        begin(folder).await();
    }

    /** Begins to {@link #force} beside the caller, who may force the file meanwhile. */
    synchronized Running begin(Path folder) {
        Running running =
                new Running(waiting.computeIfAbsent(folder, f -> new CompletableFuture<>()));
        if (atWork.add(folder)) {
            try {
                THREADS.execute(() -> run(folder));
            } catch (RuntimeException | Error e) {
                atWork.remove(folder);
                waiting.remove(folder);
                throw e;
            }
        }
        return running;
    }

    private void run(Path folder) {
        CompletableFuture<@Nullable Void> asked;
        while ((asked = next(folder)) != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
                asked.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                asked.completeExceptionally(e);
            }
        }
    }

    private synchronized @Nullable CompletableFuture<@Nullable Void> next(Path folder) {
        CompletableFuture<@Nullable Void> asked = waiting.remove(folder);
        if (asked == null) {
            atWork.remove(folder);
        }
        return asked;
    }

    /** A folder that is being forced. */
    record Running(CompletableFuture<@Nullable Void> done) {

        void await() throws IOException {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the disk was waited for", e);
            }
        }
    }
}
