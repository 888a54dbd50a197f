package org.negvol.segmentation;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

/**
 * A network ready to run: an ONNX Runtime session that was held against its manifest and warmed.
 * May be used by several threads at once.
 */
final class Network implements AutoCloseable {

    /** Windows whose every voxel is below this, in HU, hold no bone and are not looked at. */
    private static final float NO_BONE_HU = 130;

    /**
     * Share of a window that its neighbour sees too, for networks that see all they need at once
     * and meet a scan larger than that.
     */
    private static final double WHOLE_OVERLAP = 0.45;

    /** Beyond this distance of logits, a class has no probability worth computing. */
    private static final float LOGIT_REACH = 12;

    private final ModelManifest manifest;
    private final OrtEnvironment environment;
    private final OrtSession session;

    /**
     * Held for reading by every pass, and for closing: ONNX Runtime frees a session under the
     * passes that run in it, and the process dies.
     */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    private boolean closed;

    private Network(ModelManifest manifest, OrtEnvironment environment, OrtSession session) {
        this.manifest = manifest;
        this.environment = environment;
        this.session = session;
    }

    ModelManifest manifest() {
        return manifest;
    }

    /**
     * @param onnx the file's bytes
     * @param source the manifest's path or name, for messages
     * @throws UnfitModelException if the manifest does not fit the file, with the reason
     */
    static Network open(ModelManifest manifest, byte[] onnx, String source, ModelOptions options) {
        String digest = sha256(onnx);
        if (!digest.equals(manifest.identity().sha256())) {
            throw new UnfitModelException(
                    "%s: %s has the SHA-256 %s, the manifest says %s"
                            .formatted(
                                    source, manifest.file(), digest, manifest.identity().sha256()));
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions o = new OrtSession.SessionOptions()) {
            o.setInterOpNumThreads(1);
            o.setIntraOpNumThreads(options.threads());
            // Threads that spin between passes would take the cores from the rest of the service.
            o.addConfigEntry("session.intra_op.allow_spinning", "0");
            if (options.device() == ModelOptions.Device.CUDA) {
                o.addCUDA();
            }
            OrtSession session = environment.createSession(onnx, o);
            Network network = new Network(manifest, environment, session);
            try {
                network.checkInterface(source);
                network.warm(source);
            } catch (OrtException | RuntimeException e) {
                network.close();
                throw e;
            }
            return network;
        } catch (OrtException e) {
            throw new UnfitModelException(
                    "%s: ONNX Runtime refuses %s on %s: %s"
                            .formatted(source, manifest.file(), options.device(), e.getMessage()),
                    e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void checkInterface(String source) throws OrtException {
        int[] s = manifest.size();
        checkTensor(
                source,
                "input",
                manifest.input(),
                session.getInputInfo(),
                new long[] {1, 1, s[0], s[1], s[2]});
        if (session.getInputInfo().size() > 1) {
            throw unfit(
                    source,
                    "%s wants %d inputs %s, one is given"
                            .formatted(
                                    manifest.file(),
                                    session.getInputInfo().size(),
                                    session.getInputNames()));
        }
        checkTensor(
                source,
                "output",
                manifest.output(),
                session.getOutputInfo(),
                new long[] {1, manifest.classes().size(), s[0], s[1], s[2]});
    }

    private void checkTensor(
            String source, String what, String name, Map<String, NodeInfo> infos, long[] wanted) {
        NodeInfo info = infos.get(name);
        if (info == null) {
            throw unfit(
                    source,
                    "%s has no %s %s but %s"
                            .formatted(manifest.file(), what, name, infos.keySet()));
        }
        if (!(info.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
            throw unfit(source, "%s %s must be float32, is %s".formatted(what, name, info));
        }
        long[] shape = tensor.getShape();
        boolean fits = shape.length == wanted.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] == wanted[i] || shape[i] < 0;
        }
        if (!fits) {
            throw unfit(
                    source,
                    "%s %s of %s is %s, the manifest needs %s"
                            .formatted(
                                    what,
                                    name,
                                    manifest.file(),
                                    Arrays.toString(shape),
                                    Arrays.toString(wanted)));
        }
    }

    private static UnfitModelException unfit(String source, String what) {
        return new UnfitModelException(source + ": " + what);
    }

    /** The first pass plans memory; it also shows that the network gives what it declares. */
    private void warm(String source) throws OrtException {
        int[] s = manifest.size();
        FloatBuffer input = buffer();
        float air = manifest.normalisation().apply((float) manifest.normalisation().low());
        while (input.hasRemaining()) {
            input.put(air);
        }
        float[] logits = pass(input.flip());
        long wanted = (long) manifest.classes().size() * s[0] * s[1] * s[2];
        if (logits.length != wanted) {
            throw unfit(
                    source,
                    "%s gives %d values a window, the manifest needs %d classes of %s"
                            .formatted(
                                    manifest.file(),
                                    logits.length,
                                    manifest.classes().size(),
                                    Arrays.toString(s)));
        }
        for (float f : logits) {
            if (!Float.isFinite(f)) {
                throw unfit(source, manifest.file() + " gives numbers that are not finite");
            }
        }
    }

    private FloatBuffer buffer() {
        int[] s = manifest.size();
        return ByteBuffer.allocateDirect(4 * s[0] * s[1] * s[2])
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private float[] pass(FloatBuffer input) throws OrtException {
        inUse.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(
                        "the network %s is closed".formatted(manifest.identity().name()));
            }
            return passInOpenSession(input);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private float[] passInOpenSession(FloatBuffer input) throws OrtException {
        int[] s = manifest.size();
        try (OnnxTensor tensor =
                        OnnxTensor.createTensor(
                                environment, input, new long[] {1, 1, s[0], s[1], s[2]});
                OrtSession.Result result =
                        session.run(
                                Map.of(manifest.input(), tensor),
                                java.util.Set.of(manifest.output()))) {
            if (!(result.get(0) instanceof OnnxTensor out)) {
                throw new IllegalStateException("a tensor was declared and another thing came");
            }
            FloatBuffer values = out.getFloatBuffer();
            float[] copy = new float[values.remaining()];
            values.get(copy);
            return copy;
        }
    }

    /**
     * @param hu HU on a grid of {@link ModelManifest#grid}, any number of windows large
     * @return probabilities on the same grid
     */
    Probabilities probabilities(ScalarVolume hu) {
        VolumeGeometry g = hu.geometry();
        Probabilities p = Probabilities.none(g, manifest.classes());
        int[] size = {manifest.size()[2], manifest.size()[1], manifest.size()[0]};
        int[][] starts = new int[3][];
        int windows = 1;
        for (int axis = 0; axis < 3; axis++) {
            starts[axis] = starts(g.size(axis), size[axis]);
            windows *= starts[axis].length;
        }
        float[] weightSum = windows > 1 ? new float[hu.values().length] : null;
        float[][] weights = new float[3][];
        for (int axis = 0; axis < 3; axis++) {
            weights[axis] = weights(size[axis]);
        }
        for (int k : starts[2]) {
            for (int j : starts[1]) {
                for (int i : starts[0]) {
                    look(hu, new int[] {i, j, k}, size, p, weightSum, weights);
                }
            }
        }
        if (weightSum != null) {
            for (float[] values : p.of().values()) {
                for (int o = 0; o < values.length; o++) {
                    values[o] /= weightSum[o];
                }
            }
        }
        return p;
    }

    private int[] starts(int voxels, int window) {
        if (voxels <= window) {
            return new int[] {0};
        }
        double overlap = manifest.overlap() > 0 ? manifest.overlap() : WHOLE_OVERLAP;
        int count = (int) Math.ceil((voxels - window) / (window * (1 - overlap))) + 1;
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = (int) Math.round((double) i * (voxels - window) / (count - 1));
        }
        return starts;
    }

    /** The border of a window knows least of what lies beyond it. */
    private static float[] weights(int n) {
        float[] w = new float[n];
        for (int i = 0; i < n; i++) {
            w[i] = (float) Math.min(1, (Math.min(i, n - 1 - i) + 0.5) / (0.3 * n));
        }
        return w;
    }

    private void look(
            ScalarVolume hu,
            int[] start,
            int[] size,
            Probabilities p,
            float @org.jspecify.annotations.Nullable [] weightSum,
            float[][] weights) {
        VolumeGeometry g = hu.geometry();
        FloatBuffer input = buffer();
        float[] row = new float[size[0]];
        float highest = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                int o = g.index(start[0], start[1] + j, start[2] + k);
                for (int i = 0; i < size[0]; i++) {
                    float v = hu.values()[o + i];
                    highest = Math.max(highest, v);
                    row[i] = manifest.normalisation().apply(v);
                }
                input.put(row);
            }
        }
        float[] logits = null;
        if (highest >= NO_BONE_HU) {
            try {
                logits = pass(input.flip());
            } catch (OrtException e) {
                throw new IllegalStateException(
                        "a pass of %s failed: %s"
                                .formatted(manifest.identity().name(), e.getMessage()),
                        e);
            }
            activate(logits);
        }
        List<Meaning> classes = manifest.classes();
        int n = size[0] * size[1] * size[2];
        for (int c = -1; c < classes.size(); c++) {
            boolean sum = c < 0;
            float[] to = sum ? weightSum : p.of().get(classes.get(c));
            if (to == null || (!sum && logits == null)) {
                continue;
            }
            int at = c * n;
            for (int k = 0; k < size[2]; k++) {
                for (int j = 0; j < size[1]; j++) {
                    int o = g.index(start[0], start[1] + j, start[2] + k);
                    float w = weightSum == null ? 1 : weights[2][k] * weights[1][j];
                    for (int i = 0; i < size[0]; i++) {
                        float wi = weightSum == null ? 1 : w * weights[0][i];
                        to[o + i] += sum || logits == null ? wi : wi * logits[at++];
                    }
                }
            }
        }
    }

