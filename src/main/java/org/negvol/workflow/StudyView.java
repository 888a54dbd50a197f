package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchivedSeries;

/**
 * Reads what became of studies. A page is one statement, a study six, however many series, jobs and
 * deliveries it has.
 */
@ApplicationScoped
@Transactional
public class StudyView {

    /** The states of a study's jobs, that which needs most attention first. */
    private static final List<JobState> BY_ATTENTION =
            List.of(
                    JobState.FAILED,
                    JobState.PROCESSING,
                    JobState.RECEIVED,
                    JobState.DEGRADED,
                    JobState.DONE,
                    JobState.NOT_APPLICABLE,
                    JobState.SKIPPED);

    /** More changes than this in a few seconds are seen when the list is read again. */
    private static final int MOST_CHANGES = 500;

    private static final int MOST_VISITS = 100;

    private static final int RECENT_JOBS = 50;

    private static final String ARRIVING = "Being received; no series is complete yet.";

    private static final String STUDIES =
            """
            from study st
            join patient p on p.id = st.patient_id
            left join lateral (
                select j.id, j.state, j.sentence
                from series s join job j on j.series_id = s.id
                where s.study_id = st.id and j.state <> 'SUPERSEDED'
                order by array_position(cast(:attention as text[]), j.state), j.id
                limit 1) current on true
            """;

    /** Not who sent the results, which negvol itself filed in series of their own. */
    private static final String SENT_BY =
            """
            (select i.received_from from series s join instance i on i.series_id = s.id
                where s.study_id = st.id and not exists
                    (select 1 from result_object r where r.series_uid = s.series_instance_uid)
                limit 1)""";

    private final StatelessSession session;
    private final ArchiveIndex index;

    StudyView(StatelessSession session, ArchiveIndex index) {
        this.session = session;
        this.index = index;
    }

    /**
     * Studies, the newest first.
     *
     * @param states those wanted; empty for all
     */
    public List<StudyStatus.Summary> page(Collection<JobState> states, int offset, int limit) {
        return summaries(
                states.isEmpty() ? "" : "where " + inStates(states),
                Map.of("states", names(states)),
                offset,
                limit);
    }

    /**
     * Which studies of the list are wanted.
     *
     * @param states states; empty for all
     * @param patientId what the Patient ID begins with; empty for all
     * @param sentBy AE title that sent the study; empty for all
     * @param from first Study Date, YYYYMMDD; empty for any
     * @param to last Study Date, YYYYMMDD; empty for any
     */
    public record Filter(
            Collection<JobState> states, String patientId, String sentBy, String from, String to) {}

    /**
     * Part of the list of studies, found by where the part before ended: as fast at its end as at
     * its beginning, and right while studies come in.
     *
     * @param after {@link StudyStatus.Part#next} of the part before; null to begin
     * @throws IllegalArgumentException if {@code after} is nothing that was given out
     */
    public StudyStatus.Part part(Filter filter, @Nullable String after, int limit) {
        List<String> where = new ArrayList<>();
        Map<String, Object> parameters = new HashMap<>();
        if (!filter.states.isEmpty()) {
            where.add(inStates(filter.states));
            parameters.put("states", names(filter.states));
        }
        if (!filter.patientId.isEmpty()) {
            where.add("p.patient_id like :patient");
            parameters.put("patient", filter.patientId.replaceAll("([\\\\%_])", "\\\\$1") + "%");
        }
        if (!filter.sentBy.isEmpty()) {
            where.add(SENT_BY + " = :ae");
            parameters.put("ae", filter.sentBy);
        }
        if (!filter.from.isEmpty()) {
            where.add("st.study_date >= :from");
            parameters.put("from", filter.from);
        }
        if (!filter.to.isEmpty()) {
            where.add("st.study_date <= :to");
            parameters.put("to", filter.to);
        }
        if (after != null) {
            String[] place = after.split("~", 2);
            if (place.length != 2) {
                throw new IllegalArgumentException("no place in the list");
            }
            where.add(
                    "(st.created_at, st.study_instance_uid) < (cast(:at as timestamptz), :place)");
            parameters.put("at", parsed(place[0]).toString());
            parameters.put("place", place[1]);
        }
        List<StudyStatus.Summary> found =
                summaries(
                        where.isEmpty() ? "" : "where " + String.join(" and ", where),
                        parameters,
                        0,
                        limit + 1);
        if (found.size() <= limit) {
            return new StudyStatus.Part(found, null);
        }
        StudyStatus.Summary last = found.get(limit - 1);
        return new StudyStatus.Part(
                found.subList(0, limit), last.receivedAt() + "~" + last.studyInstanceUid());
    }

