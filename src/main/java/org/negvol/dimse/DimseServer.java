package org.negvol.dimse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An AE that takes associations: one virtual thread for each.
 *
 * <pre>{@code
 * CStoreHandler store = (rq, dataset) -> { ...; return DimseStatus.SUCCESS; };
 * try (DimseServer server =
 *         DimseServer.start(
 *                 DimseServerOptions.of("NEGVOL", 11112),
 *                 AccessControl.acceptCalledAeTitle("NEGVOL"),
 *                 List.of(store),
 *                 listener)) {
 *     ...
 * }
 * }</pre>
 */
public final class DimseServer implements AutoCloseable {

    private static final Logger LOG = System.getLogger(DimseServer.class.getName());

    /**
     * Transport connections beyond the associations that may be open at the same time, to be told
     * that there is no room. Those beyond that are closed unheard.
     */
    private static final int WAITING_ROOM = 64;

    private static final int BACKLOG = 256;

    /** How long to wait after accepting failed, as it does where descriptors are used up. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    private final DimseServerOptions options;
    private final AccessControl accessControl;
    private final List<DimseService> services;
    private final AssociationListener listener;
    private final ServerSocketChannel server;
    private final int port;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final Set<Association> associations = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final AtomicInteger associationCount = new AtomicInteger();
    private volatile boolean stopping;

    private DimseServer(
            DimseServerOptions options,
            AccessControl accessControl,
            List<? extends DimseService> services,
            AssociationListener listener)
            throws IOException {
        this.options = options;
        this.accessControl = accessControl;
        this.services = List.copyOf(services);
        this.listener = listener;
        this.server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(
                    options.bindAddress() == null
                            ? new InetSocketAddress(options.port())
                            : new InetSocketAddress(options.bindAddress(), options.port()),
                    BACKLOG);
            this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Listens.
     *
     * @param services what this AE performs; C-ECHO needs none
     * @throws IOException if the port cannot be had
     */
    public static DimseServer start(
            DimseServerOptions options,
            AccessControl accessControl,
            List<? extends DimseService> services,
            AssociationListener listener)
            throws IOException {
        DimseServer server = new DimseServer(options, accessControl, services, listener);
        Thread.ofPlatform()
                .daemon()
                .name("dimse-accept-" + options.aeTitle())
                .start(server::acceptConnections);
        return server;
    }

    /** {@link #start(DimseServerOptions, AccessControl, List, AssociationListener)}, unheard. */
    public static DimseServer start(
            DimseServerOptions options,
            AccessControl accessControl,
            List<? extends DimseService> services)
            throws IOException {
        return start(options, accessControl, services, AssociationListener.NONE);
    }

    /** The TCP port it listens on. */
    public int port() {
        return port;
    }

    /** Number of associations that are open now. */
    public int openAssociations() {
        return associationCount.get();
    }

    /** Whether new associations are taken. */
    public boolean isAccepting() {
        return !stopping;
    }

