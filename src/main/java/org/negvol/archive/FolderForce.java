package org.negvol.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Forces names in folders to the disk. Those who ask for the same folder while it is being forced
 * share the next time.
 */
final class FolderForce {

    /** Folders in use at a time: one for each series that is being received. */
    private static final int MOST_FOLDERS = 256;

    private final Map<Path, Turn> turns =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Path, Turn> eldest) {
                    return size() > MOST_FOLDERS;
                }
            };

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock();

        /** Number of times that have begun. */
        private volatile long begun;

        /** The last one that succeeded, counted as they began. */
        private long done;
    }

    /** Returns when all names that the folder has had before are on the disk. */
    void force(Path folder) throws IOException {
        Turn turn;
        synchronized (turns) {
            turn = turns.computeIfAbsent(folder, f -> new Turn());
        }
        long before = turn.begun;
        turn.lock.lock();
        try {
            if (turn.done > before) {
                // Another has begun it after our name was there.
                return;
            }
            long now = begin(turn);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
            turn.done = now;
        } finally {
            turn.lock.unlock();
        }
    }

    /** Begins to {@link #force} beside the caller, who may force the file meanwhile. */
    Running begin(Path folder) {
        FutureTask<@Nullable Void> task =
                new FutureTask<>(
                        () -> {
                            force(folder);
                            return null;
                        });
        Thread.ofVirtual().name("force-folder").start(task);
        return new Running(task);
    }

    /** A folder that is being forced. */
    record Running(FutureTask<@Nullable Void> task) {

        void await() throws IOException {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the disk was waited for", e);
            }
        }
    }

    /** Only with the lock. */
    private static long begin(Turn turn) {
        long now = turn.begun + 1;
        turn.begun = now;
        return now;
    }
}
