package org.negvol.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Deidentification;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol deidentify}: copies of CT images without who they are of. */
@Command(
        name = "deidentify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Copies the CT images below a folder for research, without identity: the Basic Profile"
                    + " of PS3.15 Annex E, by copying only what describes the image.",
            "A face can be recognised in a CT of the head. Give the copies to who may see faces."
        })
final class DeidentifyCommand implements Callable<Integer> {

    /** A slice has some megabytes. */
    private static final long MOST_BYTES = 1L << 28;

    private static final int KEY_BYTES = 32;

    @Parameters(paramLabel = "FOLDER", description = "DICOM files, also in folders below.")
    private Path folder = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "Where the copies go: PATIENT/SERIES/INSTANCE.dcm.")
    private Path out = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "A secret that makes the new names and UIDs: the same ones with the same file,"
                            + " made if it is not there. Without, this run has a key of its own that"
                            + " nobody keeps.")
    private @Nullable Path keyFile;

    @Option(
            names = "--keep-age-and-sex",
            description = "Keeps Patient's Age, up to 90 years, and Patient's Sex.")
    private boolean characteristics;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Deidentification deidentification = new Deidentification(key(), characteristics);
        Map<String, Integer> leftOut = new TreeMap<>();
        int copied = 0;
        for (Path file : SeriesFolder.files(folder)) {
            String reason = copy(file, deidentification);
            if (reason == null) {
                copied++;
            } else {
                leftOut.merge(reason, 1, Integer::sum);
            }
        }
        PrintWriter console = spec.commandLine().getOut();
        console.printf("%d images are copied to %s.%n", copied, out);
        leftOut.forEach(
                (reason, files) -> console.printf("%d files are left out: %s.%n", files, reason));
        console.flush();
        return copied == 0 ? NegvolCommand.PROBLEM : NegvolCommand.DONE;
    }

    private byte[] key() {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_BYTES];
        Path file = keyFile;
        try {
            if (file == null || !Files.exists(file)) {
                random.nextBytes(key);
                if (file != null) {
                    Files.write(file, key);
                }
                return key;
            }
            byte[] kept = Files.readAllBytes(file);
            if (kept.length < Deidentification.SHORTEST_KEY_BYTES) {
                throw new CommandProblem(
                        "The key %s has %d bytes, which can be guessed; it needs %d."
                                .formatted(file, kept.length, Deidentification.SHORTEST_KEY_BYTES));
            }
            return kept;
        } catch (IOException e) {
            throw new CommandProblem(
                    "The key %s cannot be used: %s.".formatted(file, CommandProblem.reason(e)), e);
        }
    }

    /** Copies one file; gives the reason where it is left out. */
    private @Nullable String copy(Path file, Deidentification deidentification) {
        Attributes image;
        TransferSyntax syntax;
        try (DicomInputStream in =
                new DicomInputStream(
                        new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            image = in.limitHeldBytes(MOST_BYTES).readDataset();
            syntax = in.getTransferSyntax();
        } catch (IOException e) {
            return "no DICOM file that can be read";
        }
        return switch (deidentification.copy(image)) {
            case Deidentification.LeftOut none -> none.reason();
            case Deidentification.Copy copy -> {
                write(copy.dataset(), syntax);
                yield null;
            }
        };
    }

    private void write(Attributes copy, TransferSyntax syntax) {
        Path file =
                out.resolve(copy.getString(Tag.PatientID, ""))
                        .resolve(copy.getString(Tag.SeriesInstanceUID, "no-series"))
                        .resolve(copy.getString(Tag.SOPInstanceUID, "no-instance") + ".dcm");
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent(), "it was resolved"));
            try (DicomOutputStream to =
                    new DicomOutputStream(
                            new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
                to.writeFile(FileMeta.of(copy, syntax), copy);
            }
        } catch (IOException e) {
            throw new CommandProblem(
                    "The copy %s cannot be written: %s.".formatted(file, CommandProblem.reason(e)),
                    e);
        }
    }
}
