package org.negvol.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.negvol.config.RemoteAe;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.AssociationRejectedException;
import org.negvol.dimse.DataWriter;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.NoPresentationContextException;
import org.negvol.dimse.OperationsWindow;

/** Sends the DICOM files of a folder to an AE by C-STORE, in their order, as they are. */
final class FolderSender {

    /** As many answers may be missing while the next file goes out, if the peer agrees. */
    private static final int WINDOW = 8;

    /** Preamble and prefix (PS3.10 7.1), and the element that holds the length of the rest. */
    private static final long BEFORE_META = 128 + 4 + 12;

    /**
     * A file to be sent.
     *
     * @param dataset where its data set begins
     */
    record Item(
            Path file,
            long dataset,
            String sopClassUid,
            String sopInstanceUid,
            String transferSyntaxUid) {}

    /**
     * How it went.
     *
     * @param sent how many the peer took
     * @param problems a sentence for each kind of refusal, with how often it happened
     */
    record Report(int sent, Map<String, Integer> problems) {}

    private FolderSender() {}

    /**
     * The files below a folder that are DICOM files, sorted by their paths.
     *
     * @throws CommandProblem if there is no such folder or nothing to send in it
     */
    static List<Item> items(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new CommandProblem("There is no folder %s.".formatted(folder));
        }
        List<Item> items = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                Item item = item(file);
                if (item != null) {
                    items.add(item);
                }
            }
        } catch (IOException e) {
            throw new CommandProblem(
                    "The folder %s cannot be read: %s.".formatted(folder, CommandProblem.reason(e)),
                    e);
        }
        if (items.isEmpty()) {
            throw new CommandProblem(
                    "There is no DICOM file in %s; name a folder that holds some."
                            .formatted(folder));
        }
        return items;
    }

    private static @Nullable Item item(Path file) {
        try (DicomInputStream in =
                new DicomInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            Attributes meta = in.getFileMetaInformation();
            int length = meta.getInt(Tag.FileMetaInformationGroupLength, -1);
            String sopClass = meta.getString(Tag.MediaStorageSOPClassUID, "");
            String instance = meta.getString(Tag.MediaStorageSOPInstanceUID, "");
            String syntax = meta.getString(Tag.TransferSyntaxUID, "");
            return length < 0 || sopClass.isEmpty() || instance.isEmpty() || syntax.isEmpty()
                    ? null
                    : new Item(file, BEFORE_META + length, sopClass, instance, syntax);
        } catch (IOException e) {
            // Not a DICOM file: folders hold notes and pictures too.
            return null;
        }
    }

    /**
     * Sends files over one association.
     *
     * @param callingAet this side's AE title
     * @param progress hears how many files are done
     * @throws CommandProblem if the association cannot be opened or breaks
     */
    static Report send(List<Item> items, RemoteAe target, String callingAet, IntConsumer progress) {
        AssociateOptions options =
                AssociateOptions.to(target.host(), target.port(), target.aeTitle(), callingAet);
        Set<List<String>> proposals = new LinkedHashSet<>();
        items.forEach(i -> proposals.add(List.of(i.sopClassUid(), i.transferSyntaxUid())));
        if (proposals.size() > AssociateOptions.MAX_PRESENTATION_CONTEXTS) {
            throw new CommandProblem(
                    "The folder holds %d kinds of objects and an association carries %d; send its parts."
                            .formatted(
                                    proposals.size(), AssociateOptions.MAX_PRESENTATION_CONTEXTS));
        }
        for (List<String> p : proposals) {
            options = options.propose(p.getFirst(), p.getLast());
        }
        Tally tally = new Tally(progress);
        try (Association association = Association.open(options.withWindow(WINDOW))) {
            OperationsWindow.fill(
                    association, items.size(), i -> tally.add(store(association, items.get(i))));
        } catch (AssociationRejectedException e) {
            throw new CommandProblem(
                    "%s does not let %s in: %s.".formatted(target, callingAet, e.getMessage()), e);
        } catch (ConnectException | UnknownHostException e) {
            throw new CommandProblem(
                    "Nobody answers at %s; is the node running, and is the port right?"
                            .formatted(target),
                    e);
        } catch (IOException e) {
            throw new CommandProblem(
                    "The connection to %s broke after %d of %d files: %s."
                            .formatted(target, tally.sent, items.size(), CommandProblem.reason(e)),
                    e);
        }
        return new Report(tally.sent, tally.problems);
    }

    /** Counts what becomes of the files. */
    private static final class Tally {

        private final Map<String, Integer> problems = new LinkedHashMap<>();
        private final IntConsumer progress;
        private int sent;
        private int done;

        Tally(IntConsumer progress) {
            this.progress = progress;
        }

        /**
         * @param problem in words, or null
         */
        synchronized void add(@Nullable String problem) {
            if (problem == null) {
                sent++;
            } else {
                problems.merge(problem, 1, Integer::sum);
            }
            progress.accept(++done);
        }
    }

    /** Sends one file; the problem in words, or null. */
    private static @Nullable String store(Association association, Item item) throws IOException {
        try (FileChannel channel = FileChannel.open(item.file())) {
            channel.position(item.dataset());
            DimseStatus status =
                    association.store(
                            item.sopClassUid(),
                            item.sopInstanceUid(),
                            item.transferSyntaxUid(),
                            DataWriter.of(channel));
            return status.isFailure() ? "refused with status " + status : null;
        } catch (NoPresentationContextException e) {
            return e.getMessage();
        }
    }
}
