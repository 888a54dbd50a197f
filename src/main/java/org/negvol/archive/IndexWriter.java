package org.negvol.archive;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.hibernate.StatelessSession;
import org.hibernate.exception.ConstraintViolationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.Settings;

/**
 * Writes instances into the index. What arrives while a transaction is being committed goes into
 * the next one together, so that many associations share one wait for the disk.
 */
@Startup
@ApplicationScoped
class IndexWriter {

    private static final Logger LOG = Logger.getLogger(IndexWriter.class);
    private static final int MOST_TOGETHER = 64;

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

    /** Only the writer's thread reads and changes it. */
    private final Map<SeriesKey, Long> seriesIds =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<SeriesKey, Long> eldest) {
                    return size() > MOST_SERIES_KNOWN;
                }
            };

    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(1024);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    /** Held while instances come one after the other; only the writer's thread uses it. */
    private @Nullable Inserter inserter;

    IndexWriter(StatelessSession session, DataSource database, Settings settings) {
        this.session = session;
        this.database = database;
        this.settings = settings;
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
     * Queues an instance; completes when its row is committed, exceptionally when that failed. The
     * outcome of a failed commit is not known: the row may be there.
     */
    CompletableFuture<Indexed> submit(InstanceDescription instance) {
        Pending pending = new Pending(instance, new CompletableFuture<>());
        if (stopping || !queue.offer(pending)) {
            pending.done.completeExceptionally(
                    new IllegalStateException("the index takes no more instances"));
        }
        return pending.done;
    }

    private void run() {
        List<Pending> batch = new ArrayList<>();
        while (!stopping || !queue.isEmpty()) {
            try {
                Pending first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    dropInserter();
                    continue;
                }
                batch.clear();
                batch.add(first);
                queue.drainTo(batch, MOST_TOGETHER - 1);
                write(batch);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("The index writer met an error and goes on", e);
            }
        }
        dropInserter();
    }

    private void write(List<Pending> batch) {
        List<Pending> rest = writeNew(batch);
        if (!rest.isEmpty()) {
            writeAny(rest);
        }
    }

    /** Instances that may be known, of series that may be not. */
    private void writeAny(List<Pending> batch) {
        RuntimeException failure = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                List<InstanceDescription> instances =
                        batch.stream().map(Pending::instance).toList();
                List<Indexed> indexed =
                        QuarkusTransaction.requiringNew().call(() -> index(instances));
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).done.complete(indexed.get(i));
                }
                return;
            } catch (RuntimeException e) {
                failure = e;
                // Whatever went wrong, what was remembered may be.
                seriesIds.clear();
                if (!isConflict(e)) {
                    break;
                }
            }
        }
        if (batch.size() > 1) {
            // One of them may be the cause: the others must not suffer for it.
            for (Pending one : batch) {
                writeAny(List.of(one));
            }
            return;
        }
        batch.getFirst()
                .done
                .completeExceptionally(
                        failure == null ? new IllegalStateException("not indexed") : failure);
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

    private record Pending(InstanceDescription instance, CompletableFuture<Indexed> done) {}

    private record Known(@Nullable Long id, long seriesId, String objectKey, String sha256) {}

    /** What became of an instance, and where the object lies that the index refers to. */
    record Indexed(Receipt.Kind kind, long seriesId, String objectKey) {}
}
