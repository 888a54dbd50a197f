package org.negvol.dimse;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/**
 * An association, of either side. As requestor:
 *
 * <pre>{@code
 * try (Association a = Association.open(options)) {
 *     DimseStatus status = a.store(sopClassUid, sopInstanceUid, transferSyntaxUid, in);
 * }
 * }</pre>
 *
 * <p>One virtual thread reads what the peer sends; any thread may invoke operations. As many are
 * outstanding at a time as the {@linkplain #window asynchronous operations window} has; who comes
 * beyond that waits.
 */
public final class Association implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Association.class.getName());

    /** Identifiers and attribute lists are short; more is a mistake or an attack, bytes. */
    private static final long MOST_HELD_BYTES = 32 << 20;

    private static final String RUN = Long.toString(System.currentTimeMillis(), 36);
    private static final AtomicLong COUNT = new AtomicLong();

    private final AssociationInfo info;
    private final UpperLayer upperLayer;
    private final Negotiation negotiation;
    private final DimseTimeouts timeouts;
    private final AssociationListener listener;
    private final MessageInput in;
    private final ByteBuffer sendBuffer;
    private final PdvOutputStream out;
    private final ServiceDispatcher dispatcher;
    private final ReentrantLock sendLock = new ReentrantLock();
    private boolean sendingOver;
    private final int window;
    private final Semaphore outstanding;
    private final Map<Integer, Invocation> invocations = new ConcurrentHashMap<>();
    private final AtomicInteger lastMessageId = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The parts an association is made of. */
    record Parts(
            AssociationInfo info,
            UpperLayer upperLayer,
            Negotiation negotiation,
            DimseTimeouts timeouts,
            long maxDatasetBytes,
            List<DimseService> services,
            AssociationListener listener) {}

    Association(Parts parts) {
        this.info = parts.info();
        this.upperLayer = parts.upperLayer();
        this.negotiation = parts.negotiation();
        this.timeouts = parts.timeouts();
        this.listener = parts.listener();
        this.in =
                new MessageInput(
                        upperLayer,
                        id -> negotiation.context(id) != null,
                        timeouts.pdu().toNanos(),
                        parts.maxDatasetBytes());
        this.sendBuffer = BufferPool.SHARED.take();
        this.out = new PdvOutputStream(upperLayer, sendBuffer, negotiation.sendPduLength());
        this.window = info.requestor() ? negotiation.window() : 1;
        this.outstanding = new Semaphore(window, true);
        this.dispatcher =
                new ServiceDispatcher(
                        this,
                        parts.services(),
                        listener,
                        info.requestor() ? 1 : negotiation.window());
    }

    static String nextId() {
        return RUN + "-" + COUNT.incrementAndGet();
    }

    /**
     * Connects, asks for an association and waits for the answer.
     *
     * @throws AssociationRejectedException if the peer says no
     * @throws AssociationEndedException if it aborts, closes or does not answer in time
     * @throws IOException if there is no connection to the peer
     */
    public static Association open(AssociateOptions options) throws IOException {
        Wire wire = connect(options);
        ByteBuffer receiveBuffer = BufferPool.SHARED.take();
        boolean opened = false;
        try {
            Association association = open(options, wire, receiveBuffer);
            Thread.ofPlatform()
                    .daemon()
                    .name("dimse-" + association.info.id())
                    .start(
                            () -> {
                                association.run(0);
                                BufferPool.SHARED.giveBack(receiveBuffer);
                            });
            opened = true;
            return association;
        } finally {
            if (!opened) {
                wire.close();
                BufferPool.SHARED.giveBack(receiveBuffer);
            }
        }
    }

    private static Wire connect(AssociateOptions options) throws IOException {
        long timeoutNanos = options.timeouts().connect().toNanos();
        SocketChannel channel = SocketChannel.open();
        try {
            InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
            if (address.isUnresolved()) {
                throw new java.net.UnknownHostException("No such host: " + options.host());
            }
            channel.socket()
                    .connect(address, (int) Math.min(Integer.MAX_VALUE, timeoutNanos / 1_000_000));
            TlsOptions tls = options.tls();
            return tls == null
                    ? new Wire.Plain(channel)
                    : Wire.Tls.over(channel, tls, true, timeoutNanos);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Association open(AssociateOptions options, Wire wire, ByteBuffer receiveBuffer)
            throws IOException {
        AssociateRequest request =
                options.request(
                        FileMeta.IMPLEMENTATION_CLASS_UID, FileMeta.IMPLEMENTATION_VERSION_NAME);
        DimseTimeouts timeouts = options.timeouts();
        UpperLayer upperLayer =
                UpperLayer.requesting(
                        wire,
                        timeouts.upperLayer(),
                        receiveBuffer,
                        options.maxPduLength(),
                        request);
        AssociateAccept accept =
                switch (upperLayer.next(timeouts.connect().toNanos())) {
                    case UpperLayer.Accepted(AssociateAccept ac) -> ac;
                    case UpperLayer.Rejected(AssociateReject rj) ->
                            throw new AssociationRejectedException(rj);
                    case UpperLayer.Ended over -> {
                        upperLayer.awaitClose();
                        throw new AssociationEndedException("No association: " + over.why());
                    }
                    default -> throw new AssociationEndedException("No association");
                };
        long peerMax = accept.user().maxPduLength();
        if (!Negotiation.isUsable(peerMax)) {
            upperLayer.abort("PDU length %d".formatted(peerMax));
            upperLayer.awaitClose();
            throw new AssociationEndedException(
                    "No association: the peer takes PDUs of %d bytes only".formatted(peerMax));
        }
        Negotiation negotiation =
                Negotiation.of(
                        request.presentationContexts(),
                        accept,
                        peerMax,
                        options.maxSendPduLength());
        AssociationInfo info =
                new AssociationInfo(
                        nextId(),
                        true,
                        options.callingAet(),
                        options.calledAet(),
                        wire.peer(),
                        wire.peerCertificates(),
                        accept.user().implementationClassUid(),
                        accept.user().implementationVersionName());
        return new Association(
                new Parts(
                        info,
                        upperLayer,
                        negotiation,
                        timeouts,
                        DimseServerOptions.DEFAULT_MAX_DATASET_BYTES,
                        options.services(),
                        options.listener()));
    }

    /** Who talks to whom. */
    public AssociationInfo info() {
        return info;
    }

    /** Whether operations are possible. */
    public boolean isOpen() {
        return upperLayer.isOpen();
    }

    /** How many operations this side may have outstanding at a time; 1 unless more was granted. */
    public int window() {
        return window;
    }

    /** Whether the peer accepted objects of the SOP class in the transfer syntax. */
    public boolean accepts(String sopClassUid, String transferSyntaxUid) {
        return negotiation.find(sopClassUid, transferSyntaxUid).isPresent();
    }

    /** The transfer syntaxes accepted for the SOP class, in the order they were proposed. */
    public List<String> acceptedTransferSyntaxes(String sopClassUid) {
        return negotiation.find(sopClassUid).stream()
                .map(Negotiation.Context::transferSyntax)
                .distinct()
                .toList();
    }

    /** Those in which the requestor takes objects of the SOP class, for C-GET. */
    List<String> transferSyntaxesForRequestor(String sopClassUid) {
        return negotiation.find(sopClassUid).stream()
                .filter(Negotiation.Context::requestorIsScp)
                .map(Negotiation.Context::transferSyntax)
                .distinct()
                .toList();
    }

    /**
     * C-ECHO.
     *
     * @throws NoPresentationContextException if Verification was not accepted
     * @throws AssociationEndedException if no answer came
     */
    public DimseStatus echo() throws IOException {
        Negotiation.Context context = require(UID.Verification);
        return invoke(
                        context,
                        id -> Commands.request(CommandField.C_ECHO, id, UID.Verification, false),
                        null)
                .status();
    }

    /**
     * C-STORE of bytes that a stream holds.
     *
     * @param dataset the encoded data set, without File Meta Information; read to its end, not
     *     closed
     * @see #store(String, String, String, DataWriter)
     */
    public DimseStatus store(
            String sopClassUid,
            String sopInstanceUid,
            String transferSyntaxUid,
            InputStream dataset)
            throws IOException {
        return store(sopClassUid, sopInstanceUid, transferSyntaxUid, DataWriter.of(dataset));
    }

    /**
     * C-STORE.
     *
     * @param dataset writes the encoded data set, without File Meta Information
     * @return what the peer says of it
     * @throws NoPresentationContextException if the SOP class was not accepted in the transfer
     *     syntax; the association goes on
     * @throws AssociationEndedException if no answer came
     * @throws IOException what the writer throws; the association is aborted if part of the data
     *     set was sent by then
     */
    public DimseStatus store(
            String sopClassUid, String sopInstanceUid, String transferSyntaxUid, DataWriter dataset)
            throws IOException {
        return store(sopClassUid, sopInstanceUid, transferSyntaxUid, dataset, null);
    }

    /** C-STORE, as part of a C-MOVE unless that is null. */
    DimseStatus store(
            StoredObject object,
            String transferSyntaxUid,
            DataWriter dataset,
            ObjectSender.@Nullable MoveOrigin origin)
            throws IOException {
        return store(
                object.sopClassUid(), object.sopInstanceUid(), transferSyntaxUid, dataset, origin);
    }

    private DimseStatus store(
            String sopClassUid,
            String sopInstanceUid,
            String transferSyntaxUid,
            DataWriter dataset,
            ObjectSender.@Nullable MoveOrigin origin)
            throws IOException {
        Negotiation.Context context =
                negotiation
                        .find(sopClassUid, transferSyntaxUid)
                        .orElseThrow(
                                () ->
                                        new NoPresentationContextException(
                                                "%s does not take %s in %s"
                                                        .formatted(
                                                                info.peerAet(),
                                                                sopClassUid,
                                                                transferSyntaxUid)));
        return invoke(
                        context,
                        id -> {
                            Attributes command =
                                    Commands.storeRequest(id, sopClassUid, sopInstanceUid, 0);
                            if (origin != null) {
                                command.setString(
                                                Tag.MoveOriginatorApplicationEntityTitle,
                                                VR.AE,
                                                origin.aeTitle())
                                        .setInt(
                                                Tag.MoveOriginatorMessageID,
                                                VR.US,
                                                origin.messageId());
                            }
                            return command;
                        },
                        dataset)
                .status();
    }

    /** Hears the matches of a C-FIND. */
    @FunctionalInterface
    public interface MatchListener {
        /** Takes one match and says whether more are wanted. */
        boolean match(Attributes match);
    }

    /**
     * C-FIND (PS3.4 C.4.1). Where the listener wants no more, C-CANCEL is sent.
     *
     * @param sopClassUid the information model
     * @param identifier keys and level
     * @return the final status
     * @throws NoPresentationContextException if the information model was not accepted
     * @throws AssociationEndedException if no answer came
     */
    public DimseStatus find(String sopClassUid, Attributes identifier, MatchListener matches)
            throws IOException {
        Negotiation.Context context = require(sopClassUid);
        return converse(
                        context,
                        id -> Commands.queryRequest(CommandField.C_FIND, id, sopClassUid),
                        identifier,
                        response -> {
                            Attributes match = response.dataset();
                            return matches.match(match == null ? new Attributes() : match);
                        })
                .status();
    }

    /** Hears how far a C-MOVE or C-GET is. */
    @FunctionalInterface
    public interface ProgressListener {
        /** Takes a pending response and says whether to go on. */
        boolean progress(RetrieveResult soFar);
    }

    /**
     * C-MOVE (PS3.4 C.4.2). Where the listener wants no more, C-CANCEL is sent.
     *
     * @param destination AE title that the peer is to send to
     * @return the final response
     */
    public RetrieveResult move(
            String sopClassUid,
            Attributes identifier,
            String destination,
            ProgressListener progress)
            throws IOException {
        AeTitles.requireValid(destination);
        return Commands.retrieveResult(
                converse(
                        require(sopClassUid),
                        id ->
                                Commands.queryRequest(CommandField.C_MOVE, id, sopClassUid)
                                        .setString(Tag.MoveDestination, VR.AE, destination),
                        identifier,
                        r -> progress.progress(Commands.retrieveResult(r))));
    }

    /**
     * C-GET (PS3.4 C.4.3): the objects come to the {@link CStoreHandler} of the options, for
     * classes that were proposed with the role of SCP.
     *
     * @return the final response
     */
    public RetrieveResult get(String sopClassUid, Attributes identifier, ProgressListener progress)
            throws IOException {
        return Commands.retrieveResult(
                converse(
                        require(sopClassUid),
                        id -> Commands.queryRequest(CommandField.C_GET, id, sopClassUid),
                        identifier,
                        r -> progress.progress(Commands.retrieveResult(r))));
    }

    /**
     * N-ACTION.
     *
     * @param actionType Action Type ID
     * @param information Action Information, null for none
     */
    public NResponse action(
            String sopClassUid,
            String sopInstanceUid,
            int actionType,
            @Nullable Attributes information)
            throws IOException {
        return normalized(
                CommandField.N_ACTION,
                sopClassUid,
                sopInstanceUid,
                Tag.ActionTypeID,
                actionType,
                information);
    }

    /**
     * N-EVENT-REPORT.
     *
     * @param eventType Event Type ID
     * @param information Event Information, null for none
     */
    public NResponse eventReport(
            String sopClassUid,
            String sopInstanceUid,
            int eventType,
            @Nullable Attributes information)
            throws IOException {
        return normalized(
                CommandField.N_EVENT_REPORT,
                sopClassUid,
                sopInstanceUid,
                Tag.EventTypeID,
                eventType,
                information);
    }

    /** N-CREATE of the instance with these attributes. */
    public NResponse create(String sopClassUid, String sopInstanceUid, Attributes attributes)
            throws IOException {
        return normalized(CommandField.N_CREATE, sopClassUid, sopInstanceUid, 0, 0, attributes);
    }

    /** N-SET of these attributes of the instance. */
    public NResponse set(String sopClassUid, String sopInstanceUid, Attributes attributes)
            throws IOException {
        return normalized(CommandField.N_SET, sopClassUid, sopInstanceUid, 0, 0, attributes);
    }

    private NResponse normalized(
            CommandField field,
            String sopClassUid,
            String sopInstanceUid,
            int typeTag,
            int type,
            @Nullable Attributes dataset)
            throws IOException {
        Negotiation.Context context = require(sopClassUid);
        Invocation.Response response =
                invoke(
                        context,
                        id -> {
                            Attributes command =
                                    Commands.normalizedRequest(
                                            field,
                                            id,
                                            sopClassUid,
                                            sopInstanceUid,
                                            dataset != null);
                            if (typeTag != 0) {
                                command.setInt(typeTag, VR.US, type);
                            }
                            return command;
                        },
                        dataset == null ? null : encoded(context, dataset));
        return new NResponse(
                response.status(),
                response.command().getString(Tag.AffectedSOPInstanceUID),
                response.dataset(),
                null);
    }

    /** Writes a data set in the transfer syntax of a presentation context. */
    static DataWriter encoded(Negotiation.Context context, Attributes dataset) {
        return out -> {
            DicomOutputStream dicom = new DicomOutputStream(out);
            dicom.writeDataset(dataset, TransferSyntax.of(context.transferSyntax()));
            dicom.flush();
        };
    }

    /** Releases the association in order, or aborts it where the peer does not answer. */
    @Override
    public void close() {
        try {
            sendLock.lock();
            try {
                upperLayer.requestRelease();
            } finally {
                sendLock.unlock();
            }
            if (!ended.await(timeouts.response().toNanos(), TimeUnit.NANOSECONDS)) {
                abort("no answer to the release request in time");
            }
        } catch (IOException e) {
            abort("connection lost while asking for release");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abort("interrupted while waiting for the release");
        }
    }

    /** Aborts the association as its user. */
    public void abort() {
        abort("aborted by this side");
    }

    void abort(String why) {
        upperLayer.abort(why);
        upperLayer.wakeReader();
    }

    /** Waits until the association has ended. */
    boolean awaitEnd(long timeoutNanos) throws InterruptedException {
        return ended.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    Negotiation.Context context(int id) {
        Negotiation.Context context = negotiation.context(id);
        if (context == null) {
            throw new IllegalArgumentException(
                    "Presentation context %d was not accepted".formatted(id));
        }
        return context;
    }

    /**
     * Reads until the association has ended; then the transport connection is closed.
     *
     * @param idleNanos how long the peer may be silent between two messages, 0 for ever
     */
    void run(long idleNanos) {
        Listeners.tell(listener, l -> l.opened(info));
        UpperLayer.Ended how = null;
        try {
            while (how == null) {
                how = step(in.next(idleNanos));
            }
        } catch (IOException e) {
            how = upperLayer.failed(e);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, info + ": association failed", e);
            how = upperLayer.abort("internal error");
        } finally {
            UpperLayer.Ended over = how == null ? upperLayer.abort("internal error") : how;
            upperLayer.awaitClose();
            invocations.values().forEach(i -> i.fail(over.why()));
            dispatcher.cancelAll();
            dispatcher.awaitStores();
            Listeners.tell(
                    listener,
                    l -> {
                        if (over.released()) {
                            l.released(info);
                        } else {
                            l.aborted(info, over.why());
                        }
                    });
            // Who waits for the end may rely on the listener's work, as a node that stops does.
            ended.countDown();
            giveBackSendBuffer();
        }
    }

    /** Waits for a sender that has not noticed the end yet: the buffer will be another's. */
    private void giveBackSendBuffer() {
        sendLock.lock();
        try {
            sendingOver = true;
        } finally {
            sendLock.unlock();
        }
        BufferPool.SHARED.giveBack(sendBuffer);
    }

    /**
     * Nothing, while the association is open.
     *
     * @throws AssociationEndedException if it is not
     */
    void requireOpen() throws AssociationEndedException {
        UpperLayer.Ended over = upperLayer.ended();
        if (over != null) {
            throw new AssociationEndedException("Association ended: " + over.why());
        }
    }

    private UpperLayer.@Nullable Ended step(MessageInput.Step step) throws IOException {
        return switch (step) {
            case MessageInput.Message message -> {
                if ((message.command().getInt(Tag.CommandField, 0) & CommandField.RESPONSE) != 0) {
                    responded(message);
                } else {
                    dispatcher.dispatch(message);
                }
                yield null;
            }
            case MessageInput.Release() -> {
                dispatcher.awaitStores();
                yield upperLayer.respondToRelease();
            }
            case MessageInput.End(UpperLayer.Ended how) -> how;
        };
    }

    private void responded(MessageInput.Message message) throws IOException {
        Attributes dataset = readDataset(message);
        Invocation invocation =
                invocations.get(message.command().getInt(Tag.MessageIDBeingRespondedTo, -1));
        if (invocation == null) {
            abort("response to nothing that was asked");
            return;
        }
        invocation.offer(new Invocation.Response(message.command(), dataset));
    }

    /**
     * The data set of a message that is no object but an identifier or a few attributes.
     *
     * @return null if it has none
     * @throws DicomException if it cannot be understood; it is read to its end all the same
     * @throws AssociationEndedException if the association ends in it
     */
    @Nullable Attributes readDataset(MessageInput.Message message) throws IOException {
        DatasetInputStream in = message.dataset();
        if (in == null) {
            return null;
        }
        TransferSyntax syntax = TransferSyntax.of(context(message.contextId()).transferSyntax());
        try {
            // Not closed: that would end nothing, and what is left belongs to finish().
            return new DicomInputStream(in, syntax).limitHeldBytes(MOST_HELD_BYTES).readDataset();
        } finally {
            in.finish();
        }
    }

    /** Sends a response. */
    void respond(int contextId, Attributes command, @Nullable DataWriter dataset)
            throws IOException {
        send(contextId, command, dataset);
    }

    private void send(int contextId, Attributes command, @Nullable DataWriter dataset)
            throws IOException {
        sendLock.lock();
        try {
            if (sendingOver) {
                throw new AssociationEndedException("Association is over");
            }
            out.beginMessage(contextId);
            out.beginPart(true);
            out.write(DicomOutputStream.encodeCommand(command));
            out.endPart();
            if (dataset != null) {
                out.beginPart(false);
                dataset.writeTo(out);
                if (TransferSyntax.of(context(contextId).transferSyntax()).deflated()) {
                    out.padToEven();
                }
                out.endPart();
            }
            out.endMessage();
            // A peer that listens to a long operation has nothing to say itself.
            upperLayer.extendWait();
        } catch (IOException | RuntimeException e) {
            if (out.hasSent() && !out.isBroken()) {
                abort("data set could not be written");
            }
            throw e;
        } finally {
            sendLock.unlock();
        }
    }

    /** Makes the command set of a message id. */
    private interface CommandMaker {
        Attributes make(int messageId);
    }

    /** An operation with one response. */
    private Invocation.Response invoke(
            Negotiation.Context context, CommandMaker command, @Nullable DataWriter dataset)
            throws IOException {
        return converse(context, command, dataset, pending -> true);
    }

    /** Takes a pending response and says whether to go on. */
    private interface PendingListener {
        boolean pending(Invocation.Response response);
    }

    private Invocation.Response converse(
            Negotiation.Context context,
            CommandMaker command,
            Attributes identifier,
            PendingListener listening)
            throws IOException {
        return converse(context, command, encoded(context, identifier), listening);
    }

    /** An operation with any number of pending responses before the final one, which it returns. */
    private Invocation.Response converse(
            Negotiation.Context context,
            CommandMaker command,
            @Nullable DataWriter dataset,
            PendingListener listening)
            throws IOException {
        outstanding.acquireUninterruptibly();
        try {
            Invocation invocation = new Invocation(nextMessageId());
            invocations.put(invocation.messageId(), invocation);
            try {
                send(context.id(), command.make(invocation.messageId()), dataset);
                UpperLayer.Ended over = upperLayer.ended();
                if (over != null) {
                    invocation.fail(over.why());
                }
                boolean cancelled = false;
                while (true) {
                    Invocation.Response response = await(invocation);
                    if (!response.status().isPending()) {
                        return response;
                    }
                    if (!cancelled && !listening.pending(response)) {
                        cancelled = true;
                        send(context.id(), Commands.cancel(invocation.messageId()), null);
                    }
                }
            } finally {
                invocations.remove(invocation.messageId());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abort("interrupted while waiting for a response");
            throw (InterruptedIOException)
                    new InterruptedIOException("Interrupted while waiting for a response")
                            .initCause(e);
        } finally {
            outstanding.release();
        }
    }

    private Invocation.Response await(Invocation invocation)
            throws AssociationEndedException, InterruptedException {
        Invocation.Response response = invocation.poll(timeouts.response().toNanos());
        if (response == null) {
            abort("no response in time");
            throw new AssociationEndedException("No response in time");
        }
        return response;
    }

    private int nextMessageId() {
        return lastMessageId.updateAndGet(id -> id >= 0xffff ? 1 : id + 1);
    }

    private Negotiation.Context require(String abstractSyntax) throws IOException {
        List<Negotiation.Context> contexts = negotiation.find(abstractSyntax);
        if (contexts.isEmpty()) {
            throw new NoPresentationContextException(
                    "%s does not take %s".formatted(info.peerAet(), abstractSyntax));
        }
        return contexts.getFirst();
    }
}
