package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.negvol.report.EarlierReport;
import org.negvol.report.ResultObject;

/**
 * The jobs in the database. Whoever changes one says which state it must be in, so that of two who
 * try, one does; what may follow what is guarded by the database itself.
 */
@ApplicationScoped
@Transactional
class Jobs {

    /**
     * A job that a worker has taken.
     *
     * @param attempt which start this is; only the latest one may end the job
     */
    record Claim(long jobId, int attempt, long seriesId, Instant createdAt) {}

    private static final String FINISHED =
            """
            select st.study_instance_uid from study st where st.created_at < :before
                and not exists (select 1 from series s where s.study_id = st.id
                    and (s.last_received_at >= :before or s.instances > s.released_instances))
                and not exists (select 1 from series s join job j on j.series_id = s.id
                    where s.study_id = st.id and j.state in ('RECEIVED', 'PROCESSING'))
                and not exists (select 1 from series s join job j on j.series_id = s.id
                    join delivery d on d.job_id = j.id
                    where s.study_id = st.id and d.state in ('PENDING', 'SENDING', 'SENT', 'FAILED'))""";

    /** A destination that has not refused anything for so long may have learnt to take it. */
    private static final Duration REFUSALS_REMEMBERED = Duration.ofDays(90);

    private final StatelessSession session;

    Jobs(StatelessSession session) {
        this.session = session;
    }

    /** The current jobs of some series, by series. */
    Map<Long, StudyPlan.Job> currentOf(Collection<Long> seriesIds) {
        Map<Long, StudyPlan.Job> jobs = new HashMap<>();
        for (JobRow row :
                session.createSelectionQuery(
                                "from Job where seriesId in :ids and state <> SUPERSEDED",
                                JobRow.class)
                        .setParameter("ids", seriesIds)
                        .getResultList()) {
            jobs.put(row.seriesId, new StudyPlan.Job(id(row), row.state, row.instances));
        }
        return jobs;
    }

    /** Which of these series this node made. */
    Set<String> ours(Collection<String> seriesUids) {
        return new HashSet<>(
                session.createSelectionQuery(
                                "select seriesUid from ResultObject where seriesUid in :uids",
                                String.class)
                        .setParameter("uids", seriesUids)
                        .getResultList());
    }

    /** A new job in its first state. */
    long insert(long seriesId, int instances, JobState state, String sentence) {
        Integer last =
                session.createSelectionQuery(
                                "select max(revision) from Job where seriesId = :id", Integer.class)
                        .setParameter("id", seriesId)
                        .getSingleResultOrNull();
        JobRow row = new JobRow();
        row.seriesId = seriesId;
        row.revision = last == null ? 1 : last + 1;
        row.instances = instances;
        row.state = state;
        row.sentence = sentence;
        row.createdAt = Instant.now();
        row.changedAt = row.createdAt;
        return (Long) session.insert(row);
    }

    /** The job's result does not count any more; what of it is not delivered stays here. */
    void supersede(long jobId, String sentence) {
        session.createMutationQuery(
                        "update Job set state = SUPERSEDED, sentence = :sentence,"
                                + " changedAt = instant where id = :id")
                .setParameter("sentence", sentence)
                .setParameter("id", jobId)
                .executeUpdate();
        session.createMutationQuery(
                        "update Delivery set state = SUPERSEDED, sentence = :sentence,"
                                + " changedAt = instant where jobId = :id and state in"
                                + " (PENDING, SENDING, FAILED, STANDBY)")
                .setParameter("sentence", "The result was replaced before it was sent.")
                .setParameter("id", jobId)
                .executeUpdate();
    }

    /**
     * Takes a job that waits, or one whose worker died.
     *
     * @param maxAttempts a job that was started so often is failed instead
     * @return empty if there is nothing to do
     */
    Optional<Claim> claim(long jobId, int maxAttempts) {
        JobRow row = locked(jobId);
        if (row == null || !row.state.isOpen()) {
            return Optional.empty();
        }
        if (row.attempts >= maxAttempts && row.state == JobState.PROCESSING) {
            change(
                    new Claim(jobId, row.attempts, row.seriesId, row.createdAt),
                    JobState.FAILED,
                    "The work was started %d times and the node stopped each time."
                            .formatted(row.attempts));
            return Optional.empty();
        }
        int attempt = row.attempts + 1;
        session.createMutationQuery(
                        "update Job set state = PROCESSING, attempts = :attempt,"
                                + " sentence = :sentence, changedAt = instant where id = :id")
                .setParameter("attempt", attempt)
                .setParameter(
                        "sentence",
                        attempt == 1
                                ? "The series is being processed."
                                : "The series is being processed, attempt %d.".formatted(attempt))
                .setParameter("id", jobId)
                .executeUpdate();
        return Optional.of(new Claim(jobId, attempt, row.seriesId, row.createdAt));
    }

