package org.negvol.dimse;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;

/**
 * A transport connection: bytes in and out, each with a deadline. One thread reads; any thread
 * writes.
 *
 * <p>Small answers wait for nothing: Nagle's algorithm is off, and acknowledgements are asked to go
 * out at once before every read. Without the second a peer that leaves Nagle on (DCMTK as shipped)
 * waits 40 ms for our delayed acknowledgement on every image.
 */
abstract sealed class Wire implements Closeable permits Wire.Plain, Wire.Tls {

    /** No deadline. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final boolean QUICK_ACK = supportsQuickAck();

    final SocketChannel channel;
    private final InetSocketAddress peer;
    private final ReentrantLock writeLock = new ReentrantLock();

    private final AtomicLong readDeadlineNanos = new AtomicLong(NEVER);
    private volatile long readTimeoutNanos;
    private volatile long writeDeadlineNanos = NEVER;
    private volatile boolean readExpired;
    private volatile boolean writeExpired;
    private boolean quickAck = QUICK_ACK;

    private Wire(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.peer = (InetSocketAddress) channel.getRemoteAddress();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }

    private static boolean supportsQuickAck() {
        try (SocketChannel probe = SocketChannel.open()) {
            return probe.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
        } catch (IOException e) {
            return false;
        }
    }

    /** The peer's address. */
    InetSocketAddress peer() {
        return peer;
    }

    /** The certificates that the peer has proven to hold, its own first; empty without TLS. */
    abstract List<X509Certificate> peerCertificates();

    /**
     * Reads what has arrived, at least one byte.
     *
     * @param timeoutNanos how long to wait; 0 or less is for ever
     * @return number of bytes, -1 at the end of the stream
     * @throws SocketTimeoutException when nothing came; the wire cannot be read from after that
     */
    final int read(ByteBuffer into, long timeoutNanos) throws IOException {
        if (readExpired) {
            return -1;
        }
        armQuickAck();
        readTimeoutNanos = timeoutNanos;
        readDeadlineNanos.set(timeoutNanos > 0 ? System.nanoTime() + timeoutNanos : NEVER);
        int read;
        try {
            read = receive(into);
        } catch (IOException e) {
            if (readExpired) {
                throw timeout();
            }
            throw e;
        } finally {
            readDeadlineNanos.set(NEVER);
        }
        if (read < 0 && readExpired) {
            throw timeout();
        }
        return read;
    }

    /** Where a read waits with a deadline, the deadline begins anew. */
    final void extendRead() {
        long deadline = readDeadlineNanos.get();
        if (deadline != NEVER) {
            // Fails where the read has just ended: its successor has a deadline of its own.
            readDeadlineNanos.compareAndSet(deadline, System.nanoTime() + readTimeoutNanos);
        }
    }

    private static SocketTimeoutException timeout() {
        return new SocketTimeoutException("Nothing received in time");
    }

    /**
     * Writes all of the buffer in as few writes as the operating system takes.
     *
     * @param timeoutNanos how long the peer may take to make room
     */
    final void write(ByteBuffer from, long timeoutNanos) throws IOException {
        writeLock.lock();
        try {
            writeLocked(from, timeoutNanos);
        } finally {
            writeLock.unlock();
        }
    }

    /**
     * Writes if no other write is stuck for longer than the time given.
     *
     * @return whether it was written
     */
    final boolean tryWrite(ByteBuffer from, long timeoutNanos) throws IOException {
        try {
            if (!writeLock.tryLock(timeoutNanos, java.util.concurrent.TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            writeLocked(from, timeoutNanos);
            return true;
        } finally {
            writeLock.unlock();
        }
    }

    private void writeLocked(ByteBuffer from, long timeoutNanos) throws IOException {
        writeDeadlineNanos = System.nanoTime() + timeoutNanos;
        try {
            send(from);
        } catch (IOException e) {
            if (writeExpired) {
                throw new SocketTimeoutException("The peer took nothing in time");
            }
            throw e;
        } finally {
            writeDeadlineNanos = NEVER;
        }
    }

    abstract int receive(ByteBuffer into) throws IOException;

    abstract void send(ByteBuffer from) throws IOException;

    private void armQuickAck() {
        if (quickAck) {
            try {
                channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            } catch (IOException | UnsupportedOperationException e) {
                // Closed, or a kernel without it: the read itself says what is wrong.
                quickAck = false;
            }
        }
    }

    /** Makes a read that waits return the end of the stream; the way out stays open. */
    final void stopReading() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            close();
        }
    }