    /** Studies in states; a study has a job in its state, which an index finds, or none at all. */
    private static String inStates(Collection<JobState> states) {
        String wanted = "coalesce(current.state, 'RECEIVED') in :states";
        return states.contains(JobState.RECEIVED)
                ? wanted
                : wanted
                        + " and st.id in (select s.study_id from series s"
                        + " join job j on j.series_id = s.id where j.state in :states)";
    }

    private static Instant parsed(String instant) {
        try {
            return Instant.parse(instant);
        } catch (java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException("no place in the list", e);
        }
    }

    /** Studies of which anything changed since then. */
    public List<StudyStatus.Summary> changedSince(Instant since) {
        return summaries(
                """
                where st.id in (
                    select s.study_id from series s where s.last_received_at > :since
                    union select s.study_id from job j join series s on s.id = j.series_id
                        where j.changed_at > :since
                    union select s.study_id from delivery d join job j on j.id = d.job_id
                        join series s on s.id = j.series_id where d.changed_at > :since)
                """,
                Map.of("since", since),
                0,
                MOST_CHANGES);
    }

    /**
     * The studies of a study's patient, the oldest first, each with its current result but for the
     * joint-space maps.
     */
    public List<StudyStatus.Visit> visits(String studyInstanceUid) {
        List<StudyStatus.Summary> studies =
                summaries(
                        "where st.patient_id ="
                                + " (select patient_id from study where study_instance_uid = :uid)",
                        Map.of("uid", studyInstanceUid),
                        0,
                        MOST_VISITS);
        if (studies.isEmpty()) {
            return List.of();
        }
        Map<String, String> results = new HashMap<>();
        for (Object[] row :
                session.createNativeQuery(
                                "select st.study_instance_uid, cast(cast(j.result as jsonb)"
                                        + " #- '{joints,left,jointSpaceMap}'"
                                        + " #- '{joints,right,jointSpaceMap}' as text)"
                                        + " from study st join series s on s.study_id = st.id"
                                        + " join job j on j.series_id = s.id"
                                        + " where st.study_instance_uid in :uids"
                                        + " and j.state in ('DONE', 'DEGRADED') order by j.id",
                                Object[].class)
                        .setParameterList(
                                "uids",
                                studies.stream()
                                        .map(StudyStatus.Summary::studyInstanceUid)
                                        .toList())
                        .getResultList()) {
            results.put((String) row[0], (String) row[1]);
        }
        return studies.reversed().stream()
                .map(s -> new StudyStatus.Visit(s, results.get(s.studyInstanceUid())))
                .toList();
    }

    /**
     * How many studies there are.
     *
     * @param states those wanted; empty for all
     */
    public long count(Collection<JobState> states) {
        if (states.isEmpty()) {
            return index.countStudies();
        }
        return session.createNativeQuery(
                        "select count(*) " + STUDIES + "where " + inStates(states), Long.class)
                .setParameter("attention", attention())
                .setParameter("states", names(states))
                .getSingleResult();
    }

    /** How long the work on a series has taken lately, seconds: the median; empty at first. */
    public Optional<Double> usualSeconds() {
        return session.createNativeQuery(
                        """
                        select percentile_cont(0.5) within group
                                (order by cast(extract(epoch from e.at - b.at) as double precision))
                            from (select job_id, at from job_transition
                                where to_state in ('DONE', 'DEGRADED')
                                order by id desc limit :n) e,
                            lateral (select max(t.at) as at from job_transition t
                                where t.job_id = e.job_id and t.to_state = 'PROCESSING') b
                        """,
                        Double.class)
                .setParameter("n", RECENT_JOBS)
                .uniqueResultOptional();
    }

    /** One study; empty if there is none of that UID. */
    public Optional<StudyStatus> study(String studyInstanceUid) {
        List<StudyStatus.Summary> summary =
                summaries(
                        "where st.study_instance_uid = :uid",
                        Map.of("uid", studyInstanceUid),
                        0,
                        1);
        if (summary.isEmpty()) {
            return Optional.empty();
        }
        List<ArchivedSeries> series = index.seriesOf(studyInstanceUid);
        List<Long> seriesIds = series.stream().map(ArchivedSeries::id).toList();
        Map<Long, List<StudyStatus.Job>> jobs = jobs(seriesIds);
        Set<String> ours =
                new HashSet<>(
                        session.createSelectionQuery(
                                        "select seriesUid from ResultObject where seriesUid in"
                                                + " :uids",
                                        String.class)
                                .setParameter(
                                        "uids",
                                        series.stream()
                                                .map(ArchivedSeries::seriesInstanceUid)
                                                .toList())
                                .getResultList());
        return Optional.of(
                new StudyStatus(
                        summary.getFirst(),
                        series.stream()
                                .filter(s -> !ours.contains(s.seriesInstanceUid()))
                                .map(
                                        s ->
                                                new StudyStatus.Series(
                                                        s.seriesInstanceUid(),
                                                        s.modality(),
                                                        s.number(),
                                                        s.description(),
                                                        s.instances(),
                                                        s.conflicts(),
                                                        jobs.getOrDefault(s.id(), List.of())))
                                .toList()));
    }

