package org.negvol.dimse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A storage SCP on a free port of the loopback that keeps in memory what it gets. */
final class Sink implements AutoCloseable, CStoreHandler, AssociationListener {

    /** What came in one C-STORE. */
    record Stored(StoreRequest request, byte[] dataset) {}

    static final String AET = "SINK";

    final Map<String, Stored> stored = new ConcurrentHashMap<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final DimseServer server;

    Sink(DimseServerOptions options, AccessControl access) throws IOException {
        List<DimseService> services = new ArrayList<>();
        services.add(this);
        server = DimseServer.start(options, access, services, this);
    }

    Sink() throws IOException {
        this(options(), AccessControl.acceptCalledAeTitle(AET));
    }

    static DimseServerOptions options() {
        return DimseServerOptions.of(AET, 0).withBindAddress(InetAddress.getLoopbackAddress());
    }

    static DimseTimeouts shortTimeouts() {
        return DimseTimeouts.DEFAULT
                .withArtim(Duration.ofMillis(300))
                .withPdu(Duration.ofMillis(400))
                .withIdle(Duration.ofMillis(600))
                .withWrite(Duration.ofMillis(500));
    }

    int port() {
        return server.port();
    }

    AssociateOptions call() {
        return AssociateOptions.to("127.0.0.1", port(), AET, "TESTSCU");
    }

    @Override
    public DimseStatus store(StoreRequest rq, DatasetInputStream dataset) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        dataset.transferTo(Channels.newChannel(bytes));
        stored.put(rq.sopInstanceUid(), new Stored(rq, bytes.toByteArray()));
        return DimseStatus.SUCCESS;
    }

    @Override
    public void released(AssociationInfo association) {
        events.add("released");
    }

    @Override
    public void aborted(AssociationInfo association, String why) {
        events.add("aborted: " + why);
    }

    @Override
    public void rejected(AssociateRequest request, Peer peer, AssociateReject answer) {
        events.add("rejected: " + answer.sentence());
    }

    @Override
    public void failed(@Nullable Peer peer, String why) {
        events.add("failed: " + why);
    }

    /**
     * The next thing that the server's listener heard, or a word that says that it heard nothing.
     */
    String nextEvent() throws InterruptedException {
        String event = events.poll(10, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    @Override
    public void close() {
        server.close();
    }
}
