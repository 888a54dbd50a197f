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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;

/**
 * An association, of either side. As requestor:
 *
 * <pre>{@code
 * try (Association a = Association.open(options)) {
 *     DimseStatus status = a.store(sopClassUid, sopInstanceUid, transferSyntaxUid, in);
 * }
 * }</pre>
 *
 * <p>One virtual thread reads what the peer sends; any thread may invoke operations, one at a time
 * (the asynchronous operations window is 1).
 */
public final class Association implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Association.class.getName());

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
    private final ReentrantLock operationLock = new ReentrantLock();
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
        this.dispatcher = new ServiceDispatcher(this, parts.services(), listener);
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
            opened = true;
            Thread.ofVirtual()
                    .name("dimse-" + association.info.id())
                    .start(
                            () -> {
                                association.run(0);
                                BufferPool.SHARED.giveBack(receiveBuffer);
                            });
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
                null);
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
                context, id -> Commands.storeRequest(id, sopClassUid, sopInstanceUid, 0), dataset);
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
            ended.countDown();
            Listeners.tell(
                    listener,
                    l -> {
                        if (over.released()) {
                            l.released(info);
                        } else {
                            l.aborted(info, over.why());
                        }
                    });
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
            case MessageInput.Release() -> upperLayer.respondToRelease();
            case MessageInput.End(UpperLayer.Ended how) -> how;
        };
    }

    private void responded(MessageInput.Message message) throws IOException {
        DatasetInputStream dataset = message.dataset();
        if (dataset != null) {
            dataset.finish();
        }
        Invocation invocation =
                invocations.get(message.command().getInt(Tag.MessageIDBeingRespondedTo, -1));
        if (invocation == null) {
            abort("response to nothing that was asked");
            return;
        }
        invocation.offer(new Invocation.Response(message.command(), null));
    }

    /** Sends a response, or a request of the other side's sub-operation. */
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
            out.write(org.negvol.dicom.DicomOutputStream.encodeCommand(command));
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

    private DimseStatus invoke(
            Negotiation.Context context, CommandMaker command, @Nullable DataWriter dataset)
            throws IOException {
        operationLock.lock();
        try {
            Invocation invocation = new Invocation(nextMessageId());
            invocations.put(invocation.messageId(), invocation);
            try {
                send(context.id(), command.make(invocation.messageId()), dataset);
                UpperLayer.Ended over = upperLayer.ended();
                if (over != null) {
                    invocation.fail(over.why());
                }
                Invocation.Response response = invocation.poll(timeouts.response().toNanos());
                if (response == null) {
                    abort("no response in time");
                    throw new AssociationEndedException("No response in time");
                }
                return response.status();
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
            operationLock.unlock();
        }
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
