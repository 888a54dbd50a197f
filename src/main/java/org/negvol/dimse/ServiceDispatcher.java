package org.negvol.dimse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;

/** Who performs what the peer asks for, and what does it hear? */
final class ServiceDispatcher {

    private static final Logger LOG = System.getLogger(ServiceDispatcher.class.getName());

    private final Association association;
    private final List<DimseService> services;
    private final AssociationListener listener;

    /** Queries and retrievals: more at a time than any peer needs. */
    private static final int MOST_OPERATIONS = 8;

    private final Map<Integer, Operation> operations = new ConcurrentHashMap<>();

    /** Stores what came while the next object is read; as many at work as windows have room for. */
    private static final ExecutorService STORES =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("dimse-store-", 0).factory());

    /** How many objects may be on their way to the handler. */
    private final int window;

    private final Semaphore free;

    /**
     * @param window how many operations the peer may have outstanding
     */
    ServiceDispatcher(
            Association association,
            List<DimseService> services,
            AssociationListener listener,
            int window) {
        this.association = association;
        this.services = services;
        this.listener = listener;
        this.window = window;
        this.free = new Semaphore(window);
    }

    /**
     * Performs a request. Returns when the next message may be read; queries and retrievals go on
     * then, so that C-CANCEL and the responses to sub-operations are read.
     *
     * @throws IOException if the association has ended
     */
    void dispatch(MessageInput.Message message) throws IOException {
        Attributes rq = message.command();
        if (!rq.containsValue(Tag.CommandField)) {
            association.abort("message without Command Field");
            return;
        }
        CommandField field = CommandField.of(rq.getInt(Tag.CommandField, 0));
        if (field == CommandField.C_CANCEL) {
            finish(message);
            cancel(rq.getInt(Tag.MessageIDBeingRespondedTo, -1));
            return;
        }
        if (!rq.containsValue(Tag.MessageID)) {
            association.abort("request without Message ID");
            return;
        }
        if (field == null) {
            finish(message);
            association.respond(
                    message.contextId(),
                    Commands.response(rq, DimseStatus.UNRECOGNIZED_OPERATION, false),
                    null);
            return;
        }
        long start = System.nanoTime();
        switch (field) {
            case C_ECHO -> answer(message, field, DimseStatus.SUCCESS, start);
            case C_STORE -> store(message, start);
            case C_FIND, C_MOVE, C_GET -> begin(message, field, start);
            case N_ACTION, N_EVENT_REPORT, N_CREATE, N_SET -> normalized(message, field, start);
            case N_GET, N_DELETE, C_CANCEL ->
                    answer(message, field, DimseStatus.UNRECOGNIZED_OPERATION, start);
        }
    }

    private void answer(
            MessageInput.Message message, CommandField field, DimseStatus status, long start)
            throws IOException {
        Attributes rq = message.command();
        long bytes = finish(message);
        association.respond(message.contextId(), Commands.response(rq, status, false), null);
        performed(field, rq, status, bytes, System.nanoTime() - start);
    }

    private void cancel(int messageId) {
        Operation operation = operations.get(messageId);
        // Else it is done already, and the final response on its way.
        if (operation != null) {
            operation.cancel();
        }
    }

    /** The association is over: nobody wants results any more. */
    void cancelAll() {
        operations.values().forEach(Operation::cancel);
    }

    // ---------------------------------------------------------------- queries and retrievals

    private void begin(MessageInput.Message message, CommandField field, long start)
            throws IOException {
        Attributes rq = message.command();
        String sopClass = rq.getString(Tag.AffectedSOPClassUID, "");
        Negotiation.Context context = association.context(message.contextId());
        DimseStatus refusal = null;
        Attributes identifier = null;
        if (!sopClass.equals(context.abstractSyntax())) {
            refusal =
                    DimseStatus.SOP_CLASS_NOT_SUPPORTED.withComment(
                            "SOP class is not the presentation context's");
        } else if (operations.size() >= MOST_OPERATIONS) {
            refusal = DimseStatus.OUT_OF_RESOURCES.withComment("too many operations at a time");
        } else {
            try {
                identifier = association.readDataset(message);
                if (identifier == null) {
                    refusal = DimseStatus.CANNOT_UNDERSTAND.withComment("no identifier");
                }
            } catch (DicomException e) {
                refusal = DimseStatus.CANNOT_UNDERSTAND.withComment(comment(e));
            }
        }
        Operation operation = null;
        if (identifier != null) {
            QueryRequest query =
                    new QueryRequest(
                            association.info(),
                            rq.getInt(Tag.MessageID, 0),
                            sopClass,
                            rq.getInt(Tag.Priority, 0),
                            identifier);
            operation = operation(field, context, rq, query);
            if (operation == null) {
                refusal = DimseStatus.UNRECOGNIZED_OPERATION;
            } else if (operations.putIfAbsent(query.messageId(), operation) != null) {
                refusal = DimseStatus.DUPLICATE_INVOCATION;
            }
        }
        if (refusal != null || operation == null) {
            answer(
                    message,
                    field,
                    refusal == null ? DimseStatus.UNRECOGNIZED_OPERATION : refusal,
                    start);
            return;
        }
        long bytes = finish(message);
        Operation running = operation;
        Thread.ofVirtual()
                .name("dimse-%s-%s".formatted(association.info().id(), field))
                .start(() -> run(running, field, rq, bytes, start));
    }

    private void run(
            Operation operation, CommandField field, Attributes rq, long bytes, long start) {
        DimseStatus status;
        try {
            status = operation.run();
        } catch (AssociationEndedException e) {
            LOG.log(Level.DEBUG, () -> association.info() + ": " + field + " not answered", e);
            status = DimseStatus.CANCEL;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> association.info() + ": " + field + " not answered", e);
            status = DimseStatus.PROCESSING_FAILURE;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "%s: %s failed".formatted(association.info(), field), e);
            association.abort("internal error");
            status = DimseStatus.PROCESSING_FAILURE;
        } finally {
            operations.remove(rq.getInt(Tag.MessageID, 0));
        }
        performed(field, rq, status, bytes, System.nanoTime() - start);
    }

    /** Null if nobody performs it. */
    private @Nullable Operation operation(
            CommandField field, Negotiation.Context context, Attributes rq, QueryRequest query) {
        if (field == CommandField.C_FIND) {
            return find(CFindHandler.class, query.sopClassUid())
                    .map(h -> (Operation) new FindOperation(association, context, rq, query, h))
                    .orElse(null);
        }
        return find(RetrieveHandler.class, query.sopClassUid())
                .map(h -> (Operation) new RetrieveOperation(association, context, rq, query, h))
                .orElse(null);
    }

    // ---------------------------------------------------------------- normalized services

    private void normalized(MessageInput.Message message, CommandField field, long start)
            throws IOException {
        Attributes rq = message.command();
        Negotiation.Context context = association.context(message.contextId());
        NResponse response = normalized(message, field, context);
        long bytes = finish(message);
        Attributes command = Commands.response(rq, response.status(), response.dataset() != null);
        String made = response.sopInstanceUid();
        if (made != null) {
            command.setString(Tag.AffectedSOPInstanceUID, VR.UI, made);
        }
        for (int tag : new int[] {Tag.ActionTypeID, Tag.EventTypeID}) {
            if (rq.containsValue(tag)) {
                command.setInt(tag, VR.US, rq.getInt(tag, 0));
            }
        }
        Attributes dataset = response.dataset();
        association.respond(
                message.contextId(),
                command,
                dataset == null ? null : Association.encoded(context, dataset));
        performed(field, rq, response.status(), bytes, System.nanoTime() - start);
        Runnable afterwards = response.afterwards();
        if (afterwards != null) {
            Thread.ofVirtual()
                    .name("dimse-%s-after-%s".formatted(association.info().id(), field))
                    .start(afterwards);
        }
    }

    private NResponse normalized(
            MessageInput.Message message, CommandField field, Negotiation.Context context)
            throws IOException {
        Attributes rq = message.command();
        String sopClass = Commands.sopClassUid(rq);
        if (sopClass == null || !sopClass.equals(context.abstractSyntax())) {
            return NResponse.of(DimseStatus.NO_SUCH_SOP_CLASS);
        }
        String sopInstance = Commands.sopInstanceUid(rq);
        if (sopInstance == null && field == CommandField.N_CREATE) {
            sopInstance = "";
        }
        if (sopInstance == null || (!sopInstance.isEmpty() && !UIDUtils.isUsable(sopInstance))) {
            return NResponse.of(DimseStatus.INVALID_SOP_INSTANCE);
        }
        try {
            Attributes dataset = association.readDataset(message);
            NRequest request =
                    new NRequest(
                            association,
                            rq.getInt(Tag.MessageID, 0),
                            sopClass,
                            sopInstance,
                            rq.getInt(
                                    field == CommandField.N_ACTION
                                            ? Tag.ActionTypeID
                                            : Tag.EventTypeID,
                                    0),
                            dataset == null ? new Attributes() : dataset);
            return perform(field, request);
        } catch (DicomException e) {
            return NResponse.of(DimseStatus.PROCESSING_FAILURE.withComment(comment(e)));
        } catch (IOException e) {
            association.requireOpen();
            LOG.log(Level.ERROR, "%s: %s not performed".formatted(association.info(), field), e);
            return NResponse.of(DimseStatus.PROCESSING_FAILURE);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "%s: %s not performed".formatted(association.info(), field), e);
            return NResponse.of(DimseStatus.PROCESSING_FAILURE);
        }
    }

    private NResponse perform(CommandField field, NRequest rq) throws IOException {
        String sopClass = rq.sopClassUid();
        NResponse none = NResponse.of(DimseStatus.UNRECOGNIZED_OPERATION);
        return switch (field) {
            case N_ACTION -> {
                Optional<NActionHandler> h = find(NActionHandler.class, sopClass);
                yield h.isPresent() ? h.get().action(rq) : none;
            }
            case N_EVENT_REPORT -> {
                Optional<NEventReportHandler> h = find(NEventReportHandler.class, sopClass);
                yield h.isPresent() ? h.get().report(rq) : none;
            }
            case N_CREATE -> {
                Optional<NCreateHandler> h = find(NCreateHandler.class, sopClass);
                yield h.isPresent() ? h.get().create(rq) : none;
            }
            case N_SET -> {
                Optional<NSetHandler> h = find(NSetHandler.class, sopClass);
                yield h.isPresent() ? h.get().set(rq) : none;
            }
            default -> none;
        };
    }

    private static String comment(DicomException e) {
        String message = e.getMessage();
        return message == null ? "" : message;
    }

    // ---------------------------------------------------------------- storage

    private static long finish(MessageInput.Message message) throws IOException {
        DatasetInputStream dataset = message.dataset();
        if (dataset == null) {
            return 0;
        }
        dataset.finish();
        return dataset.bytesReceived();
    }

    private void store(MessageInput.Message message, long start) throws IOException {
        DatasetInputStream dataset = message.dataset();
        if (window == 1 || dataset == null) {
            answer(message, CommandField.C_STORE, store(message), start);
            return;
        }
        // The peer may go on: what the handler still does when it has read the object (forcing it
        // to the disk) it does beside the reading of the next one.
        try {
            free.acquire();
            STORES.execute(() -> storeBeside(message, start));
            dataset.awaitRead();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            association.abort("interrupted while an object was stored");
        }
    }

    private void storeBeside(MessageInput.Message message, long start) {
        try {
            answer(message, CommandField.C_STORE, store(message), start);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> association.info() + ": C_STORE not answered", e);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, association.info() + ": C_STORE failed", e);
            association.abort("internal error");
        } finally {
            free.release();
        }
    }

    /** Waits until all objects that came are stored or refused. */
    void awaitStores() {
        free.acquireUninterruptibly(window);
        free.release(window);
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
        if (!UIDUtils.isUsable(sopInstance)) {
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
        return uid != null && UIDUtils.isUsable(uid) ? uid : null;
    }
}
