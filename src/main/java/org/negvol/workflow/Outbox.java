package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.negvol.report.ResultObject;

/** The deliveries in the database. */
@ApplicationScoped
@Transactional
class Outbox {

    /**
     * An object that is to be sent.
     *
     * @param deliveryId its row
     * @param kind what it is, for logs
     * @param sopClassUid SOP Class UID
     * @param sopInstanceUid SOP Instance UID
     * @param transferSyntaxUid how the archive holds it
     * @param objectKey where the archive holds it
     * @param attempts how often it was tried
     * @param createdAt since when it waits
     * @param changedAt since when its state is what it is; for what was sent, when the destination
     *     was last asked to commit
     * @param state whether it is only kept for the case that something else is refused, or was sent
     * @param inPlaceOf the name of what was refused and it is sent for
     */
    record Parcel(
            long deliveryId,
            String kind,
            String sopClassUid,
            String sopInstanceUid,
            String transferSyntaxUid,
            String objectKey,
            int attempts,
            Instant createdAt,
            Instant changedAt,
            DeliveryState state,
            @Nullable String inPlaceOf) {

        ResultObject.Kind resultKind() {
            return ResultObject.Kind.valueOf(kind);
        }

        boolean isOnStandby() {
            return state == DeliveryState.STANDBY;
        }

        /** Whether the destination took it and has not said whether it keeps it. */
        boolean isSent() {
            return state == DeliveryState.SENT;
        }
    }

    private final StatelessSession session;

    Outbox(StatelessSession session) {
        this.session = session;
    }

    /**
     * What of a job is still to be sent to a destination or to be committed to by it, and what is
     * on standby, in the order of sending.
     */
    List<Parcel> parcels(long jobId, String destination) {
        return session.createSelectionQuery(
                        "select d.id, r.kind, r.sopClassUid, r.sopInstanceUid,"
                                + " i.transferSyntaxUid, i.objectKey, d.attempts, d.createdAt,"
                                + " d.changedAt, d.state, d.inPlaceOf"
                                + " from Delivery d"
                                + " join ResultObject r on r.jobId = d.jobId and r.position ="
                                + " d.position"
                                + " join Instance i on i.sopInstanceUid = r.sopInstanceUid"
                                + " where d.jobId = :job and d.destination = :destination"
                                + " and d.state in (PENDING, SENDING, SENT, STANDBY)"
                                + " order by d.position",
                        Parcel.class)
                .setParameter("job", jobId)
                .setParameter("destination", destination)
                .getResultList();
    }

    /**
     * Says that an object is about to be sent.
     *
     * @return false if it is not to be sent any more
     */
    boolean begin(Parcel parcel) {
        return session.createMutationQuery(
                                "update Delivery set state = SENDING, attempts = attempts + 1,"
                                        + " sentence = 'Being sent.', changedAt = instant"
                                        + " where id = :id and state in (PENDING, SENDING)")
                        .setParameter("id", parcel.deliveryId)
                        .executeUpdate()
                == 1;
    }

    /** Says what became of objects; what was superseded meanwhile stays so. */
    void end(List<Parcel> parcels, DeliveryState state, String sentence) {
        if (parcels.isEmpty()) {
            return;
        }
        session.createMutationQuery(
                        "update Delivery set state = :state, sentence = :sentence,"
                                + " changedAt = instant where id in :ids and state in"
                                + " (PENDING, SENDING, SENT)")
                .setParameter("state", state)
                .setParameter("sentence", sentence)
                .setParameter("ids", parcels.stream().map(Parcel::deliveryId).toList())
                .executeUpdate();
    }

    /** What is sent instead of something refused. */
    sealed interface Instead {
        /**
         * @param words its name
         */
        record Sent(String words) implements Instead {}

        /** It has to be made first; meanwhile what was refused stays to be sent. */
        record ToBeMade() implements Instead {}

        /** The delivery has failed. */
        record Nothing() implements Instead {}
    }

    /**
     * Says that a destination takes no object of this kind, and has the best alternative that it
     * has not refused sent instead.
     *
     * @param sentence why
     * @param hasAlternatives whether there are some that can be made
     */
    Instead refused(Parcel parcel, String destination, String sentence, boolean hasAlternatives) {
        for (ResultObject.Kind kind : parcel.resultKind().alternatives()) {
            List<Long> instead =
                    session.createSelectionQuery(
                                    "select d.id from Delivery d join ResultObject r"
                                            + " on r.jobId = d.jobId and r.position = d.position"
                                            + " where r.kind = :kind"
                                            + " and d.destination = :destination"
                                            + " and d.state not in (REFUSED, FAILED, SUPERSEDED)"
                                            + " and d.jobId ="
                                            + " (select jobId from Delivery where id = :id)",
                                    Long.class)
                            .setParameter("kind", kind.name())
                            .setParameter("destination", destination)
                            .setParameter("id", parcel.deliveryId)
                            .getResultList();
            if (!instead.isEmpty()) {
                session.createMutationQuery(
                                "update Delivery set state = PENDING, inPlaceOf = :refused,"
                                        + " sentence = 'Waiting to be sent.', createdAt = instant,"
                                        + " changedAt = instant"
                                        + " where id in :ids and state = STANDBY")
                        .setParameter("refused", parcel.resultKind().words())
                        .setParameter("ids", instead)
                        .executeUpdate();
                end(
                        List.of(parcel),
                        DeliveryState.REFUSED,
                        "%s %s is sent instead.".formatted(sentence, kind.words()));
                return new Instead.Sent(kind.words());
            }
        }
        if (hasAlternatives && !areAlternativesMade(parcel, destination)) {
            end(
                    List.of(parcel),
                    DeliveryState.PENDING,
                    sentence + " What is sent instead is being made.");
            return new Instead.ToBeMade();
        }
        end(List.of(parcel), DeliveryState.FAILED, sentence + " There is nothing to send instead.");
        return new Instead.Nothing();
    }

