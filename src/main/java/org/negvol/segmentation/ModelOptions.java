package org.negvol.segmentation;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which networks are loaded and what they run on.
 *
 * @param folder a folder with {@code localizer.json} or {@code joint.json} and their ONNX files,
 *     which replace the embedded ones; null for the embedded ones alone
 * @param threads threads that work on one pass of a network; 0 for all cores, of which the passes
 *     over both joints, which run at the same time, take half each
 * @param device where the networks run
 */
public record ModelOptions(@Nullable Path folder, int threads, Device device) {

    /** Where networks run. */
    public enum Device {
        CPU,
        /** The first CUDA device; needs the GPU build of ONNX Runtime on the class path. */
        CUDA
    }

    /** Embedded networks on all cores. */
    public static final ModelOptions DEFAULT = new ModelOptions(null, 0, Device.CPU);

    public ModelOptions {
        if (threads < 0 || threads > 256) {
            throw new IllegalArgumentException("threads must be 0 to 256, got " + threads);
        }
    }

    public ModelOptions withFolder(@Nullable Path other) {
        return new ModelOptions(other, threads, device);
    }

    public ModelOptions withThreads(int other) {
        return new ModelOptions(folder, other, device);
    }
}
