package org.negvol.archive;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.hibernate.StatelessSession;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.DataException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.Settings;

/**
 * Writes instances into the index. What arrives while a transaction is being committed goes into
 * the next one together, so that many associations share one wait for the disk.
 *
 * <p>An instance of a series that is known here needs nobody to wait for its row: its file is safe
 * and tells all that the row will. It is {@linkplain Submission#promised promised}: the row follows
 * within {@link #COMPANY}, is tried until it is written should the database fail meanwhile, and is
 * made from the file at the next start should this process end before ({@link Reconciliation}). Who
 * reads the index waits for what was promised ({@link #awaitPromised}).
 */
@Startup
@ApplicationScoped
class IndexWriter {

    private static final Logger LOG = Logger.getLogger(IndexWriter.class);
    private static final int MOST_TOGETHER = 256;

    /** So long a promised instance waits for others to share a transaction with. */
    private static final Duration COMPANY = Duration.ofMillis(30);

    /** With more on their way to the database senders wait for it. */
    private static final int MOST_PROMISED = 768;

    private static final int MOST_QUEUED = 1024;

    /** After the database has failed promises wait so long before they are tried again. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Mark of a transaction that has waited for the writer. */
    private static final Object HAS_WAITED = new Object();

    private static final Duration READER_PATIENCE = Duration.ofSeconds(30);

    /** Another process may insert the same study or series at the same moment. */
    private static final int TRIES = 3;

    /** Series that came lately; one that is not here is looked up. */
    private static final int MOST_SERIES_KNOWN = 1000;

    /**
     * New instances and the counts of their series, committed, in one round trip; returns the UIDs
     * of those that were new. The last column says whether the commit waits for the disk: where the
     * bytes do not, the row need not either.
     */
    private static final String INSERT_NEW =
            """
            with new as (
                insert into instance (id, series_id, sop_instance_uid, sop_class_uid,
                    transfer_syntax_uid, instance_number, object_key, size_bytes, content_sha256,
                    received_at, received_from, header)
                select nextval('instance_seq'), t.series_id, t.sop_instance_uid, t.sop_class_uid,
                    t.transfer_syntax_uid, t.instance_number, t.object_key, t.size_bytes,
                    t.content_sha256, t.received_at, t.received_from, t.header
                from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::text[],
                    ?::bigint[], ?::text[], ?::timestamptz[], ?::text[], ?::bytea[])
                    as t (series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid,
                        instance_number, object_key, size_bytes, content_sha256, received_at,
                        received_from, header)
                on conflict (sop_instance_uid) do nothing
                returning series_id, sop_instance_uid
            ), counts as (
                select series_id, count(*)::integer as added from new group by series_id
            ), counted as (
                update series set instances = instances + counts.added, last_received_at = now()
                from counts where series.id = counts.series_id
            )
            select (select array_agg(sop_instance_uid) from new),
                set_config('synchronous_commit', ?, true)
            """;

    private final StatelessSession session;
    private final DataSource database;
    private final Settings settings;
    private final TransactionSynchronizationRegistry transactions;

