package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.negvol.archive.Archive;
import org.negvol.config.RemoteAe;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.RleEncoder;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UIDUtils;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.DataWriter;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.DimseTimeouts;
import org.negvol.node.CommitmentScu;
import org.negvol.node.Tls;
import org.negvol.report.ReportOptions;
import org.negvol.report.ResultObject;

/** Sends the objects of one result to one destination over one association, in their order. */
@ApplicationScoped
class ResultSender {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** What became of one object. */
    sealed interface Answer {

        /**
         * It arrived.
         *
         * @param willCommit whether the destination says later if it keeps it
         */
        record Taken(String sentence, boolean willCommit) implements Answer {}

        /** Not this time. */
        record NotNow(String sentence) implements Answer {}

        /** No object of its kind, as long as the destination is set up as it is. */
        record Refused(String sentence) implements Answer {}
    }

    /** Hears of each object. */
    interface Progress {

        /**
         * Asked before an object is sent.
         *
         * @return false to leave it out
         */
        boolean begin(Outbox.Parcel parcel);

        /** Told after it. */
        void end(Outbox.Parcel parcel, Answer answer, long nanos);

        /**
         * Told before the destination is asked to commit to objects that it took now or earlier.
         *
         * @param transactionUid what its report will name
         */
        void asking(List<Outbox.Parcel> taken, String transactionUid);

        /** Told that a destination will not commit to what it took. */
        void neverCommits(List<Outbox.Parcel> taken, String sentence);
    }

    private final Archive archive;
    private final Tls tls;
    private final DestinationWishes wishes;
    private final CommitmentScu commitment;

    ResultSender(Archive archive, Tls tls, DestinationWishes wishes, CommitmentScu commitment) {
        this.archive = archive;
        this.tls = tls;
        this.wishes = wishes;
        this.commitment = commitment;
    }

    /**
     * Sends what is not on standby and was not sent, and asks where it is kept for commitment to
     * what was. What may be sent instead is proposed too, made or not: a destination that takes
     * only that does not take nothing.
     *
     * @throws IOException if there is no association or it broke; what was told to have arrived has
     */
    void send(RemoteAe destination, List<Outbox.Parcel> parcels, Progress progress)
            throws IOException {
        AssociateOptions options = tls.call(destination);
        options = options.withTimeouts(DimseTimeouts.DEFAULT.withConnect(CONNECT));
        Set<ResultObject.Kind> kinds = EnumSet.noneOf(ResultObject.Kind.class);
        ReportOptions wish = wishes.of(destination.name());
        for (Outbox.Parcel parcel : parcels) {
            kinds.add(parcel.resultKind());
            if (wish.fallback()) {
                kinds.addAll(parcel.resultKind().alternatives());
            }
        }
        for (ResultObject.Kind kind : kinds) {
            for (List<TransferSyntax> offer : wish.offers(kind)) {
                options =
                        options.propose(
                                kind.sopClassUid(),
                                offer.stream().map(TransferSyntax::uid).toList());
            }
        }
        try (Association association = Association.open(commitment.propose(options))) {
            boolean commits = CommitmentScu.isOffered(association);
            List<Outbox.Parcel> taken = new ArrayList<>();
            boolean takesAny =
                    kinds.stream()
                            .map(ResultObject.Kind::sopClassUid)
                            .anyMatch(c -> !association.acceptedTransferSyntaxes(c).isEmpty());
            for (Outbox.Parcel parcel : parcels) {
                if (parcel.isSent()) {
                    taken.add(parcel);
                    continue;
                }
                if (parcel.isOnStandby() || !progress.begin(parcel)) {
                    continue;
                }
                long start = System.nanoTime();
                Optional<String> syntax =
                        association.acceptedTransferSyntaxes(parcel.sopClassUid()).stream()
                                .findFirst();
                Answer answer =
                        syntax.isPresent()
                                ? store(association, destination, parcel, syntax.get(), commits)
                                : unsupported(destination, parcel, takesAny);
                progress.end(parcel, answer, System.nanoTime() - start);
                if (answer instanceof Answer.Taken t && t.willCommit()) {
                    taken.add(parcel);
                }
            }
            if (taken.isEmpty()) {
                return;
            }
            if (commits) {
                askToCommit(association, destination, taken, progress);
            } else {
                progress.neverCommits(
                        taken, "%s offers no storage commitment any more.".formatted(destination));
            }
        }
    }

    private void askToCommit(
            Association association,
            RemoteAe destination,
            List<Outbox.Parcel> taken,
            Progress progress)
            throws IOException {
        String transactionUid = UIDUtils.createUID();
        progress.asking(taken, transactionUid);
        CommitmentScu.Reply reply =
                commitment.ask(
                        association,
                        destination,
                        transactionUid,
                        taken.stream()
                                .map(
                                        p ->
                                                new CommitmentScu.Sent(
                                                        p.sopClassUid(), p.sopInstanceUid()))
                                .toList());
        if (reply == CommitmentScu.Reply.NEVER) {
            progress.neverCommits(taken, "%s refuses to commit.".formatted(destination));
        }
    }

    /** One that takes nothing at all has a problem that may pass: a licence, a full queue. */
    private static Answer unsupported(
            RemoteAe destination, Outbox.Parcel parcel, boolean takesAny) {
        return takesAny
                ? refused(destination, parcel)
                : new Answer.NotNow("%s takes none of the SOP classes now.".formatted(destination));
    }

    private static Answer refused(RemoteAe destination, Outbox.Parcel parcel) {
        return new Answer.Refused(
                "%s does not take objects of the kind %s."
                        .formatted(destination, parcel.resultKind().words()));
    }

    private Answer store(
            Association association,
            RemoteAe destination,
            Outbox.Parcel parcel,
            String syntax,
            boolean commits)
            throws IOException {
        DimseStatus status;
        try (InputStream file = new BufferedInputStream(archive.open(parcel.objectKey()))) {
            DataWriter data;
            if (syntax.equals(parcel.transferSyntaxUid())) {
                Archive.skipMetaInformation(file);
                data = DataWriter.of(file);
            } else {
                Attributes read = new DicomInputStream(file).readDataset();
                Attributes dataset =
                        syntax.equals(TransferSyntax.RLE_LOSSLESS.uid())
                                ? RleEncoder.encode(read)
                                : read;
                data =
                        out -> {
                            BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
                            DicomOutputStream dicom = new DicomOutputStream(buffered);
                            dicom.writeDataset(dataset, TransferSyntax.of(syntax));
                            dicom.flush();
                            buffered.flush();
                        };
            }
            status = association.store(parcel.sopClassUid(), parcel.sopInstanceUid(), syntax, data);
        }
        if (status.code() == DimseStatus.SOP_CLASS_NOT_SUPPORTED.code()) {
            return refused(destination, parcel);
        }
        if (status.isFailure()) {
            return new Answer.NotNow("Refused with status %s.".formatted(status));
        }
        return new Answer.Taken(
                "%s%s%s."
                        .formatted(
                                commits ? "Taken" : "Delivered",
                                parcel.inPlaceOf() == null
                                        ? ""
                                        : " in place of " + parcel.inPlaceOf(),
                                status.isSuccess() ? "" : ", with status " + status),
                commits);
    }
}
