package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import org.hibernate.StatelessSession;
import org.negvol.archive.ArchiveIndex;
import org.negvol.segmentation.ModelIdentity;

/** What an operator wants to know of the node as a whole. */
@ApplicationScoped
@Transactional
public class NodeView {

    private static final int MOST_PROBLEMS = 20;

    private final StatelessSession session;
    private final ArchiveIndex index;
    private final Networks networks;

    NodeView(StatelessSession session, ArchiveIndex index, Networks networks) {
        this.session = session;
        this.index = index;
        this.networks = networks;
    }

    /**
     * What the database says.
     *
     * @param version of the server
     * @param schema last migration
     * @param databaseBytes size of the database
     * @param studies how many there are
     * @param instances how many there are
     * @param instanceBytes size of their files
     * @param removals files that are still to be deleted
     */
    public record Storage(
            String version,
            String schema,
            long databaseBytes,
            long studies,
            long instances,
            long instanceBytes,
            long removals) {}

    /** What is kept; reads the whole index of instances. */
    public Storage storage() {
        Object[] row =
                session.createNativeQuery(
                                "select current_setting('server_version'),"
                                        + " (select version from flyway_schema_history"
                                        + " where success order by installed_rank desc limit 1),"
                                        + " pg_database_size(current_database()),"
                                        + " (select count(*) from instance),"
                                        + " (select coalesce(sum(size_bytes), 0) from instance),"
                                        + " (select count(*) from removed_object)",
                                Object[].class)
                        .getSingleResult();
        return new Storage(
                (String) row[0],
                (String) row[1],
                number(row[2]),
                index.countStudies(),
                number(row[3]),
                number(row[4]),
                number(row[5]));
    }

    /**
     * Objects that are still to be delivered.
     *
     * @param destination name in the configuration
     * @param state PENDING, SENDING, SENT or FAILED
     * @param objects how many
     */
    public record Backlog(String destination, DeliveryState state, long objects) {}

    /** What the destinations still wait for. */
    public List<Backlog> backlog() {
        return session
                .createNativeQuery(
                        "select destination, state, count(*) from delivery"
                                + " where state in ('PENDING', 'SENDING', 'SENT', 'FAILED')"
                                + " group by destination, state order by destination, state",
                        Object[].class)
                .getResultList()
                .stream()
                .map(
                        r ->
                                new Backlog(
                                        (String) r[0],
                                        DeliveryState.valueOf((String) r[1]),
                                        number(r[2])))
                .toList();
    }

    /**
     * A job or a delivery that did not succeed.
     *
     * @param at when
     * @param studyInstanceUid of which study
     * @param destination where it should have gone; empty for a job
     * @param sentence why, in words
     */
    public record Trouble(
            Instant at, String studyInstanceUid, String destination, String sentence) {}

    /** The latest jobs and deliveries that did not succeed and still wait for somebody. */
    public List<Trouble> troubles() {
        return session
                .createNativeQuery(
                        """
                        (select j.changed_at, st.study_instance_uid, '' as destination, j.sentence
                            from job j join series s on s.id = j.series_id
                            join study st on st.id = s.study_id
                            where j.state = 'FAILED' order by j.changed_at desc limit :most)
                        union all
                        (select max(d.changed_at), st.study_instance_uid, d.destination, d.sentence
                            from delivery d join job j on j.id = d.job_id
                            join series s on s.id = j.series_id
                            join study st on st.id = s.study_id
                            where d.attempts > 0 and (d.state in ('PENDING', 'FAILED')
                                or d.state = 'SENT' and d.created_at < :overdue)
                            group by st.study_instance_uid, d.destination, d.sentence
                            order by 1 desc limit :most)
                        order by 1 desc limit :most
                        """,
                        Object[].class)
                .setParameter("most", MOST_PROBLEMS)
                .setParameter("overdue", Instant.now().minus(Deliveries.COMMITMENT_PATIENCE))
                .getResultList()
                .stream()
                .map(r -> new Trouble((Instant) r[0], (String) r[1], (String) r[2], (String) r[3]))
                .toList();
    }

    /**
     * A network.
     *
     * @param name what it is called
     * @param version its version
     * @param sha256 of its file
     * @param licence what it may be used for
     * @param trainedOn the data it was trained on
     */
    public record Model(
            String name, String version, String sha256, String licence, String trainedOn) {}

    /** The networks of this process; none while they are loaded, or where it does not process. */
    public List<Model> models() {
        return networks.identities().stream().map(NodeView::model).toList();
    }

    private static Model model(ModelIdentity m) {
        return new Model(m.name(), m.version(), m.sha256(), m.licence(), m.trainedOn());
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
