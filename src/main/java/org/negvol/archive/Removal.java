package org.negvol.archive;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.List;
import org.hibernate.StatelessSession;

/**
 * Takes studies out of the archive. The rows go in one transaction, which also writes down the
 * files to delete; the files go after it. So a file may outlive its row for a while, and a row
 * never its file.
 */
@ApplicationScoped
public class Removal {

    private static final int OBJECTS_TOGETHER = 500;

    private final StatelessSession session;
    private final Archive archive;

    Removal(StatelessSession session, Archive archive) {
        this.session = session;
        this.archive = archive;
    }

    /**
     * Removes a study from the index, inside the caller's transaction; nothing else may refer to
     * its series any more. An instance that arrives at this very moment makes the transaction fail,
     * and the study stays.
     *
     * @return how many bytes its files have
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public long removeRows(String studyInstanceUid) {
        String instances =
                " from instance i join series s on s.id = i.series_id join study st"
                        + " on st.id = s.study_id where st.study_instance_uid = :uid";
        String conflicting =
                instances.replace(
                        " from instance i ",
                        " from conflicting_instance c join instance i on i.id = c.instance_id ");
        Long bytes =
                session.createNativeQuery(
                                "select cast(coalesce(sum(size), 0) as bigint) from (select"
                                        + " i.size_bytes as size"
                                        + instances
                                        + " union all select c.size_bytes"
                                        + conflicting
                                        + ") as sizes",
                                Long.class)
                        .setParameter("uid", studyInstanceUid)
                        .getSingleResult();
        for (String statement :
                List.of(
                        "insert into removed_object (object_key) select i.object_key"
                                + instances
                                + " union select c.object_key"
                                + conflicting
                                + " on conflict do nothing",
                        "delete from conflicting_instance where id in (select c.id"
                                + conflicting
                                + ")",
                        "delete from instance where id in (select i.id" + instances + ")",
                        "delete from series where study_id in (select id from study where"
                                + " study_instance_uid = :uid)",
                        // Its patient too, if this was the last study.
                        "with gone as (delete from study where study_instance_uid = :uid"
                                + " returning id, patient_id) delete from patient p using gone"
                                + " where p.id = gone.patient_id and not exists (select 1 from"
                                + " study st where st.patient_id = p.id and st.id <> gone.id)")) {
            session.createNativeMutationQuery(statement)
                    .setParameter("uid", studyInstanceUid)
                    .executeUpdate();
        }
        return bytes;
    }

    /**
     * Deletes the files of what was removed, those of an earlier process too.
     *
     * @throws IOException if one cannot be deleted; it is tried again the next time
     */
    public void deleteObjects() throws IOException {
        while (true) {
            List<String> keys = QuarkusTransaction.requiringNew().call(this::next);
            if (keys.isEmpty()) {
                return;
            }
            for (String key : keys) {
                archive.objects().delete(key);
            }
            QuarkusTransaction.requiringNew().run(() -> forget(keys));
        }
    }

    /**
     * The next files to delete; not those that the index refers to again because the same instance
     * was sent again on the same day.
     */
    private List<String> next() {
        session.createNativeMutationQuery(
                        "delete from removed_object r using instance i where i.object_key ="
                                + " r.object_key")
                .executeUpdate();
        return session.createNativeQuery(
                        "select object_key from removed_object order by object_key limit :n",
                        String.class)
                .setParameter("n", OBJECTS_TOGETHER)
                .getResultList();
    }

    private void forget(List<String> keys) {
        session.createNativeMutationQuery("delete from removed_object where object_key in (:keys)")
                .setParameter("keys", keys)
                .executeUpdate();
    }
}