    /** Whether something waits for a refusal, or has been sent in place of something. */
    private boolean areAlternativesMade(Parcel parcel, String destination) {
        return session.createSelectionQuery(
                                "select count(*) from Delivery where destination = :destination"
                                        + " and (state = STANDBY or inPlaceOf is not null)"
                                        + " and jobId = (select jobId from Delivery where id = :id)",
                                Long.class)
                        .setParameter("destination", destination)
                        .setParameter("id", parcel.deliveryId)
                        .getSingleResult()
                > 0;
    }

    /** Says that the association ended before these objects were answered; they stay to be sent. */
    void interrupted(List<Parcel> parcels, String sentence) {
        if (parcels.isEmpty()) {
            return;
        }
        // One that was begun has been counted.
        session.createMutationQuery(
                        "update Delivery set attempts = attempts + case when state = PENDING then"
                                + " 1 else 0 end, state = PENDING, sentence = :sentence,"
                                + " changedAt = instant where id in :ids and state in"
                                + " (PENDING, SENDING)")
                .setParameter("sentence", sentence)
                .setParameter("ids", parcels.stream().map(Parcel::deliveryId).toList())
                .executeUpdate();
    }

    /** Says by which transaction a destination is now asked to commit to what it took. */
    void asking(List<Parcel> parcels, String transactionUid) {
        session.createMutationQuery(
                        "update Delivery set commitmentUid = :transaction, changedAt = instant"
                                + " where id in :ids and state = SENT")
                .setParameter("transaction", transactionUid)
                .setParameter("ids", parcels.stream().map(Parcel::deliveryId).toList())
                .executeUpdate();
    }

    /**
     * Objects that a destination has reported on.
     *
     * @param attempts how often the one that was sent most often was
     */
    record Reported(long jobId, String destination, int attempts) {}

    /**
     * Notes what a destination has committed to and what it has not, which is to be sent again.
     *
     * @param failed SOP Instance UIDs with the Failure Reason
     * @return whose objects they are; empty if the transaction is none of ours or is done
     */
    List<Reported> reported(
            String transactionUid, List<String> committed, Map<String, Integer> failed) {
        List<Reported> ours =
                session.createSelectionQuery(
                                "select jobId, destination, max(attempts) from Delivery"
                                        + " where commitmentUid = :transaction and state = SENT"
                                        + " group by jobId, destination",
                                Reported.class)
                        .setParameter("transaction", transactionUid)
                        .getResultList();
        if (ours.isEmpty()) {
            return ours;
        }
        reported(
                transactionUid,
                committed,
                DeliveryState.DELIVERED,
                " The destination has committed to it.");
        failed.forEach(
                (instance, reason) ->
                        reported(
                                transactionUid,
                                List.of(instance),
                                DeliveryState.PENDING,
                                " The destination does not keep it (failure reason %04X); it is"
                                                .formatted(reason)
                                        + " sent again."));
        return ours;
    }

    private void reported(
            String transactionUid, List<String> instances, DeliveryState state, String sentence) {
        if (instances.isEmpty()) {
            return;
        }
        session.createMutationQuery(
                        "update Delivery d set state = :state, sentence = concat(sentence,"
                                + " :sentence), changedAt = instant"
                                + " where d.commitmentUid = :transaction and d.state = SENT"
                                + " and exists (select 1 from ResultObject r where"
                                + " r.jobId = d.jobId and r.position = d.position"
                                + " and r.sopInstanceUid in :instances)")
                .setParameter("state", state)
                .setParameter("sentence", sentence)
                .setParameter("transaction", transactionUid)
                .setParameter("instances", instances)
                .executeUpdate();
    }

    /**
     * Has what a destination does not have of a study's results tried again as if it were new.
     *
     * @return the jobs whose objects they are
     */
    List<Long> revive(String studyInstanceUid, String destination) {
        return session.createNativeQuery(
                        """
                        with again as (
                            update delivery set state = 'PENDING', created_at = now(),
                                changed_at = now(), sentence = 'To be sent again at once.'
                            where destination = :destination
                                and state in ('PENDING', 'FAILED', 'REFUSED')
                                and job_id in (select j.id from job j
                                    join series s on s.id = j.series_id
                                    join study st on st.id = s.study_id
                                    where st.study_instance_uid = :study)
                            returning job_id)
                        select distinct job_id from again""",
                        Long.class)
                .setParameter("destination", destination)
                .setParameter("study", studyInstanceUid)
                .getResultList();
    }

    /** How many deliveries there are by destination and state, and since when the oldest waits. */
    List<Object[]> backlog() {
        return session.createSelectionQuery(
                        "select destination, state, count(*), min(createdAt) from Delivery"
                                + " where state in (PENDING, SENDING, SENT, FAILED)"
                                + " group by destination, state",
                        Object[].class)
                .getResultList();
    }
}
