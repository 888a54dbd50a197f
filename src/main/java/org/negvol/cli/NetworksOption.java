package org.negvol.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.segmentation.UnfitModelException;
import picocli.CommandLine.Option;

/** Which networks a command works with. */
final class NetworksOption {

    @Option(
            names = "--models",
            paramLabel = "FOLDER",
            description = "A folder with other networks than the built-in ones.")
    private @Nullable Path models;

    /**
     * Loads them; the caller closes them.
     *
     * @throws CommandProblem if one is missing or does not fit its manifest
     */
    SegmentationModels load() {
        try {
            return SegmentationModels.load(models);
        } catch (UnfitModelException e) {
            throw new CommandProblem(String.valueOf(e.getMessage()), e);
        }
    }
}