    /** The page of a series' current result, as PNG; empty while there is none. */
    public Optional<byte[]> picture(String studyInstanceUid, String seriesInstanceUid) {
        return page("png", studyInstanceUid, seriesInstanceUid);
    }

    /** The page of a series' current result, as PDF; empty while there is none. */
    public Optional<byte[]> document(String studyInstanceUid, String seriesInstanceUid) {
        return page("pdf", studyInstanceUid, seriesInstanceUid);
    }

    private Optional<byte[]> page(
            String column, String studyInstanceUid, String seriesInstanceUid) {
        return session.createNativeQuery(
                        "select p."
                                + column
                                + " from job_picture p join job j on j.id = p.job_id"
                                + " join series s on s.id = j.series_id"
                                + " join study st on st.id = s.study_id"
                                + " where st.study_instance_uid = :study and"
                                + " s.series_instance_uid = :series and j.state <> 'SUPERSEDED'",
                        byte[].class)
                .setParameter("study", studyInstanceUid)
                .setParameter("series", seriesInstanceUid)
                .uniqueResultOptional();
    }

    /** What {@link ResultJson} writes of a series' current result; empty while there is none. */
    public Optional<String> result(String studyInstanceUid, String seriesInstanceUid) {
        return session.createNativeQuery(
                        "select cast(j.result as text) from job j"
                                + " join series s on s.id = j.series_id"
                                + " join study st on st.id = s.study_id"
                                + " where st.study_instance_uid = :study"
                                + " and s.series_instance_uid = :series"
                                + " and j.state in ('DONE', 'DEGRADED')",
                        String.class)
                .setParameter("study", studyInstanceUid)
                .setParameter("series", seriesInstanceUid)
                .uniqueResultOptional();
    }

    private List<StudyStatus.Summary> summaries(
            String where, Map<String, ?> parameters, int offset, int limit) {
        var query =
                session.createNativeQuery(
                        "select st.study_instance_uid, p.patient_id, st.study_date,"
                                + " st.description, st.accession_number, st.created_at,"
                                + " current.state, current.sentence,"
                                + " (select coalesce(sum(s.instances), 0) from series s"
                                + " where s.study_id = st.id),"
                                + " (select count(*) from series s join job j on j.series_id = s.id"
                                + " join delivery d on d.job_id = j.id where s.study_id = st.id and"
                                + " (d.state = 'FAILED' or (d.state = 'PENDING' and d.attempts > 0)"
                                + " or (d.state = 'SENT' and d.created_at < :overdue))), "
                                + SENT_BY
                                + ", case when current.state = 'PROCESSING' then"
                                + " (select max(t.at) from job_transition t where"
                                + " t.job_id = current.id and t.to_state = 'PROCESSING') end "
                                + STUDIES
                                + where
                                + " order by st.created_at desc, st.study_instance_uid desc",
                        Object[].class);
        query.setParameter("attention", attention());
        query.setParameter("overdue", Instant.now().minus(Deliveries.COMMITMENT_PATIENCE));
        parameters.forEach(
                (name, value) -> {
                    if (!(value instanceof Collection<?> c)) {
                        query.setParameter(name, value);
                    } else if (!c.isEmpty()) {
                        query.setParameterList(name, c);
                    }
                });
        return query.setFirstResult(offset).setMaxResults(limit).getResultList().stream()
                .map(StudyView::summary)
                .toList();
    }

    private static StudyStatus.Summary summary(Object[] row) {
        String state = (String) row[6];
        String sentence = (String) row[7];
        return new StudyStatus.Summary(
                (String) row[0],
                (String) row[1],
                (String) row[2],
                (String) row[3],
                (String) row[4],
                (String) row[10],
                (Instant) row[5],
                (Instant) row[11],
                state == null ? JobState.RECEIVED : JobState.valueOf(state),
                sentence == null ? ARRIVING : sentence,
                ((Number) row[8]).intValue(),
                ((Number) row[9]).intValue());
    }