    /**
     * From PROCESSING to another state, or to another sentence.
     *
     * @return false if the job is not this worker's any more
     */
    boolean change(Claim claim, JobState to, String sentence) {
        return session.createMutationQuery(
                                "update Job set state = :state, sentence = :sentence, changedAt ="
                                        + " instant where id = :id and state = PROCESSING and"
                                        + " attempts = :attempt")
                        .setParameter("state", to)
                        .setParameter("sentence", sentence)
                        .setParameter("id", claim.jobId)
                        .setParameter("attempt", claim.attempt)
                        .executeUpdate()
                == 1;
    }

    /** The usual reports that earlier jobs on the claim's series have archived, newest first. */
    List<EarlierReport> earlierReports(Claim claim) {
        return session
                .createNativeQuery(
                        "select r.series_uid, r.sop_class_uid, r.sop_instance_uid"
                                + " from result_object r join job j on j.id = r.job_id"
                                + " where j.series_id = :series and j.id <> :job"
                                + " and j.result is not null and r.position ="
                                + " (select min(o.position) from result_object o"
                                + " where o.job_id = r.job_id and o.kind = 'STRUCTURED_REPORT')"
                                + " order by j.id desc",
                        Object[].class)
                .setParameter("series", claim.seriesId)
                .setParameter("job", claim.jobId)
                .getResultList()
                .stream()
                .map(row -> new EarlierReport((String) row[0], (String) row[1], (String) row[2]))
                .toList();
    }

    /**
     * Says which objects the job makes, before the archive gets them.
     *
     * @return false if the job is not this worker's any more
     */
    boolean announce(Claim claim, List<ResultObject> objects) {
        JobRow row = locked(claim.jobId);
        if (row == null || row.state != JobState.PROCESSING || row.attempts != claim.attempt) {
            return false;
        }
        // An earlier attempt may have come so far.
        session.createMutationQuery("delete from ResultObject where jobId = :id")
                .setParameter("id", claim.jobId)
                .executeUpdate();
        for (int i = 0; i < objects.size(); i++) {
            session.insert(row(claim, i + 1, objects.get(i)));
        }
        return true;
    }

    /**
     * Ends the job with its result.
     *
     * @param json what {@link ResultJson} writes
     * @return false if the job is not this worker's any more
     */
    boolean finish(Claim claim, JobState state, String sentence, String json) {
        if (!change(claim, state, sentence)) {
            return false;
        }
        session.createNativeMutationQuery(
                        "update job set result = cast(:json as json) where id = :id")
                .setParameter("json", json)
                .setParameter("id", claim.jobId)
                .executeUpdate();
        return true;
    }

    /**
     * Puts a delivery of each object of a job to each destination that wants it into the outbox,
     * and one that waits for a refusal of each alternative.
     */
    void deliver(Claim claim, DestinationWishes.Objects made) {
        List<ResultObjectRow> objects = announced(claim);
        deliver(objects, made.wanted(), DeliveryState.PENDING, "Waiting to be sent.");
        standBy(objects, made.alternatives());
    }

    /** Destinations that lately took no object of some kind. */
    Set<String> refusing() {
        return new HashSet<>(
                session.createSelectionQuery(
                                "select distinct destination from Delivery where state = REFUSED"
                                        + " and changedAt > :since",
                                String.class)
                        .setParameter("since", Instant.now().minus(REFUSALS_REMEMBERED))
                        .getResultList());
    }

    /** The attempt that has ended a job with a result that still counts. */
    Optional<Claim> ended(long jobId) {
        return session.createSelectionQuery(
                        "select id, attempts, seriesId, createdAt from Job where id = :id"
                                + " and state in (DONE, DEGRADED, NOT_APPLICABLE)",
                        Claim.class)
                .setParameter("id", jobId)
                .uniqueResultOptional();
    }

    /**
     * Says which more objects a job makes that has ended, before the archive gets them.
     *
     * @return those that the archive does not have
     */
    List<ResultObject> announceMore(Claim claim, List<ResultObject> objects) {
        locked(claim.jobId);
        List<ResultObjectRow> announced = announced(claim);
        Set<String> known =
                announced.stream().map(r -> r.sopInstanceUid).collect(Collectors.toSet());
        int position = announced.stream().mapToInt(r -> r.position).max().orElse(0);
        for (ResultObject object : objects) {
            if (known.add(object.sopInstanceUid())) {
                position++;
                session.insert(row(claim, position, object));
            }
        }
        Set<String> archived =
                new HashSet<>(
                        session.createSelectionQuery(
                                        "select sopInstanceUid from Instance"
                                                + " where sopInstanceUid in :uids",
                                        String.class)
                                .setParameter(
                                        "uids",
                                        objects.stream().map(ResultObject::sopInstanceUid).toList())
                                .getResultList());
        return objects.stream().filter(o -> !archived.contains(o.sopInstanceUid())).toList();
    }

