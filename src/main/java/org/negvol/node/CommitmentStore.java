package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hibernate.StatelessSession;

/** The requests for storage commitment whose report has not reached its requestor yet. */
@ApplicationScoped
@Transactional
class CommitmentStore {

    private static final String ALL =
            "select transaction_uid, calling_aet, peer_host, instances, requested_at, attempts"
                    + " from commitment ";

    private final StatelessSession session;

    CommitmentStore(StatelessSession session) {
        this.session = session;
    }

    /**
     * A request.
     *
     * @param transactionUid Transaction UID
     * @param callingAet who asked
     * @param peerHost from where
     * @param instances for what
     * @param requestedAt when
     * @param attempts how often a report was tried to be sent
     */
    record Commitment(
            String transactionUid,
            String callingAet,
            String peerHost,
            List<InstanceReference> instances,
            Instant requestedAt,
            int attempts) {
        Commitment {
            instances = List.copyOf(instances);
        }
    }

    /** Keeps a request; one of the same Transaction UID is replaced. */
    void add(Commitment commitment, String calledAet, Instant nextAttemptAt) {
        StringBuilder instances = new StringBuilder();
        for (InstanceReference i : commitment.instances()) {
            instances.append(i.sopClassUid()).append(' ').append(i.sopInstanceUid()).append('\n');
        }
        session.createNativeMutationQuery(
                        "insert into commitment (transaction_uid, calling_aet, called_aet,"
                                + " peer_host, instances, requested_at, next_attempt_at) values"
                                + " (:uid, :calling, :called, :host, :instances, :at, :next) on"
                                + " conflict (transaction_uid) do update set instances ="
                                + " excluded.instances, attempts = 0, next_attempt_at ="
                                + " excluded.next_attempt_at")
                .setParameter("uid", commitment.transactionUid())
                .setParameter("calling", commitment.callingAet())
                .setParameter("called", calledAet)
                .setParameter("host", commitment.peerHost())
                .setParameter("instances", instances.toString())
                .setParameter("at", commitment.requestedAt())
                .setParameter("next", nextAttemptAt)
                .executeUpdate();
    }

    Optional<Commitment> find(String transactionUid) {
        return session
                .createNativeQuery(ALL + "where transaction_uid = :uid", Object[].class)
                .setParameter("uid", transactionUid)
                .getResultList()
                .stream()
                .map(CommitmentStore::commitment)
                .findFirst();
    }

    /** Those whose report is to be tried now, the longest waiting first. */
    List<Commitment> due(int limit) {
        return session
                .createNativeQuery(
                        ALL + "where next_attempt_at <= :now order by next_attempt_at",
                        Object[].class)
                .setParameter("now", Instant.now())
                .setMaxResults(limit)
                .getResultList()
                .stream()
                .map(CommitmentStore::commitment)
                .toList();
    }

    /** The report did not arrive. */
    void postpone(String transactionUid, Instant nextAttemptAt, String sentence) {
        session.createNativeMutationQuery(
                        "update commitment set attempts = attempts + 1, next_attempt_at = :next,"
                                + " sentence = :sentence where transaction_uid = :uid")
                .setParameter("uid", transactionUid)
                .setParameter("next", nextAttemptAt)
                .setParameter("sentence", sentence)
                .executeUpdate();
    }

    /** The report has arrived, or will not any more. */
    void remove(String transactionUid) {
        session.createNativeMutationQuery("delete from commitment where transaction_uid = :uid")
                .setParameter("uid", transactionUid)
                .executeUpdate();
    }

    private static Commitment commitment(Object[] row) {
        List<InstanceReference> instances = new ArrayList<>();
        for (String line : ((String) row[3]).split("\n", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                instances.add(
                        new InstanceReference(line.substring(0, blank), line.substring(blank + 1)));
            }
        }
        return new Commitment(
                (String) row[0],
                (String) row[1],
                (String) row[2],
                instances,
                (Instant) row[4],
                ((Number) row[5]).intValue());
    }
}