    private Map<Long, List<StudyStatus.Job>> jobs(List<Long> seriesIds) {
        Map<Long, List<StudyStatus.Change>> history = history(seriesIds);
        Map<Long, List<StudyStatus.ResultInstance>> objects = objects(seriesIds);
        Map<Long, List<StudyStatus.Job>> jobs = new HashMap<>();
        for (Object[] row :
                session.createNativeQuery(
                                "select series_id, id, revision, pipeline_version, instances,"
                                        + " state, sentence, attempts, created_at, changed_at,"
                                        + " cast(result as text) from job where series_id in :ids"
                                        + " order by id desc",
                                Object[].class)
                        .setParameterList("ids", seriesIds)
                        .getResultList()) {
            Long id = (Long) row[1];
            jobs.computeIfAbsent((Long) row[0], s -> new ArrayList<>())
                    .add(
                            new StudyStatus.Job(
                                    (Integer) row[2],
                                    (String) row[3],
                                    (Integer) row[4],
                                    JobState.valueOf((String) row[5]),
                                    (String) row[6],
                                    (Integer) row[7],
                                    (Instant) row[8],
                                    (Instant) row[9],
                                    (String) row[10],
                                    objects.getOrDefault(id, List.of()),
                                    history.getOrDefault(id, List.of())));
        }
        return jobs;
    }

    private Map<Long, List<StudyStatus.Change>> history(List<Long> seriesIds) {
        Map<Long, List<StudyStatus.Change>> history = new HashMap<>();
        for (Object[] row :
                session.createNativeQuery(
                                "select t.job_id, t.from_state, t.to_state, t.sentence, t.at"
                                        + " from job_transition t join job j on j.id = t.job_id"
                                        + " where j.series_id in :ids order by t.id",
                                Object[].class)
                        .setParameterList("ids", seriesIds)
                        .getResultList()) {
            history.computeIfAbsent((Long) row[0], j -> new ArrayList<>())
                    .add(
                            new StudyStatus.Change(
                                    state((String) row[1]),
                                    JobState.valueOf((String) row[2]),
                                    (String) row[3],
                                    (Instant) row[4]));
        }
        return history;
    }

    private Map<Long, List<StudyStatus.ResultInstance>> objects(List<Long> seriesIds) {
        Map<Long, List<StudyStatus.ResultInstance>> objects = new HashMap<>();
        List<StudyStatus.Delivery> deliveries = List.of();
        String last = "";
        for (Object[] row :
                session.createNativeQuery(
                                "select r.job_id, r.position, r.kind, r.sop_class_uid,"
                                        + " r.sop_instance_uid, r.series_uid, d.destination,"
                                        + " d.state, d.sentence, d.attempts, d.changed_at,"
                                        + " d.in_place_of"
                                        + " from result_object r join job j on j.id = r.job_id"
                                        + " left join delivery d on d.job_id = r.job_id and"
                                        + " d.position = r.position and d.state <> 'STANDBY'"
                                        + " where j.series_id in :ids and (d.id is not null or"
                                        + " not exists (select 1 from delivery s where"
                                        + " s.job_id = r.job_id and s.position = r.position))"
                                        + " order by r.job_id, r.position, d.destination",
                                Object[].class)
                        .setParameterList("ids", seriesIds)
                        .getResultList()) {
            String object = row[0] + "/" + row[1];
            if (!object.equals(last)) {
                last = object;
                deliveries = new ArrayList<>();
                objects.computeIfAbsent((Long) row[0], j -> new ArrayList<>())
                        .add(
                                new StudyStatus.ResultInstance(
                                        (String) row[2],
                                        (String) row[3],
                                        (String) row[4],
                                        (String) row[5],
                                        deliveries));
            }
            if (row[6] != null) {
                deliveries.add(
                        new StudyStatus.Delivery(
                                (String) row[6],
                                DeliveryState.valueOf((String) row[7]),
                                (String) row[8],
                                (Integer) row[9],
                                (Instant) row[10],
                                (String) row[11]));
            }
        }
        return objects;
    }

    private static @Nullable JobState state(@Nullable String name) {
        return name == null ? null : JobState.valueOf(name);
    }

    private static String attention() {
        return "{" + String.join(",", names(BY_ATTENTION)) + "}";
    }

    private static List<String> names(Collection<JobState> states) {
        return states.stream().map(Enum::name).toList();
    }
}