    /** Has archived objects of a job wait for a refusal by a destination. */
    void standBy(Claim claim, String destination, List<ResultObject> objects) {
        if (locked(claim.jobId) == null || ended(claim.jobId).isEmpty()) {
            return;
        }
        Set<String> uids =
                objects.stream().map(ResultObject::sopInstanceUid).collect(Collectors.toSet());
        session.createSelectionQuery(
                        "select r.sopInstanceUid from Delivery d join ResultObject r"
                                + " on r.jobId = d.jobId and r.position = d.position"
                                + " where d.jobId = :id and d.destination = :destination",
                        String.class)
                .setParameter("id", claim.jobId)
                .setParameter("destination", destination)
                .getResultList()
                .forEach(uids::remove);
        standBy(announced(claim), Map.of(destination, uids));
    }

    private void standBy(List<ResultObjectRow> objects, Map<String, Set<String>> destinations) {
        deliver(
                objects,
                destinations,
                DeliveryState.STANDBY,
                "Sent only if something else is refused.");
    }

    private List<ResultObjectRow> announced(Claim claim) {
        return session.createSelectionQuery(
                        "from ResultObject where jobId = :id order by position",
                        ResultObjectRow.class)
                .setParameter("id", claim.jobId)
                .getResultList();
    }

    private static ResultObjectRow row(Claim claim, int position, ResultObject object) {
        ResultObjectRow row = new ResultObjectRow();
        row.jobId = claim.jobId;
        row.position = position;
        row.kind = object.kind().name();
        row.seriesUid = object.seriesInstanceUid();
        row.sopClassUid = object.sopClassUid();
        row.sopInstanceUid = object.sopInstanceUid();
        return row;
    }

    private void deliver(
            List<ResultObjectRow> objects,
            Map<String, Set<String>> destinations,
            DeliveryState state,
            String sentence) {
        Instant now = Instant.now();
        for (Map.Entry<String, Set<String>> destination : destinations.entrySet()) {
            for (ResultObjectRow object : objects) {
                if (!destination.getValue().contains(object.sopInstanceUid)) {
                    continue;
                }
                DeliveryRow delivery = new DeliveryRow();
                delivery.jobId = object.jobId;
                delivery.position = object.position;
                delivery.destination = destination.getKey();
                delivery.state = state;
                delivery.sentence = sentence;
                delivery.createdAt = now;
                delivery.changedAt = now;
                session.insert(delivery);
            }
        }
    }

    /** Keeps the page with the pictures of a job's result. */
    void keepPage(Claim claim, SeriesProcessor.Page page) {
        session.createNativeMutationQuery(
                        "insert into job_picture (job_id, png, pdf) values (:id, :png, :pdf)"
                                + " on conflict (job_id) do update set png = excluded.png,"
                                + " pdf = excluded.pdf")
                .setParameter("id", claim.jobId)
                .setParameter("png", page.png())
                .setParameter("pdf", page.pdf())
                .executeUpdate();
    }

    /** How many jobs there are in these states, and since when the oldest has been. */
    List<Object[]> backlog() {
        return session.createSelectionQuery(
                        "select state, count(*), min(createdAt) from Job where state in :states"
                                + " group by state",
                        Object[].class)
                .setParameter(
                        "states",
                        EnumSet.of(JobState.RECEIVED, JobState.PROCESSING, JobState.FAILED))
                .getResultList();
    }

    /**
     * Studies that nothing is to be done for any more, the oldest first: every series released,
     * every job ended, every result delivered or replaced. One that was given up is not delivered.
     *
     * @param quietSince without a new instance since then
     */
    List<String> finished(Instant quietSince, int limit) {
        return session.createNativeQuery(
                        FINISHED + " order by st.created_at, st.id limit :n", String.class)
                .setParameter("before", quietSince)
                .setParameter("n", limit)
                .getResultList();
    }

    /** Whether it is one of {@link #finished}, asked with the study locked. */
    boolean isFinished(String studyInstanceUid, Instant quietSince) {
        return !session.createNativeQuery(
                        FINISHED + " and st.study_instance_uid = :uid", String.class)
                .setParameter("before", quietSince)
                .setParameter("uid", studyInstanceUid)
                .getResultList()
                .isEmpty();
    }

    /** Removes everything that is known of a study's jobs. */
    void removeOf(String studyInstanceUid) {
        for (String table :
                List.of("delivery", "result_object", "job_picture", "job_transition", "job")) {
            session.createNativeMutationQuery(
                            "delete from %s where %s in (select j.id from job j join series s on s.id = j.series_id join study st on st.id = s.study_id where st.study_instance_uid = :uid)"
                                    .formatted(table, table.equals("job") ? "id" : "job_id"))
                    .setParameter("uid", studyInstanceUid)
                    .executeUpdate();
        }
    }

    private @Nullable JobRow locked(long jobId) {
        return session.createSelectionQuery("from Job where id = :id", JobRow.class)
                .setParameter("id", jobId)
                .setLockMode(jakarta.persistence.LockModeType.PESSIMISTIC_WRITE)
                .uniqueResult();
    }

    private static long id(JobRow row) {
        if (row.id == null) {
            throw new IllegalStateException("a job that was read has an id");
        }
        return row.id;
    }
}
