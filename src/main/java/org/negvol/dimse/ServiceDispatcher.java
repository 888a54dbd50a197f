package org.negvol.dimse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;

/** Who performs what the peer asks for, and what does it hear? */
final class ServiceDispatcher {

    private static final Logger LOG = System.getLogger(ServiceDispatcher.class.getName());

    private final Association association;
    private final List<DimseService> services;
    private final AssociationListener listener;

    ServiceDispatcher(
            Association association, List<DimseService> services, AssociationListener listener) {
        this.association = association;
        this.services = services;
        this.listener = listener;
    }

    /**
     * Performs a request. Returns when the next message may be read.
     *
     * @throws IOException if the association has ended
     */
    void dispatch(MessageInput.Message message) throws IOException {
        Attributes rq = message.command();
        if (!rq.containsValue(Tag.MessageID)) {
            association.abort("request without Message ID");
            return;
        }
        if (!rq.containsValue(Tag.CommandField)) {
            association.abort("message without Command Field");
            return;
        }
        CommandField field = CommandField.of(rq.getInt(Tag.CommandField, 0));
        if (field == CommandField.C_CANCEL) {
            // Nothing is running that it could mean.
            finish(message);
            return;
        }
        long start = System.nanoTime();
        DimseStatus status =
                field == null
                        ? DimseStatus.UNRECOGNIZED_OPERATION
                        : switch (field) {
                            case C_ECHO -> DimseStatus.SUCCESS;
                            case C_STORE -> store(message);
                            case C_GET,
                                    C_FIND,
                                    C_MOVE,
                                    N_EVENT_REPORT,
                                    N_GET,
                                    N_SET,
                                    N_ACTION,
                                    N_CREATE,
                                    N_DELETE,
                                    C_CANCEL ->
                                    DimseStatus.UNRECOGNIZED_OPERATION;
                        };
        long bytes = finish(message);
        association.respond(message.contextId(), Commands.response(rq, status, false), null);
        if (field != null) {
            performed(field, rq, status, bytes, System.nanoTime() - start);
        }
    }

    private static long finish(MessageInput.Message message) throws IOException {
        DatasetInputStream dataset = message.dataset();
        if (dataset == null) {
            return 0;
        }
        dataset.finish();
        return dataset.bytesReceived();
    }

    private DimseStatus store(MessageInput.Message message) throws AssociationEndedException {
        Attributes rq = message.command();
        String sopClass = rq.getString(Tag.AffectedSOPClassUID, "");
        String sopInstance = rq.getString(Tag.AffectedSOPInstanceUID, "");
        Negotiation.Context context = association.context(message.contextId());
        DatasetInputStream dataset = message.dataset();
        if (dataset == null) {
            return DimseStatus.CANNOT_UNDERSTAND.withComment("C-STORE without a data set");
        }
        if (!sopClass.equals(context.abstractSyntax())) {
            return DimseStatus.SOP_CLASS_NOT_SUPPORTED.withComment(
                    "SOP class is not the presentation context's");
        }
        if (!Commands.isUid(sopInstance)) {
            return DimseStatus.INVALID_SOP_INSTANCE;
        }
        Optional<CStoreHandler> handler = find(CStoreHandler.class, sopClass);
        if (handler.isEmpty()) {
            return DimseStatus.SOP_CLASS_NOT_SUPPORTED;
        }
        StoreRequest store =
                new StoreRequest(
                        association.info(),
                        rq.getInt(Tag.MessageID, 0),
                        sopClass,
                        sopInstance,
                        context.transferSyntax(),
                        rq.getInt(Tag.Priority, 0),
                        rq.getString(Tag.MoveOriginatorApplicationEntityTitle),
                        rq.getInt(Tag.MoveOriginatorMessageID, 0));
        try {
            return handler.get().store(store, dataset);
        } catch (IOException e) {
            // The handler may have failed on an association of its own: that is not this one's end.
            association.requireOpen();
            LOG.log(
                    Level.ERROR,
                    "%s: instance %s not stored".formatted(association.info(), sopInstance),
                    e);
            return DimseStatus.OUT_OF_RESOURCES;
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "%s: instance %s not stored".formatted(association.info(), sopInstance),
                    e);
            return DimseStatus.PROCESSING_FAILURE;
        }
    }

    private <T extends DimseService> Optional<T> find(Class<T> type, String sopClass) {
        return services.stream()
                .filter(s -> type.isInstance(s) && s.serves(sopClass))
                .map(type::cast)
                .findFirst();
    }

    private void performed(
            CommandField field, Attributes rq, DimseStatus status, long bytes, long nanos) {
        Listeners.tell(
                listener,
                l ->
                        l.performed(
                                association.info(),
                                field,
                                uid(Commands.sopClassUid(rq)),
                                uid(Commands.sopInstanceUid(rq)),
                                status,
                                bytes,
                                nanos));
    }

    private static @Nullable String uid(@Nullable String uid) {
        return uid != null && Commands.isUid(uid) ? uid : null;
    }
}
