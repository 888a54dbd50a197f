package org.negvol.archive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/** What is in the archive? Reads the index, and marks series as released for processing. */
@ApplicationScoped
@Transactional
public class ArchiveIndex {

    private static final String SERIES =
            "select s.id, st.studyInstanceUid, s.seriesInstanceUid, s.modality, s.seriesNumber,"
                    + " s.description, s.instances, s.releasedInstances,"
                    + " (select count(c.id) from ConflictingInstance c join Instance i"
                    + " on i.id = c.instanceId where i.seriesId = s.id), s.lastReceivedAt"
                    + " from Series s join Study st on st.id = s.studyId ";

    private static final String SENDER =
            "(select i.received_from from instance i where i.series_id = s.id"
                    + " order by i.received_at desc limit 1)";

    private static final String STUDY =
            "select st.studyInstanceUid, p.patientId, p.name, st.studyDate, st.description,"
                    + " st.accessionNumber, st.createdAt"
                    + " from Study st join Patient p on p.id = st.patientId ";

    private final StatelessSession session;
    private final IndexWriter writer;

    ArchiveIndex(StatelessSession session, IndexWriter writer) {
        this.session = session;
        this.writer = writer;
    }

    /** The index with everything that was acknowledged so far. */
    private StatelessSession current() {
        writer.awaitPromised();
        return session;
    }

    /** Studies, the newest first. */
    public List<ArchivedStudy> studies(int offset, int limit) {
        return current()
                .createSelectionQuery(
                        STUDY + "order by st.createdAt desc, st.id desc", ArchivedStudy.class)
                .setFirstResult(offset)
                .setMaxResults(limit)
                .getResultList();
    }

    public long countStudies() {
        return current()
                .createSelectionQuery("select count(*) from Study", Long.class)
                .getSingleResult();
    }

    public Optional<ArchivedStudy> study(String studyInstanceUid) {
        return current()
                .createSelectionQuery(
                        STUDY + "where st.studyInstanceUid = :uid", ArchivedStudy.class)
                .setParameter("uid", studyInstanceUid)
                .uniqueResultOptional();
    }

    /** The study an instance belongs to. */
    public Optional<ArchivedStudy> studyOfInstance(String sopInstanceUid) {
        return current()
                .createSelectionQuery(
                        STUDY
                                + "join Series s on s.studyId = st.id"
                                + " join Instance i on i.seriesId = s.id"
                                + " where i.sopInstanceUid = :uid",
                        ArchivedStudy.class)
                .setParameter("uid", sopInstanceUid)
                .uniqueResultOptional();
    }

    /** The series of a study in the order of their numbers. */
    public List<ArchivedSeries> seriesOf(String studyInstanceUid) {
        return current()
                .createSelectionQuery(
                        SERIES
                                + "where st.studyInstanceUid = :uid"
                                + " order by s.seriesNumber nulls last, s.id",
                        ArchivedSeries.class)
                .setParameter("uid", studyInstanceUid)
                .getResultList();
    }

    public Optional<ArchivedSeries> series(long seriesId) {
        return current()
                .createSelectionQuery(SERIES + "where s.id = :id", ArchivedSeries.class)
                .setParameter("id", seriesId)
                .uniqueResultOptional();
    }

    /** Series with instances that were not released yet, without news for at least so long. */
    public List<OpenSeries> openSeries(Duration quiet, int limit) {
        return current()
                .createNativeQuery(
                        """
                        select s.id, st.study_instance_uid, s.series_instance_uid, s.instances,
                                coalesce(%s, ''), s.last_received_at
                            from series s join study st on st.id = s.study_id
                            where s.instances > s.released_instances
                                and s.last_received_at <= cast(:before as timestamptz)
                            order by s.last_received_at limit :limit
                        """
                                .formatted(SENDER),
                        OpenSeries.class)
                .setParameter("before", Instant.now().minus(quiet))
                .setParameter("limit", limit)
                .getResultList();
    }

    /** AE title of who sent the newest instance of a series; empty if there is none. */
    public String senderOf(long seriesId) {
        return current()
                .createNativeQuery(
                        "select coalesce(%s, '') from series s where s.id = :id".formatted(SENDER),
                        String.class)
                .setParameter("id", seriesId)
                .uniqueResultOptional()
                .orElse("");
    }

    /**
     * For each of the latest released series that a peer sent, the longest pause between two of its
     * instances.
     *
     * @param sender AE title
     * @param among how many of all the latest series are looked through
     * @param most how many of the peer's series count
     */
    public List<Duration> longestPauses(String sender, int among, int most) {
        return current()
                .createNativeQuery(
                        """
                        select cast(extract(epoch from max(g.pause)) as double precision) from
                            (select i.series_id, i.received_at - lag(i.received_at)
                                    over (partition by i.series_id order by i.received_at) as pause
                                from instance i where i.series_id in
                                    (select l.id from
                                        (select s.id from series s where s.released_instances > 1
                                            order by s.last_received_at desc limit :among) l
                                        where exists (select 1 from instance f
                                            where f.series_id = l.id and f.received_from = :sender)
                                        limit :most)) g
                            where g.pause is not null group by g.series_id
                        """,
                        Double.class)
                .setParameter("sender", sender)
                .setParameter("among", among)
                .setParameter("most", most)
                .getResultStream()
                .map(seconds -> Duration.ofMillis(Math.round(1000 * seconds)))
                .toList();
    }

