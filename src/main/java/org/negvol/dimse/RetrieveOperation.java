package org.negvol.dimse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/** One C-MOVE or C-GET as SCP: the C-STORE sub-operations and their count (PS3.4 C.4.2.1.5). */
final class RetrieveOperation extends Operation {

    private static final Logger LOG = System.getLogger(RetrieveOperation.class.getName());

    private final Association association;
    private final Negotiation.Context context;
    private final Attributes command;
    private final QueryRequest query;
    private final RetrieveHandler handler;
    private final boolean isMove;

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
        AssociateOptions options = ObjectSender.propose(destination, objects);
        ObjectSender.MoveOrigin origin =
                new ObjectSender.MoveOrigin(query.association().callingAet(), query.messageId());
        Association out = null;
        boolean reachable = true;
        try {
            for (StoredObject object : objects) {
                if (isCancelled()) {
                    return;
                }
                // An association that broke over one object may be had again for the next.
                if (reachable && (out == null || !out.isOpen())) {
                    out = open(options, out);
                    reachable = out != null;
                }
                if (out == null) {
                    failed(object, null);
                    continue;
                }
                try {
                    count(
                            object,
                            ObjectSender.send(
                                    out,
                                    object,
                                    out.acceptedTransferSyntaxes(object.sopClassUid()),
                                    origin));
                } catch (IOException e) {
                    failed(object, e);
                }
                respond(DimseStatus.PENDING);
            }
        } finally {
            if (out != null) {
                out.close();
            }
        }
    }

    private @Nullable Association open(AssociateOptions options, @Nullable Association before) {
        if (before != null) {
            before.close();
        }
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

    private void count(StoredObject object, DimseStatus status) {
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

    private void failed(StoredObject object, @Nullable IOException why) {
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

    private void respond(DimseStatus status) throws IOException {
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
