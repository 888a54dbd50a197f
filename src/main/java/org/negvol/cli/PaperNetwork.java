package org.negvol.cli;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * The networks of the paper, timed on this machine: its V-Net once over the whole head at 160³ and
 * four times over a joint at 112×144×64 (two bones, two sides). Weights do not change the time;
 * {@code src/main/python/training/paper_network.py} makes a file with random ones.
 */
final class PaperNetwork {

    private static final long[] HEAD = {1, 1, 160, 160, 160};
    private static final long[] JOINT = {1, 1, 64, 144, 112};
    private static final int JOINT_PASSES = 4;

    private PaperNetwork() {}

    /** Seconds for all five passes, after one pass over a joint that warms the session. */
    static double seconds(Path onnx) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(onnx.toString(), options)) {
            pass(environment, session, JOINT);
            double joint = pass(environment, session, JOINT);
            return pass(environment, session, HEAD) + JOINT_PASSES * joint;
        } catch (OrtException e) {
            throw new CommandProblem(
                    "The paper's network in %s cannot be run: %s.".formatted(onnx, e.getMessage()),
                    e);
        }
    }

    private static double pass(OrtEnvironment environment, OrtSession session, long[] shape)
            throws OrtException {
        int n = 1;
        for (long size : shape) {
            n = Math.toIntExact(n * size);
        }
        try (OnnxTensor input =
                OnnxTensor.createTensor(environment, FloatBuffer.allocate(n), shape)) {
            long start = System.nanoTime();
            session.run(Map.of(session.getInputNames().iterator().next(), input)).close();
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
