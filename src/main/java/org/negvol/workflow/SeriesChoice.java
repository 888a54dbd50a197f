package org.negvol.workflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.volume.EnhancedCt;
import org.negvol.volume.SliceHeader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.VolumeGeometry;

/**
 * Which of several series of a study is processed?
 *
 * <p>One for each frame of reference. The rules, in their order:
 *
 * <ol>
 *   <li>a series whose slices make a volume before one whose slices do not;
 *   <li>a head before another part of the body, where the scanner says which;
 *   <li>the finer one: the smaller largest voxel edge (in tenths of a millimetre), so that a thin
 *       reformat comes before a thick original;
 *   <li>a bone kernel before another;
 *   <li>original before reformatted;
 *   <li>the one with more slices, then the smaller UID, so that the choice is always the same.
 * </ol>
 */
public final class SeriesChoice {

    /** How the kernels for bone are called by the large vendors. */
    private static final Pattern BONE_KERNEL =
            Pattern.compile(
                    "BONE|EDGE|SHARP|^FC[38]\\d|^[HBU][6-9]\\d|^[BHJQ]r?[6-9]\\d|^Y[A-E]$|^[DE]$",
                    Pattern.CASE_INSENSITIVE);

    private SeriesChoice() {}

    /**
     * A series to choose from.
     *
     * @param images its images, at least one
     * @param stack what its slices make
     */
    public record Candidate(List<CtImage> images, SliceStack stack) {

        public Candidate {
            images = List.copyOf(images);
            if (images.isEmpty()) {
                throw new IllegalArgumentException("a series without images");
            }
        }

        public static Candidate of(List<CtImage> images) {
            return new Candidate(
                    images, SliceStack.of(images.stream().map(CtImage::slice).toList()));
        }

        Attributes header() {
            return images.getFirst().header();
        }

        String seriesUid() {
            return images.getFirst().slice().seriesUid();
        }

        String frameOfReferenceUid() {
            return images.getFirst().slice().frameOfReferenceUid();
        }

        boolean isVolume() {
            return stack instanceof SliceStack.Stack;
        }

        /**
         * Whether the volume came as a whole: its slices are the frames of one object, or of all
         * parts of one concatenation.
         */
        boolean isVolumeOfOneObject() {
            if (!(stack instanceof SliceStack.Stack s) || s.slices().getFirst().frame() == 0) {
                return false;
            }
            Set<SliceHeader> slices = new HashSet<>(s.slices());
            List<CtImage> used = images.stream().filter(i -> slices.contains(i.slice())).toList();
            return used.stream()
                                    .map(i -> i.header().getString(Tag.ConcatenationUID, ""))
                                    .distinct()
                                    .count()
                            == 1
                    && used.stream().map(i -> i.slice().sopInstanceUid()).distinct().count()
                            == EnhancedCt.parts(used.getFirst().header()).orElse(0);
        }

        boolean isOtherBodyPart() {
            String part = header().getString(Tag.BodyPartExamined, "").toUpperCase(Locale.ROOT);
            return !part.isEmpty()
                    && !Pattern.compile(
                                    "HEAD|SKULL|JAW|TMJ|FACE|FACIAL|MAXILL|MANDIB|BRAIN|NECK|SINUS|ORBIT|EAR|TEMPORAL|DENT")
                            .matcher(part)
                            .find();
        }

        /** Largest distance of neighbouring voxels, in tenths of a millimetre. */
        long coarseness() {
            return switch (stack) {
                case SliceStack.Stack s -> {
                    VolumeGeometry g = s.geometry();
                    double edge =
                            Math.max(g.spacingMm(0), Math.max(g.spacingMm(1), g.spacingMm(2)));
                    yield Math.round(10 * edge);
                }
                case SliceStack.NotAVolume n -> Long.MAX_VALUE;
            };
        }

        boolean isBoneKernel() {
            return BONE_KERNEL
                    .matcher(header().getString(Tag.ConvolutionKernel, "").strip())
                    .find();
        }

        boolean isOriginal() {
            return images.getFirst().slice().imageType().stream()
                    .findFirst()
                    .filter("ORIGINAL"::equals)
                    .isPresent();
        }
    }

    /**
     * One rule.
     *
     * @param better orders the better series first
     * @param why the advantage in words, after "it"
     */
    private record Rule(Comparator<Candidate> better, String why) {}

    private static final List<Rule> RULES =
            List.of(
                    new Rule(Comparator.comparing(c -> !c.isVolume()), "makes a volume"),
                    new Rule(Comparator.comparing(Candidate::isOtherBodyPart), "shows the head"),
                    new Rule(Comparator.comparingLong(Candidate::coarseness), "has smaller voxels"),
                    new Rule(Comparator.comparing(c -> !c.isBoneKernel()), "has a bone kernel"),
                    new Rule(Comparator.comparing(c -> !c.isOriginal()), "is the original"),
                    new Rule(Comparator.comparingInt(c -> -c.images().size()), "has more slices"),
                    new Rule(
                            Comparator.comparing(Candidate::seriesUid),
                            "is its equal and comes first"));

    private static final Comparator<Candidate> BEST_FIRST =
            RULES.stream().map(Rule::better).reduce(Comparator::thenComparing).orElseThrow();

    /** All series, the best of all first. */
    public static List<Candidate> ranked(List<Candidate> candidates) {
        return candidates.stream().sorted(BEST_FIRST).toList();
    }

    /**
     * The best of each frame of reference, the best of all first. Frames of reference without any
     * volume are left out as long as another has one.
     */
    public static List<Candidate> best(List<Candidate> candidates) {
        Map<String, Candidate> byFrame = new LinkedHashMap<>();
        for (Candidate c : ranked(candidates)) {
            byFrame.putIfAbsent(c.frameOfReferenceUid(), c);
        }
        List<Candidate> best = new ArrayList<>(byFrame.values());
        List<Candidate> volumes = best.stream().filter(Candidate::isVolume).toList();
        return volumes.isEmpty() ? best.subList(0, Math.min(1, best.size())) : volumes;
    }

    /** Why the first of two series is the better one, in words after "it". */
    static String why(Candidate better, Candidate other) {
        return RULES.stream()
                .filter(r -> r.better().compare(better, other) != 0)
                .findFirst()
                .map(Rule::why)
                .orElse("is the same");
    }
}