    /** Logits to probabilities, in place; classes are the slowest axis. */
    private void activate(float[] logits) {
        int classes = manifest.classes().size();
        int n = logits.length / classes;
        switch (manifest.activation()) {
            case NONE -> {
                for (int o = 0; o < logits.length; o++) {
                    logits[o] = Math.clamp(logits[o], 0, 1);
                }
            }
            case SIGMOID -> {
                for (int o = 0; o < logits.length; o++) {
                    logits[o] = (float) (1 / (1 + Math.exp(-logits[o])));
                }
            }
            case SOFTMAX -> {
                for (int o = 0; o < n; o++) {
                    float best = Float.NEGATIVE_INFINITY;
                    for (int at = o; at < logits.length; at += n) {
                        best = Math.max(best, logits[at]);
                    }
                    float sum = 0;
                    for (int at = o; at < logits.length; at += n) {
                        float d = logits[at] - best;
                        float e = d == 0 ? 1 : d < -LOGIT_REACH ? 0 : (float) Math.exp(d);
                        logits[at] = e;
                        sum += e;
                    }
                    for (int at = o; at < logits.length; at += n) {
                        logits[at] /= sum;
                    }
                }
            }
        }
    }

    /** Waits for the passes that run; those that would begin later fail. */
    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("closing a session failed", e);
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