    /**
     * Keeps others from planning for a study until the caller's transaction ends; instances are
     * still stored meanwhile.
     *
     * @return whether there is such a study
     */
    public boolean lockStudy(String studyInstanceUid) {
        return !current()
                .createNativeQuery(
                        "select id from study where study_instance_uid = :uid for no key update",
                        Long.class)
                .setParameter("uid", studyInstanceUid)
                .getResultList()
                .isEmpty();
    }

    /** The studies of these series. */
    public List<String> studiesOf(Collection<Long> seriesIds) {
        return current()
                .createSelectionQuery(
                        "select distinct st.studyInstanceUid from Series s join Study st"
                                + " on st.id = s.studyId where s.id in :ids order by 1",
                        String.class)
                .setParameter("ids", seriesIds)
                .getResultList();
    }

    /**
     * Marks all instances of a series as released, inside the caller's transaction.
     *
     * @return how many there are, or empty if none is new or another process is just doing this
     */
    public Optional<Integer> release(long seriesId) {
        SeriesRow row =
                current()
                        .createSelectionQuery(
                                "from Series where id = :id and instances > releasedInstances",
                                SeriesRow.class)
                        .setParameter("id", seriesId)
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .uniqueResult();
        if (row == null) {
            return Optional.empty();
        }
        current()
                .createMutationQuery("update Series set releasedInstances = :n where id = :id")
                .setParameter("n", row.instances)
                .setParameter("id", seriesId)
                .executeUpdate();
        return Optional.of(row.instances);
    }

    /** Whether an instance of a series is of one of some SOP classes. */
    public boolean holdsAny(long seriesId, Collection<String> sopClassUids) {
        return !current()
                .createSelectionQuery(
                        "select id from Instance where seriesId = :id and sopClassUid in :classes",
                        Long.class)
                .setParameter("id", seriesId)
                .setParameter("classes", sopClassUids)
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }

    /** The instances of a series in the order of their arrival. */
    public List<ArchivedInstance> instances(long seriesId) {
        return current()
                .createSelectionQuery(
                        "from Instance where seriesId = :id order by id", InstanceRow.class)
                .setParameter("id", seriesId)
                .getResultList()
                .stream()
                .map(ArchiveIndex::instance)
                .toList();
    }

    public Optional<ArchivedInstance> instance(String sopInstanceUid) {
        return current()
                .createSelectionQuery(
                        "from Instance where sopInstanceUid = :uid", InstanceRow.class)
                .setParameter("uid", sopInstanceUid)
                .uniqueResultOptional()
                .map(ArchiveIndex::instance);
    }

    /** Length of all files that came from an AE, bytes. */
    public long bytesFrom(String callingAet) {
        return current()
                .createNativeQuery(
                        "select cast(coalesce(sum(size_bytes), 0) as bigint) from instance where"
                                + " received_from = :aet",
                        Long.class)
                .setParameter("aet", callingAet)
                .getSingleResult();
    }

    /** When the newest instance came; null for an empty archive. */
    @Nullable Instant newestArrival() {
        return current()
                .createSelectionQuery("select max(receivedAt) from Instance", Instant.class)
                .getSingleResultOrNull();
    }

    /** When the first instance of a series came. */
    public Optional<Instant> firstArrival(long seriesId) {
        return Optional.ofNullable(
                session.createSelectionQuery(
                                "select min(receivedAt) from Instance where seriesId = :id",
                                Instant.class)
                        .setParameter("id", seriesId)
                        .getSingleResultOrNull());
    }

    /** Which of these objects the index refers to, or has removed and only waits to delete. */
    List<String> known(List<String> objectKeys) {
        return current()
                .createNativeQuery(
                        "select object_key from instance where object_key in (:keys) union all"
                                + " select object_key from conflicting_instance where object_key"
                                + " in (:keys) union all select object_key from removed_object"
                                + " where object_key in (:keys)",
                        String.class)
                .setParameter("keys", objectKeys)
                .getResultList();
    }

    /** Where an instance's object lies. */
    record Location(long id, String sopInstanceUid, String objectKey) {}

    /** Where instances lie, in the order of their ids, a page at a time. */
    List<Location> locationsAfter(long id, int limit) {
        return session.createSelectionQuery(
                        "select id, sopInstanceUid, objectKey from Instance where id > :id"
                                + " order by id",
                        Location.class)
                .setParameter("id", id)
                .setMaxResults(limit)
                .getResultList();
    }

    private static ArchivedInstance instance(InstanceRow row) {
        return new ArchivedInstance(
                row.sopClassUid,
                row.sopInstanceUid,
                row.transferSyntaxUid,
                row.objectKey,
                row.sizeBytes,
                IndexedAttributes.decoded(row.header));
    }
}