    /** Called by the {@link Watchdog}. */
    final void checkDeadlines(long nowNanos) {
        try {
            long readDeadline = readDeadlineNanos.get();
            if (readDeadline != NEVER && nowNanos - readDeadline > 0) {
                readExpired = true;
                // Wakes the reader and leaves the way out open, so that the abort can be sent.
                channel.shutdownInput();
            }
            if (nowNanos - writeDeadlineNanos > 0 && writeDeadlineNanos != NEVER) {
                writeExpired = true;
                channel.close();
            }
        } catch (IOException e) {
            Watchdog.remove(this);
        }
    }

    @Override
    public void close() {
        Watchdog.remove(this);
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way, and nothing more was to be said on it.
        }
    }

    /** TCP alone. */
    static final class Plain extends Wire {
        Plain(SocketChannel channel) throws IOException {
            super(channel);
            Watchdog.add(this);
        }

        @Override
        List<X509Certificate> peerCertificates() {
            return List.of();
        }

        @Override
        int receive(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        void send(ByteBuffer from) throws IOException {
            while (from.hasRemaining()) {
                channel.write(from);
            }
        }
    }

    /** TCP with TLS (PS3.15 B.9 to B.13, as the given socket is set up). */
    static final class Tls extends Wire {
        private final SSLSocket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] inBytes = new byte[1 << 15];
        private final byte[] outBytes = new byte[1 << 15];

        /**
         * Does the handshake.
         *
         * @param timeoutNanos how long the handshake may take
         */
        private Tls(SocketChannel channel, SSLSocket socket, long timeoutNanos) throws IOException {
            super(channel);
            this.socket = socket;
            Watchdog.add(this);
            try {
                handshake(timeoutNanos);
                in = socket.getInputStream();
                out = socket.getOutputStream();
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        /**
         * Sets TLS up on a connected channel and does the handshake.
         *
         * @param client whether this side asked for the connection
         */
        static Tls over(SocketChannel channel, TlsOptions tls, boolean client, long timeoutNanos)
                throws IOException {
            InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
            SSLSocket socket =
                    (SSLSocket)
                            tls.context()
                                    .get()
                                    .getSocketFactory()
                                    .createSocket(
                                            channel.socket(),
                                            peer.getHostString(),
                                            peer.getPort(),
                                            true);
            tls.configure(socket, client);
            return new Tls(channel, socket, timeoutNanos);
        }

        private void handshake(long timeoutNanos) throws IOException {
            long end = System.nanoTime() + timeoutNanos;
            super.readDeadlineNanos.set(end);
            super.writeDeadlineNanos = end;
            try {
                socket.startHandshake();
            } catch (IOException e) {
                if (super.readExpired || super.writeExpired) {
                    throw new SocketTimeoutException("TLS handshake not done in time");
                }
                throw e;
            } finally {
                super.readDeadlineNanos.set(NEVER);
                super.writeDeadlineNanos = NEVER;
            }
        }

        @Override
        List<X509Certificate> peerCertificates() {
            List<X509Certificate> certificates = new ArrayList<>();
            try {
                for (Certificate certificate : socket.getSession().getPeerCertificates()) {
                    if (certificate instanceof X509Certificate x509) {
                        certificates.add(x509);
                    }
                }
            } catch (SSLPeerUnverifiedException e) {
                return List.of();
            }
            return certificates;
        }

        @Override
        int receive(ByteBuffer into) throws IOException {
            try {
                int read = in.read(inBytes, 0, Math.min(inBytes.length, into.remaining()));
                if (read > 0) {
                    into.put(inBytes, 0, read);
                }
                return read;
            } catch (EOFException e) {
                return -1;
            }
        }

        @Override
        void send(ByteBuffer from) throws IOException {
            while (from.hasRemaining()) {
                int length = Math.min(outBytes.length, from.remaining());
                from.get(outBytes, 0, length);
                out.write(outBytes, 0, length);
            }
        }

        /** Sends no close_notify: after A-RELEASE or A-ABORT nothing is left to be truncated. */
        @Override
        public void close() {
            super.close();
        }
    }
}
