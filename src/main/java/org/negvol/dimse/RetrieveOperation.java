package org.negvol.dimse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/** One C-MOVE or C-GET as SCP: the C-STORE sub-operations and their count (PS3.4 C.4.2.1.5). */
final class RetrieveOperation extends Operation {

    private static final Logger LOG = System.getLogger(RetrieveOperation.class.getName());

    /** Sub-operations of a C-MOVE at a time, where the destination grants so many. */
    private static final int MOST_AT_A_TIME = 8;

    private final Association association;
    private final Negotiation.Context context;
    private final Attributes command;
    private final QueryRequest query;
    private final RetrieveHandler handler;
    private final boolean isMove;

    private final Lock encoding = new ReentrantLock();

    private int remaining;
    private int completed;
    private int warning;
    private final List<String> failed = new ArrayList<>();

    RetrieveOperation(
            Association association,
            Negotiation.Context context,
            Attributes command,
            QueryRequest query,
            RetrieveHandler handler) {
        this.association = association;
        this.context = context;
        this.command = command;
        this.query = query;
        this.handler = handler;
        this.isMove = command.getInt(Tag.CommandField, 0) == CommandField.C_MOVE.code();
    }

    @Override
    DimseStatus run() throws IOException {
        RetrieveHandler.Retrieval retrieval = decide();
        return switch (retrieval) {
            case RetrieveHandler.Refuse(DimseStatus status) -> {
                association.respond(context.id(), Commands.response(command, status, false), null);
                yield status;
            }
            case RetrieveHandler.Send send -> retrieve(send);
        };
    }

    private RetrieveHandler.Retrieval decide() throws IOException {
        String destination = null;
        if (isMove) {
            destination = command.getString(Tag.MoveDestination);
            if (destination == null) {
                return new RetrieveHandler.Refuse(DimseStatus.MOVE_DESTINATION_UNKNOWN);
            }
        }
        try {
            return handler.retrieve(query, destination);
        } catch (IOException | RuntimeException e) {
            association.requireOpen();
            LOG.log(Level.ERROR, association.info() + ": nothing retrieved", e);
            return new RetrieveHandler.Refuse(
                    DimseStatus.CANNOT_UNDERSTAND.withComment("the index does not answer"));
        }
    }

    private DimseStatus retrieve(RetrieveHandler.Send send) throws IOException {
        remaining = send.objects().size();
        AssociateOptions destination = send.destination();
        if (isMove && destination != null) {
            move(send.objects(), destination);
        } else {
            get(send.objects());
        }
        DimseStatus status = finalStatus(send.objects().size());
        respond(status);
        return status;
    }

    private DimseStatus finalStatus(int all) {
        if (isCancelled()) {
            return DimseStatus.CANCEL;
        }
        if (failed.isEmpty() && warning == 0) {
            return DimseStatus.SUCCESS;
        }
        return failed.size() == all
                ? DimseStatus.UNABLE_TO_PERFORM_SUBOPERATIONS
                : DimseStatus.SUBOPERATIONS_WITH_FAILURES;
    }

    private void get(List<StoredObject> objects) throws IOException {
        for (StoredObject object : objects) {
            if (isCancelled()) {
                return;
            }
            try {
                count(
                        object,
                        ObjectSender.send(
                                association,
                                object,
                                association.transferSyntaxesForRequestor(object.sopClassUid()),
                                null));
            } catch (NoPresentationContextException e) {
                failed(object, e);
            } catch (IOException e) {
                association.requireOpen();
                failed(object, e);
            }
            respond(DimseStatus.PENDING);
        }
    }

    private void move(List<StoredObject> objects, AssociateOptions destination) throws IOException {
        AssociateOptions options =
                ObjectSender.propose(destination, objects).withWindow(MOST_AT_A_TIME);
        Queue<StoredObject> left = new ConcurrentLinkedQueue<>(objects);
        // An association that broke over one object may be had again for the next.
        while (!left.isEmpty() && !isCancelled()) {
            try (Association out = open(options)) {
                if (out == null) {
                    left.forEach(object -> failed(object, null));
                    return;
                }
                OperationsWindow.fill(out, left.size(), i -> moveNext(left, out, i == 0));
            }
        }
    }

    /**
     * Takes an object and sends it, unless there is no use in it.
     *
     * @param first of the association: it is tried in any case, so that none is tried for ever
     */
    private void moveNext(Queue<StoredObject> left, Association out, boolean first)
            throws IOException {
        boolean goOn = !isCancelled() && (first || out.isOpen());
        StoredObject object = goOn ? left.poll() : null;
        if (object == null) {
            return;
        }
        try {
            count(object, send(object, out));
        } catch (IOException e) {
            failed(object, e);
        }
        respond(DimseStatus.PENDING);
    }

    /** Objects that must be encoded anew are held in memory: one at a time. */
    private DimseStatus send(StoredObject object, Association out) throws IOException {
        ObjectSender.MoveOrigin origin =
                new ObjectSender.MoveOrigin(query.association().callingAet(), query.messageId());
        List<String> accepted = out.acceptedTransferSyntaxes(object.sopClassUid());
        if (accepted.contains(object.transferSyntaxUid())) {
            return ObjectSender.send(out, object, accepted, origin);
        }
        encoding.lock();
        try {
            return ObjectSender.send(out, object, accepted, origin);
        } finally {
            encoding.unlock();
        }
    }

    private @Nullable Association open(AssociateOptions options) {
        try {
            return Association.open(options);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "%s: no association with %s for C-MOVE: %s"
                            .formatted(association.info(), options.calledAet(), e.getMessage()));
            return null;
        }
    }

    private synchronized void count(StoredObject object, DimseStatus status) {
        if (status.isFailure()) {
            LOG.log(
                    Level.WARNING,
                    "%s: instance %s was refused by its receiver: %s"
                            .formatted(association.info(), object.sopInstanceUid(), status));
            failed(object, null);
            return;
        }
        remaining--;
        if (status.isWarning()) {
            warning++;
        } else {
            completed++;
        }
    }

    private synchronized void failed(StoredObject object, @Nullable IOException why) {
        remaining--;
        failed.add(object.sopInstanceUid());
        if (why != null) {
            LOG.log(
                    Level.WARNING,
                    "%s: instance %s was not sent: %s"
                            .formatted(
                                    association.info(), object.sopInstanceUid(), why.getMessage()));
        }
    }

    private synchronized void respond(DimseStatus status) throws IOException {
        boolean over = !status.isPending();
        boolean list = over && !failed.isEmpty();
        Attributes response =
                Commands.response(command, status, list)
                        .setInt(Tag.NumberOfCompletedSuboperations, VR.US, count(completed))
                        .setInt(Tag.NumberOfFailedSuboperations, VR.US, count(failed.size()))
                        .setInt(Tag.NumberOfWarningSuboperations, VR.US, count(warning));
        if (!over || status.isCancel()) {
            response.setInt(Tag.NumberOfRemainingSuboperations, VR.US, count(remaining));
        }
        association.respond(
                context.id(),
                response,
                list
                        ? Association.encoded(
                                context,
                                new Attributes()
                                        .setString(
                                                Tag.FailedSOPInstanceUIDList,
                                                VR.UI,
                                                failed.toArray(String[]::new)))
                        : null);
    }

    /** The counts have 16 bits. */
    private static int count(int n) {
        return Math.min(n, 0xffff);
    }
}
