package org.negvol.segmentation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two networks of the pipeline, loaded once, warmed, and shared by all who segment.
 *
 * <p>Embedded in the jar are {@code models/localizer} and {@code models/joint}; a folder may
 * replace either by files of the same names ({@code localizer.json}, {@code joint.json} and the
 * ONNX files they name).
 */
public final class SegmentationModels implements AutoCloseable {

    private final Network localizer;
    private final Network joint;

    private SegmentationModels(Network localizer, Network joint) {
        this.localizer = localizer;
        this.joint = joint;
    }

    /**
     * Loads with {@link ModelOptions#DEFAULT}.
     *
     * @param folder a folder of other models, or null
     * @throws UnfitModelException if a model is missing or does not fit its manifest
     */
    public static SegmentationModels load(@Nullable Path folder) {
        return load(ModelOptions.DEFAULT.withFolder(folder));
    }

    /**
     * @throws UnfitModelException if a model is missing or does not fit its manifest
     */
    public static SegmentationModels load(ModelOptions options) {
        Path folder = options.folder();
        if (folder != null
                && !Files.isRegularFile(folder.resolve("localizer.json"))
                && !Files.isRegularFile(folder.resolve("joint.json"))) {
            throw new UnfitModelException(
                    "the folder of models %s holds neither localizer.json nor joint.json"
                            .formatted(folder));
        }
        Network localizer = open(ModelManifest.Task.LOCALIZER, options);
        try {
            return new SegmentationModels(
                    localizer, open(ModelManifest.Task.JOINT, forOneOfTwo(options)));
        } catch (RuntimeException e) {
            localizer.close();
            throw e;
        }
    }

    /** Both joints are looked at at the same time, so that each has half of the cores. */
    private static ModelOptions forOneOfTwo(ModelOptions options) {
        return options.threads() > 0
                ? options
                : options.withThreads(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    private static Network open(ModelManifest.Task task, ModelOptions options) {
        String name = task.written() + ".json";
        Path folder = options.folder();
        boolean embedded = folder == null || !Files.isRegularFile(folder.resolve(name));
        String source = embedded ? "embedded models/" + name : String.valueOf(folder) + "/" + name;
        Path home = embedded ? null : folder;
        ModelManifest manifest =
                ModelManifest.parse(
                        new String(read(home, name, source), StandardCharsets.UTF_8), source);
        if (manifest.task() != task) {
            throw new UnfitModelException(
                    "%s: task must be %s here, got %s"
                            .formatted(source, task.written(), manifest.task().written()));
        }
        return Network.open(manifest, read(home, manifest.file(), source), source, options);
    }

    /** A file of a folder, or an embedded one where there is no folder. */
    private static byte[] read(@Nullable Path folder, String name, String source) {
        if (folder == null) {
            return resource(name, source);
        }
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new UnfitModelException(source + ": there is no file " + file);
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnfitModelException(source + ": " + file + " cannot be read", e);
        }
    }

    private static byte[] resource(String name, String source) {
        try (InputStream in = SegmentationModels.class.getResourceAsStream("/models/" + name)) {
            if (in == null) {
                throw new UnfitModelException(source + ": models/" + name + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UnfitModelException(source + ": models/" + name + " cannot be read", e);
        }
    }

    public JointLocalizer localizer() {
        return new JointLocalizer(localizer);
    }

    public JointSegmenter segmenter() {
        return new JointSegmenter(joint);
    }

    /** The localiser first. */
    public List<ModelIdentity> identities() {
        return List.of(localizer.manifest().identity(), joint.manifest().identity());
    }

    @Override
    public void close() {
        localizer.close();
        joint.close();
    }
}