    private final Map<SeriesKey, Long> seriesIds =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<SeriesKey, Long> eldest) {
                            return size() > MOST_SERIES_KNOWN;
                        }
                    });

    private final BlockingQueue<Queued> queue = new ArrayBlockingQueue<>(MOST_QUEUED);
    private final AtomicInteger promised = new AtomicInteger();

    /** How many on their way through the queue somebody waits for. */
    private final AtomicInteger awaited = new AtomicInteger();

    private volatile boolean stopping;

    /** Whether the last try failed: then nothing is promised. */
    private volatile boolean troubled;

    private @Nullable Thread thread;

    /** Held while instances come one after the other; only the writer's thread uses it. */
    private @Nullable Inserter inserter;

    IndexWriter(
            StatelessSession session,
            DataSource database,
            Settings settings,
            TransactionSynchronizationRegistry transactions) {
        this.session = session;
        this.database = database;
        this.settings = settings;
        this.transactions = transactions;
    }

    @PostConstruct
    void start() {
        thread = Thread.ofPlatform().name("index-writer").daemon().start(this::run);
    }

    /** Late: those who receive have stopped before. */
    void stop(@Observes @Priority(3000) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        Thread running = thread;
        if (running != null) {
            running.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    /**
     * Queues an instance whose file is safe. The outcome of a failed commit is not known: the row
     * may be there.
     *
     * @param mayPromise whether the caller can do with a promise
     */
    Submission submit(InstanceDescription instance, boolean mayPromise) {
        Long seriesId = mayPromise && !troubled ? seriesIds.get(SeriesKey.of(instance)) : null;
        boolean promise = seriesId != null && promised.incrementAndGet() <= MOST_PROMISED;
        if (seriesId != null && !promise) {
            promised.decrementAndGet();
        }
        Pending pending = new Pending(instance, promise, new CompletableFuture<>());
        if (stopping || !offerNow(pending)) {
            pending.done.completeExceptionally(
                    new IllegalStateException("the index takes no more instances"));
            if (promise) {
                promised.decrementAndGet();
            }
            return new Submission(pending.done, null);
        }
        return new Submission(pending.done, promise ? seriesId : null);
    }

    /**
     * Returns when the rows of all instances are written that were promised before. In a
     * transaction only the first call waits: a later one could hold what the writer needs.
     *
     * @throws IllegalStateException if the database does not take them
     */
    void awaitPromised() {
        if (hasWaitedInTransaction() || promised.get() == 0) {
            return;
        }
        Reader reader = new Reader(new CompletableFuture<>());
        try {
            if (offer(reader, READER_PATIENCE)) {
                reader.done.get(READER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
        } catch (ExecutionException | TimeoutException e) {
            throw behind(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw behind(e);
        }
        throw behind(null);
    }

    private boolean offerNow(Pending pending) {
        try {
            return offer(pending, Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Queues, and wakes the writer where somebody waits or there is company enough. */
    private boolean offer(Queued next, Duration patience) throws InterruptedException {
        int waiting = next.isAwaited() ? 1 : 0;
        boolean queued = false;
        awaited.addAndGet(waiting);
        try {
            queued = queue.offer(next, patience.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!queued) {
                awaited.addAndGet(-waiting);
            }
        }
        if (waiting > 0 || queue.size() >= MOST_TOGETHER) {
            LockSupport.unpark(thread);
        }
        return queued;
    }

    private boolean hasWaitedInTransaction() {
        if (transactions.getTransactionKey() == null) {
            return false;
        }
        boolean hasWaited = transactions.getResource(HAS_WAITED) != null;
        transactions.putResource(HAS_WAITED, true);
        return hasWaited;
    }

    private static IllegalStateException behind(@Nullable Exception cause) {
        return new IllegalStateException("the database does not take what was received", cause);
    }

    private void run() {
        List<Pending> batch = new ArrayList<>();
        List<Reader> readers = new ArrayList<>();
        while (!stopping || !queue.isEmpty()) {
            try {
                gather(batch, readers);
                if (batch.isEmpty()) {
                    dropInserter();
                } else {
                    write(batch);
                    finish(batch);
                }
                for (Reader reader : readers) {
                    if (batch.isEmpty()) {
                        reader.done.complete(null);
                    } else {
                        reader.done.completeExceptionally(behind(null));
                    }
                }
                readers.clear();
                if (!batch.isEmpty() && !stopping) {
                    Thread.sleep(RETRY);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("The index writer met an error and goes on", e);
                batch.forEach(p -> p.fail(e));
                finish(batch);
            }
        }
        dropInserter();
    }

    /** Waits for instances, and with those that nobody waits for a little longer for more. */
    private void gather(List<Pending> batch, List<Reader> readers) throws InterruptedException {
        int most = batch.size() + MOST_TOGETHER;
        Queued next = batch.isEmpty() ? queue.poll(100, TimeUnit.MILLISECONDS) : queue.poll();
        if (next != null) {
            awaitCompany();
        }
        for (; next != null; next = batch.size() < most ? queue.poll() : null) {
            if (next.isAwaited()) {
                awaited.decrementAndGet();
            }
            switch (next) {
                case Pending pending -> batch.add(pending);
                case Reader reader -> readers.add(reader);
            }
        }
    }

    /** Not in the queue, which would wake the writer for every instance. */
    private void awaitCompany() {
        long end = System.nanoTime() + COMPANY.toNanos();
        long left = COMPANY.toNanos();
        while (left > 0 && awaited.get() == 0 && queue.size() < MOST_TOGETHER && !stopping) {
            LockSupport.parkNanos(this, left);
            left = end - System.nanoTime();
        }
    }

    /** Keeps what was promised and could not be written. */
    private void finish(List<Pending> batch) {
        long owed = batch.stream().filter(p -> p.promise).count();
        batch.removeIf(p -> p.done.isDone());
        promised.addAndGet((int) (batch.size() - owed));
        boolean failed = !batch.isEmpty();
        if (failed && !troubled) {
            LOG.warnf(
                    "%d instances are safe and not in the index yet, since the database does not"
                            + " take them; it is tried again",
                    batch.size());
        }
        troubled = failed;
    }

    private void write(List<Pending> batch) {
        List<Pending> rest = writeNew(batch);
        if (!rest.isEmpty()) {
            writeAny(rest);
        }
    }

    /** Instances that may be known, of series that may be not. */
    private void writeAny(List<Pending> batch) {
        RuntimeException failure = tryAny(batch);
        if (failure == null) {
            return;
        }
        if (batch.size() == 1) {
            batch.getFirst().fail(failure);
            return;
        }
        // One of them may be the cause: the others must not suffer for it.
        for (int i = 0; i < batch.size(); i++) {
            Pending one = batch.get(i);
            RuntimeException own = tryAny(List.of(one));
            if (own != null && !isOfInstance(own)) {
                batch.subList(i, batch.size()).forEach(p -> p.fail(own));
                return;
            }
            if (own != null) {
                one.fail(own);
            }
        }
    }

    /** Null if all is written. */
    private @Nullable RuntimeException tryAny(List<Pending> batch) {
        List<InstanceDescription> instances = batch.stream().map(Pending::instance).toList();
        RuntimeException failure = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                List<Indexed> indexed =
                        QuarkusTransaction.requiringNew().call(() -> index(instances));
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).done.complete(indexed.get(i));
                }
                return null;
            } catch (RuntimeException e) {
                failure = e;
                // Whatever went wrong, what was remembered may be.
                seriesIds.clear();
                if (!isConflict(e)) {
                    break;
                }
            }
        }
        return failure;
    }

    /** Whether another instance may succeed all the same. */
    private static boolean isOfInstance(Throwable e) {
        return e instanceof SeriesOfAnotherStudyException
                || e instanceof DataException
                || isConflict(e);
    }

    private static boolean isConflict(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof ConstraintViolationException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes instances of series that are known, none of which is known itself: what nearly all
     * are.
     *
     * @return those that are not so, and those of which it is not known whether they were written
     */
    private List<Pending> writeNew(List<Pending> batch) {
        Map<String, Pending> candidates = new LinkedHashMap<>();
        List<Pending> rest = new ArrayList<>();
        List<InstanceRow> rows = new ArrayList<>(batch.size());
        for (Pending pending : batch) {
            Long seriesId = seriesIds.get(SeriesKey.of(pending.instance));
            if (seriesId == null
                    || candidates.putIfAbsent(pending.instance.sopInstanceUid(), pending) != null) {
                rest.add(pending);
            } else {
                rows.add(pending.instance.instance(seriesId));
            }
        }
        if (rows.isEmpty()) {
            return rest;
        }
        Set<String> written = Set.of();
        try {
            written = inserter().insert(rows);
        } catch (SQLException e) {
            // The other way finds out what is wrong, or that the commit succeeded all the same.
            LOG.debugf(e, "%d instances could not be inserted at once", rows.size());
            dropInserter();
        }
        for (InstanceRow row : rows) {
            Pending pending = candidates.get(row.sopInstanceUid);
            if (pending == null) {
                continue;
            }
            if (written.contains(row.sopInstanceUid)) {
                pending.done.complete(
                        new Indexed(Receipt.Kind.STORED, row.seriesId, row.objectKey));
            } else {
                rest.add(pending);
            }
        }
        return rest;
    }

    private Inserter inserter() throws SQLException {
        Inserter open = inserter;
        if (open == null) {
            open = new Inserter(database.getConnection(), settings.archive().fsync());
            inserter = open;
        }
        return open;
    }

    private void dropInserter() {
        Inserter open = inserter;
        inserter = null;
        if (open != null) {
            open.close();
        }
    }

    /** {@link #INSERT_NEW} on a connection of its own, each time a transaction. */
    private static final class Inserter implements AutoCloseable {

        private final Connection connection;
        private final PreparedStatement insert;
        private final boolean durable;

        Inserter(Connection connection, boolean durable) throws SQLException {
            this.connection = connection;
            this.durable = durable;
            try {
                connection.setAutoCommit(true);
                insert = connection.prepareStatement(INSERT_NEW);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }

        Set<String> insert(List<InstanceRow> rows) throws SQLException {
            int n = 1;
            for (Column column : COLUMNS) {
                insert.setArray(
                        n++, connection.createArrayOf(column.type, column.values.apply(rows)));
            }
            insert.setString(n, durable ? "on" : "off");
            try (ResultSet result = insert.executeQuery()) {
                result.next();
                Array written = result.getArray(1);
                return written == null ? Set.of() : Set.of((String[]) written.getArray());
            }
        }

        @Override
        public void close() {
            try (connection) {
                insert.close();
            } catch (SQLException e) {
                LOG.debug("The connection was broken", e);
            }
        }
    }

    /** A parameter of {@link #INSERT_NEW}. */
    private record Column(String type, Function<List<InstanceRow>, Object[]> values) {}

    private static Column column(String type, Function<InstanceRow, @Nullable Object> value) {
        return new Column(type, rows -> rows.stream().map(value).toArray());
    }

    private static final List<Column> COLUMNS =
            List.of(
                    column("bigint", r -> r.seriesId),
                    column("text", r -> r.sopInstanceUid),
                    column("text", r -> r.sopClassUid),
                    column("text", r -> r.transferSyntaxUid),
                    column("integer", r -> r.instanceNumber),
                    column("text", r -> r.objectKey),
                    column("bigint", r -> r.sizeBytes),
                    column("text", r -> r.contentSha256),
                    column("timestamptz", r -> r.receivedAt.toString()),
                    column("text", r -> r.receivedFrom),
                    new Column(
                            "bytea",
                            rows -> rows.stream().map(r -> r.header).toArray(byte[][]::new)));

    private List<Indexed> index(List<InstanceDescription> batch) {
        Map<String, Known> known = known(batch);
        List<Indexed> result = new ArrayList<>(batch.size());
        List<InstanceRow> rows = new ArrayList<>();
        // In the order of their keys, as everyone locks series: no deadlock.
        Map<Long, Integer> added = new TreeMap<>();
        for (InstanceDescription instance : batch) {
            Known there = known.get(instance.sopInstanceUid());
            if (there == null) {
                long seriesId = seriesId(instance);
                seriesIds.put(SeriesKey.of(instance), seriesId);
                InstanceRow row = instance.instance(seriesId);
                rows.add(row);
                added.merge(seriesId, 1, Integer::sum);
                known.put(
                        instance.sopInstanceUid(),
                        new Known(null, seriesId, row.objectKey, row.contentSha256));
                result.add(new Indexed(Receipt.Kind.STORED, seriesId, row.objectKey));
            } else if (there.sha256.equals(instance.contentSha256())) {
                result.add(new Indexed(Receipt.Kind.DUPLICATE, there.seriesId, there.objectKey));
            } else {
                flush(rows);
                result.add(
                        new Indexed(
                                Receipt.Kind.CONFLICT, there.seriesId, keepApart(instance, there)));
            }
        }
        flush(rows);
        added.forEach(
                (seriesId, count) ->
                        session.createMutationQuery(
                                        "update Series set instances = instances + :count,"
                                                + " lastReceivedAt = instant where id = :id")
                                .setParameter("count", count)
                                .setParameter("id", seriesId)
                                .executeUpdate());
        return result;
    }

    private void flush(List<InstanceRow> rows) {
        session.insertMultiple(rows);
        rows.clear();
    }

    private String keepApart(InstanceDescription instance, Known there) {
        Long id = there.id;
        if (id == null) {
            id =
                    session.createSelectionQuery(
                                    "select id from Instance where sopInstanceUid = :uid",
                                    Long.class)
                            .setParameter("uid", instance.sopInstanceUid())
                            .getSingleResult();
        }
        List<String> before =
                session.createSelectionQuery(
                                "select objectKey from ConflictingInstance where instanceId = :id"
                                        + " and contentSha256 = :sha",
                                String.class)
                        .setParameter("id", id)
                        .setParameter("sha", instance.contentSha256())
                        .getResultList();
        if (!before.isEmpty()) {
            return before.getFirst();
        }
        session.insert(instance.conflict(id));
        return instance.objectKey();
    }

    private Map<String, Known> known(List<InstanceDescription> batch) {
        Map<String, Known> known = new HashMap<>();
        for (Object[] row :
                session.createSelectionQuery(
                                "select sopInstanceUid, id, seriesId, objectKey, contentSha256"
                                        + " from Instance where sopInstanceUid in :uids",
                                Object[].class)
                        .setParameter(
                                "uids",
                                batch.stream().map(InstanceDescription::sopInstanceUid).toList())
                        .getResultList()) {
            known.put(
                    (String) row[0],
                    new Known((Long) row[1], (Long) row[2], (String) row[3], (String) row[4]));
        }
        return known;
    }

    /**
     * @throws SeriesOfAnotherStudyException if the series is known as one of another study: to add
     *     to it could measure two patients as one
     */
    private long seriesId(InstanceDescription instance) {
        List<Object[]> series =
                session.createSelectionQuery(
                                "select s.id, st.studyInstanceUid from Series s join Study st on"
                                        + " st.id = s.studyId where s.seriesInstanceUid = :uid",
                                Object[].class)
                        .setParameter("uid", instance.seriesInstanceUid())
                        .getResultList();
        if (series.isEmpty()) {
            return (Long) session.insert(instance.series(studyId(instance)));
        }
        if (!series.getFirst()[1].equals(instance.studyInstanceUid())) {
            throw new SeriesOfAnotherStudyException(
                    instance.seriesInstanceUid(), (String) series.getFirst()[1]);
        }
        return (Long) series.getFirst()[0];
    }

    private long studyId(InstanceDescription instance) {
        List<Long> study =
                session.createSelectionQuery(
                                "select id from Study where studyInstanceUid = :uid", Long.class)
                        .setParameter("uid", instance.studyInstanceUid())
                        .getResultList();
        if (!study.isEmpty()) {
            return study.getFirst();
        }
        PatientRow patient = instance.patient();
        List<Long> patients =
                patient.patientId.isEmpty()
                        ? List.of()
                        : session.createSelectionQuery(
                                        "select id from Patient where patientId = :id and issuer ="
                                                + " :issuer",
                                        Long.class)
                                .setParameter("id", patient.patientId)
                                .setParameter("issuer", patient.issuer)
                                .getResultList();
        long patientId = patients.isEmpty() ? (Long) session.insert(patient) : patients.getFirst();
        return (Long) session.insert(instance.study(patientId));
    }

    private record SeriesKey(String studyInstanceUid, String seriesInstanceUid) {
        static SeriesKey of(InstanceDescription instance) {
            return new SeriesKey(instance.studyInstanceUid(), instance.seriesInstanceUid());
        }
    }

    /** A Series Instance UID came with two studies. */
    static final class SeriesOfAnotherStudyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String sentence;

        SeriesOfAnotherStudyException(String seriesInstanceUid, String studyInstanceUid) {
            this(
                    "Series %s is one of study %s already."
                            .formatted(seriesInstanceUid, studyInstanceUid));
        }

        private SeriesOfAnotherStudyException(String sentence) {
            super(sentence);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    /** What waits for the writer's thread. */
    private sealed interface Queued {
        /** Whether somebody waits for it. */
        boolean isAwaited();
    }

    /** An instance; {@code promise} if its sender was answered already. */
    private record Pending(
            InstanceDescription instance, boolean promise, CompletableFuture<Indexed> done)
            implements Queued {

        @Override
        public boolean isAwaited() {
            return !promise;
        }

        /** A promise is tried again, unless it is never to succeed. */
        void fail(Throwable why) {
            if (promise && !isOfInstance(why)) {
                return;
            }
            if (promise) {
                LOG.errorf(
                        "Instance %s is safe as %s and cannot be indexed: %s",
                        instance.sopInstanceUid(), instance.objectKey(), why.getMessage());
            }
            done.completeExceptionally(why);
        }
    }

    /** Somebody who waits until what was queued before is written. */
    private record Reader(CompletableFuture<@Nullable Void> done) implements Queued {

        @Override
        public boolean isAwaited() {
            return true;
        }
    }

    /**
     * An instance on its way into the index.
     *
     * @param done completes when its row is committed
     * @param promised key of its series if there is no need to wait; else null
     */
    record Submission(CompletableFuture<Indexed> done, @Nullable Long promised) {}

    private record Known(@Nullable Long id, long seriesId, String objectKey, String sha256) {}

    /** What became of an instance, and where the object lies that the index refers to. */
    record Indexed(Receipt.Kind kind, long seriesId, String objectKey) {}
}
