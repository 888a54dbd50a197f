package org.negvol.workflow;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Work of one kind that waits in a table of the database and is done by the workers of all
 * processes, each piece by one of them: db-scheduler with its heartbeats. A piece whose worker died
 * is done again.
 */
final class TaskQueue {

    private static final Logger LOG = Logger.getLogger(TaskQueue.class);

    /** How soon another process' rows are seen; those of this one are seen at once. */
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Six missed ones are death: 30 s, longer than any pause of a living process. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final int MISSED_HEARTBEATS = 6;

    /** When the work could not even say when to go on, as with the database down. */
    private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

    /** Does one piece. */
    @FunctionalInterface
    interface Work {

        /**
         * @param id what was submitted
         * @return when to do it again; null if it is done
         */
        @Nullable Instant run(String id);
    }

    private final DataSource database;
    private final String table;
    private final CustomTask<Void> task;
    private final Scheduler scheduler;
    private final Map<String, Thread> running = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /**
     * @param table the table of the kind
     * @param name what the kind is called in it
     * @param threads how many pieces this process does at once
     * @param drain how long it may go on when stopped
     */
    TaskQueue(
            DataSource database,
            String table,
            String name,
            int threads,
            Duration drain,
            Work work) {
        this.database = database;
        this.table = table;
        task =
                Tasks.custom(name, Void.class)
                        .onFailure(
                                (complete, operations) -> {
                                    LOG.errorf(
                                            complete.getCause().orElse(null),
                                            "%s %s met an error and is tried again",
                                            name,
                                            complete.getExecution().getId());
                                    operations.reschedule(
                                            complete, Instant.now().plus(AFTER_ERROR));
                                })
                        .onDeadExecutionRevive()
                        .execute(
                                (instance, context) -> {
                                    Instant again = run(instance.getId(), work);
                                    return (complete, operations) -> {
                                        if (again == null) {
                                            operations.remove();
                                        } else {
                                            operations.reschedule(complete, again);
                                        }
                                    };
                                });
        scheduler =
                Scheduler.create(database, task)
                        .tableName(table)
                        .threads(threads)
                        .pollingInterval(POLL)
                        .pollUsingLockAndFetch(0.5, 1.0)
                        .heartbeatInterval(HEARTBEAT)
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .shutdownMaxWait(drain)
                        .failureLogging(LogLevel.OFF, false)
                        .build();
    }

    private @Nullable Instant run(String id, Work work) {
        running.put(id, Thread.currentThread());
        try {
            return work.run(id);
        } finally {
            running.remove(id);
            // An interruption was meant for the work and not for what the scheduler does next.
            boolean meant = Thread.interrupted();
            if (meant) {
                LOG.debugf("%s was interrupted", id);
            }
        }
    }

    /**
     * Begins to work.
     *
     * @param alone whether no other process can have work of this database: what is marked as being
     *     done was left by a process that died, and need not wait for its heartbeats to be missed
     */
    void start(boolean alone) throws SQLException {
        if (alone) {
            try (Connection connection = database.getConnection();
                    PreparedStatement free =
                            connection.prepareStatement(
                                    "update "
                                            + table
                                            + " set picked = false, picked_by = null,"
                                            + " last_heartbeat = null, version = version + 1"
                                            + " where picked")) {
                int left = free.executeUpdate();
                if (left > 0) {
                    LOG.infof("%d pieces of work that a crash interrupted begin again", left);
                }
            }
        }
        scheduler.start();
    }

    /** Submits a piece as part of the caller's transaction. */
    void submit(String id) {
        scheduler.schedule(task.instance(id), Instant.now());
    }

    /** Submits a piece, or has one that waits for its time done at once. */
    void hurry(String id) {
        hurry(id, Instant.now());
    }

    /** Submits a piece, or has one that waits for its time done at another. */
    void hurry(String id, Instant when) {
        if (!scheduler.scheduleIfNotExists(task.instance(id), when)) {
            try {
                scheduler.reschedule(task.instanceId(id), when);
            } catch (TaskInstanceCurrentlyExecutingException | TaskInstanceNotFoundException e) {
                LOG.debugf("%s is being done or has just been done", id);
            }
        }
        wake();
    }

    /** Looks for work at once, as after a commit. */
    void wake() {
        if (isRunning()) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    /** Interrupts the work on a piece, if this process is at it. */
    void interrupt(String id) {
        Thread worker = running.get(id);
        if (worker != null) {
            worker.interrupt();
        }
    }

    /** Takes no new work. */
    void pause() {
        stopping = true;
        scheduler.pause();
    }

    /** Whether the process is going to stop. */
    boolean isStopping() {
        return stopping;
    }

    /** Interrupts all work of this process. */
    void interruptAll() {
        running.values().forEach(Thread::interrupt);
    }

    /** Stops when all work of this process has ended. */
    void stop() {
        stopping = true;
        scheduler.stop();
    }

    /** Whether it looks for work. */
    boolean isRunning() {
        return scheduler.getSchedulerState().isStarted() && !stopping;
    }
}
