package org.negvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.phantom.PhantomWriter;
import org.negvol.phantom.ScanArtefacts;
import org.negvol.volume.VolumeGeometry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code negvol phantom}: writes a CT series of a procedural head. */
@Command(
        name = "phantom",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes a CT series of a procedural head with known joint spaces, and what is known of"
                    + " them as truth.json beside it.",
            "The same options give the same files."
        })
final class PhantomCommand implements Callable<Integer> {

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the files are written; made if it is not there.")
    private Path out = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description =
                    "A random adult of this seed; without it, a calm head for demonstrations.")
    private @Nullable Long seed;

    @Option(
            names = "--view",
            paramLabel = "PART",
            defaultValue = "FACE",
            description =
                    "What is scanned: ${COMPLETION-CANDIDATES}; both joints with FACE (default),"
                            + " JOINTS and HEAD.")
    private PhantomScan.FieldOfView view = PhantomScan.FieldOfView.FACE;

    @Option(
            names = "--pixel",
            paramLabel = "MM",
            defaultValue = "0.5",
            description = "Distance of the pixels (default: ${DEFAULT-VALUE}).")
    private double pixelMm;

    @Option(
            names = "--slice",
            paramLabel = "MM",
            defaultValue = "0.5",
            description = "Distance and thickness of the slices (default: ${DEFAULT-VALUE}).")
    private double sliceMm;

    @Option(
            names = "--tilt",
            paramLabel = "DEGREES",
            defaultValue = "0",
            description = "Gantry tilt (default: ${DEFAULT-VALUE}).")
    private double tiltDegrees;

    @Option(names = "--no-mandible", description = "A head without a mandible.")
    private boolean noMandible;

    @Option(
            names = "--artefacts",
            split = ",",
            paramLabel = "KIND",
            description =
                    "What goes wrong in the scanner, separated by commas: ${COMPLETION-CANDIDATES}.")
    private List<ScanArtefacts.Kind> artefacts = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter console = spec.commandLine().getOut();
        PhantomParameters parameters =
                seed == null ? PhantomParameters.demo() : PhantomParameters.random(seed);
        if (noMandible) {
            parameters = withoutMandible(parameters);
        }
        HeadPhantom phantom = HeadPhantom.of(parameters);
        VolumeGeometry grid;
        try {
            grid = PhantomScan.axial(phantom, view, pixelMm, sliceMm, tiltDegrees);
        } catch (IllegalArgumentException e) {
            throw new CommandProblem("%s.".formatted(e.getMessage()), e);
        }
        ScanArtefacts wrong = ScanArtefacts.of(phantom, Set.copyOf(artefacts), parameters.seed());
        List<Path> files = write(phantom, grid, wrong, out, console);
        console.printf(
                Locale.ROOT,
                "%d images of %d × %d pixels in %s%n",
                files.size(),
                grid.columns(),
                grid.rows(),
                out.toAbsolutePath().normalize());
        console.flush();
        return NegvolCommand.DONE;
    }

    /** Writes the series and, for a head with a mandible, its truth. */
    static List<Path> write(
            HeadPhantom phantom,
            VolumeGeometry grid,
            ScanArtefacts artefacts,
            Path folder,
            PrintWriter console) {
        Progress progress = new Progress(console, "Making the phantom", grid.slices());
        try {
            List<Path> files =
                    PhantomWriter.write(
                            phantom,
                            grid,
                            artefacts,
                            folder,
                            Runtime.getRuntime().availableProcessors());
            if (phantom.parameters().head().mandible()) {
                PhantomWriter.writeTruth(phantom, folder.resolve("truth.json"));
            }
            progress.show(grid.slices());
            return files;
        } catch (IOException e) {
            throw new CommandProblem(
                    "The phantom cannot be written to %s: %s."
                            .formatted(folder, CommandProblem.reason(e)),
                    e);
        }
    }

    static PhantomParameters withoutMandible(PhantomParameters p) {
        PhantomParameters.Head h = p.head();
        return p.withHead(
                new PhantomParameters.Head(
                        h.scaleX(),
                        h.scaleY(),
                        h.scaleZ(),
                        h.warpMm(),
                        h.vaultThicknessMm(),
                        h.fatMm(),
                        h.pneumatisation(),
                        h.pitchDegrees(),
                        h.yawDegrees(),
                        h.rollDegrees(),
                        h.originX(),
                        h.originY(),
                        h.originZ(),
                        false,
                        h.teeth(),
                        h.mouthOpeningDegrees(),
                        h.condyleGlideMm()));
    }
}