    /** Takes no new associations; those that are open go on. */
    public void stopAccepting() {
        stopping = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Listening socket not closed", e);
        }
    }

    /**
     * Takes no new associations, waits for the open ones to be released by their requestors, and
     * aborts those that are not.
     *
     * @param drain how long to wait
     */
    public void close(Duration drain) {
        stopAccepting();
        long end = System.nanoTime() + drain.toNanos();
        try {
            for (Association association : associations) {
                if (!association.awaitEnd(Math.max(0, end - System.nanoTime()))) {
                    association.abort("this AE stops");
                }
            }
            long grace = System.nanoTime() + GRACE.toNanos();
            for (Association association : associations) {
                if (!association.awaitEnd(Math.max(0, grace - System.nanoTime()))) {
                    LOG.log(Level.WARNING, "{0}: handler still at work", association.info());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        wires.forEach(Wire::close);
    }

    /** How long handlers may take to notice that their association was aborted. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Aborts all associations. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private void acceptConnections() {
        while (!stopping) {
            SocketChannel channel;
            try {
                channel = server.accept();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(Level.ERROR, "Connection not accepted", e);
                pause();
                continue;
            }
            if (connectionCount.incrementAndGet() > options.maxAssociations() + WAITING_ROOM) {
                connectionCount.decrementAndGet();
                close(channel);
                Listeners.tell(listener, l -> l.failed(null, "too many connections"));
                continue;
            }
            try {
                start(channel);
            } catch (OutOfMemoryError noMoreThreads) {
                LOG.log(Level.ERROR, "No thread for a connection", noMoreThreads);
                ended(channel);
                pause();
            }
        }
    }

    /**
     * On no virtual thread: objects are written to files, which would hold the threads that carry
     * it, and each wait for the network would cost two changes of thread more.
     */
    private void start(SocketChannel channel) {
        Thread.ofPlatform()
                .daemon()
                .name("dimse-" + options.aeTitle())
                .start(
                        () -> {
                            try {
                                serve(channel);
                            } finally {
                                ended(channel);
                            }
                        });
    }

    private void ended(SocketChannel channel) {
        connectionCount.decrementAndGet();
        close(channel);
    }

    private static void pause() {
        try {
            Thread.sleep(ACCEPT_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Connection not closed", e);
        }
    }

    private void serve(SocketChannel channel) {
        Peer peer = null;
        try {
            InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
            peer = new Peer(remote.getAddress(), remote.getPort(), List.of());
            TlsOptions tls = options.tls();
            Wire wire =
                    tls == null
                            ? new Wire.Plain(channel)
                            : Wire.Tls.over(
                                    channel, tls, false, options.timeouts().artim().toNanos());
            wires.add(wire);
            ByteBuffer buffer = BufferPool.SHARED.take();
            try {
                peer = new Peer(peer.address(), peer.port(), wire.peerCertificates());
                serve(wire, peer, buffer);
            } finally {
                wire.close();
                wires.remove(wire);
                BufferPool.SHARED.giveBack(buffer);
            }
        } catch (IOException e) {
            failed(peer, "no connection: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Connection not served", e);
            failed(peer, "internal error");
        }
    }

    private void failed(@Nullable Peer peer, String why) {
        Listeners.tell(listener, l -> l.failed(peer, why));
    }

    private void serve(Wire wire, Peer peer, ByteBuffer buffer) throws IOException {
        UpperLayer upperLayer =
                UpperLayer.accepting(
                        wire, options.timeouts().upperLayer(), buffer, options.maxPduLength());
        switch (upperLayer.next(options.timeouts().artim().toNanos())) {
            case UpperLayer.Requested(AssociateRequest rq) -> negotiate(wire, upperLayer, rq, peer);
            case UpperLayer.Ended over -> {
                failed(peer, over.why());
                upperLayer.awaitClose();
            }
            default -> failed(peer, "no association request");
        }
    }

    private void negotiate(Wire wire, UpperLayer upperLayer, AssociateRequest rq, Peer peer)
            throws IOException {
        boolean free = associationCount.incrementAndGet() <= options.maxAssociations();
        AssociateReject answer;
        try {
            Admission admission =
                    free ? admit(rq, peer) : Admission.reject(AssociateReject.LOCAL_LIMIT_EXCEEDED);
            switch (admission) {
                case Admission.Accept(Octets identityResponse, Runnable ended) -> {
                    try {
                        associate(wire, upperLayer, rq, peer, identityResponse);
                    } finally {
                        ended.run();
                    }
                    return;
                }
                case Admission.Reject(AssociateReject no) -> answer = no;
            }
        } finally {
            associationCount.decrementAndGet();
        }
        // Counted no more: a requestor that does not close must not take the place of others.
        Listeners.tell(listener, l -> l.rejected(rq, peer, answer));
        upperLayer.reject(answer);
    }

    private Admission admit(AssociateRequest rq, Peer peer) {
        if (stopping) {
            return Admission.reject(AssociateReject.TEMPORARY_CONGESTION);
        }
        if ((rq.protocolVersion() & 1) == 0) {
            return Admission.reject(AssociateReject.PROTOCOL_VERSION_NOT_SUPPORTED);
        }
        if (!rq.applicationContext().equals(AssociateRequest.DICOM_APPLICATION_CONTEXT)) {
            return Admission.reject(AssociateReject.APPLICATION_CONTEXT_NOT_SUPPORTED);
        }
        if (!Negotiation.isUsable(rq.user().maxPduLength())) {
            return Admission.reject(AssociateReject.PROVIDER_NO_REASON_GIVEN);
        }
        return accessControl.admit(rq, peer);
    }

    private void associate(
            Wire wire,
            UpperLayer upperLayer,
            AssociateRequest rq,
            Peer peer,
            @Nullable Octets identityResponse)
            throws IOException {
        AssociateAccept accept =
                Negotiation.answer(
                        rq, options.presentation(), options.maxPduLength(), identityResponse);
        AssociationInfo info =
                new AssociationInfo(
                        Association.nextId(),
                        false,
                        rq.callingAet(),
                        rq.calledAet(),
                        wire.peer(),
                        peer.certificates(),
                        rq.user().implementationClassUid(),
                        rq.user().implementationVersionName());
        Association association =
                new Association(
                        new Association.Parts(
                                info,
                                upperLayer,
                                Negotiation.of(
                                        rq.presentationContexts(),
                                        accept,
                                        rq.user().maxPduLength(),
                                        AssociateOptions.DEFAULT_MAX_SEND_PDU_LENGTH),
                                options.timeouts(),
                                options.maxDatasetBytes(),
                                services,
                                listener));
        associations.add(association);
        try {
            upperLayer.accept(accept);
            association.run(options.timeouts().idle().toNanos());
        } finally {
            associations.remove(association);
        }
    }
}
