package org.negvol.volume;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.negvol.volume.SliceHeader.Placement;

/** Do these slices make a volume? */
public sealed interface SliceStack {

    /** Largest departure of a slice distance from the median one, as a share of it. */
    double SPACING_TOLERANCE = 0.01;

    /** Positions are written with two decimals by some scanners: no gap is judged finer, mm. */
    double POSITION_ROUNDING_MM = 0.011;

    /** A joint needs about 20 mm along the normal; fewer slices than this never show one. */
    int FEWEST_SLICES = 8;

    /** So many slices may lie apart from either end of a series, as scanners add them there. */
    int MOST_STRAYS_PER_END = 2;

    /**
     * A volume.
     *
     * @param geometry the grid; its determinant is positive, gantry tilt is a shear of its columns
     * @param slices one image for each k of the grid
     * @param notes sentences on images that were left out
     * @param tiltDegrees angle between the slices' normal and the line through their origins
     */
    record Stack(
            VolumeGeometry geometry,
            List<SliceHeader> slices,
            List<String> notes,
            double tiltDegrees)
            implements SliceStack {
        public Stack {
            slices = List.copyOf(slices);
            notes = List.copyOf(notes);
            if (slices.size() != geometry.slices()) {
                throw new IllegalArgumentException(
                        "%d images for %d slices".formatted(slices.size(), geometry.slices()));
            }
        }
    }

    /**
     * No volume.
     *
     * @param sentence what is wrong and what to do, for a person
     */
    record NotAVolume(Reason reason, String sentence) implements SliceStack {}

    /** Why slices make no volume. */
    enum Reason {
        NO_IMAGES,
        NOT_CT,
        ONLY_LOCALIZERS,
        NO_GEOMETRY,
        SEVERAL_SERIES,
        SEVERAL_ORIENTATIONS,
        SEVERAL_VOLUMES,
        TOO_FEW_SLICES,
        MISSING_SLICES,
        UNEVEN_SPACING,
        SHIFTED_SLICES
    }

    /**
     * Sorts the slices of one series along their normal and judges them.
     *
     * @param headers the images of a series, in any order
     */
    static SliceStack of(List<SliceHeader> headers) {
        if (headers.isEmpty()) {
            return no(Reason.NO_IMAGES, "The series holds no image; send it again.");
        }
        if (headers.stream().anyMatch(h -> !h.modality().equals("CT"))) {
            return no(Reason.NOT_CT, "The series is not CT; send a CT or CBCT series of the head.");
        }
        if (headers.stream().map(SliceHeader::seriesUid).distinct().count() > 1
                || headers.stream().map(SliceHeader::frameOfReferenceUid).distinct().count() > 1) {
            return no(
                    Reason.SEVERAL_SERIES,
                    "The images belong to several series or frames of reference; process each one"
                            + " by itself.");
        }
        List<String> notes = new ArrayList<>();
        List<SliceHeader> images = headers.stream().filter(h -> !h.isLocalizer()).toList();
        if (images.isEmpty()) {
            return no(
                    Reason.ONLY_LOCALIZERS,
                    "The series holds localizer images only; send the thin-slice series.");
        }
        noteLeftOut(notes, headers.size() - images.size(), "localizer image");
        List<Placed> placed = new ArrayList<>();
        for (SliceHeader h : images) {
            Placement p = h.placement();
            if (p != null) {
                placed.add(new Placed(h, p));
            }
        }
        if (placed.isEmpty()) {
            return no(
                    Reason.NO_GEOMETRY,
                    "No image tells its position, orientation and pixel spacing; send the original"
                            + " axial series.");
        }
        noteLeftOut(notes, images.size() - placed.size(), "image without a position");
        List<Placed> parallel = largestParallelGroup(placed);
        if (2 * parallel.size() <= placed.size()) {
            return no(
                    Reason.SEVERAL_ORIENTATIONS,
                    "The images differ in orientation, size or pixel spacing; send one"
                            + " reconstruction per series.");
        }
        noteLeftOut(notes, placed.size() - parallel.size(), "image of another orientation or size");
        return stack(parallel, notes);
    }

    private static SliceStack stack(List<Placed> parallel, List<String> notes) {
        Vec3 normal = parallel.getFirst().at.normal();
        List<Placed> sorted = new ArrayList<>(parallel);
        sorted.sort(
                Comparator.<Placed>comparingDouble(p -> p.at.positionMm().dot(normal))
                        .thenComparing(p -> p.header.sopInstanceUid())
                        .thenComparing(p -> p.header.frame()));
        List<Placed> slices = new ArrayList<>();
        double last = Double.NEGATIVE_INFINITY;
        for (Placed p : sorted) {
            double z = p.at.positionMm().dot(normal);
            if (z - last > POSITION_ROUNDING_MM) {
                slices.add(p);
                last = z;
            }
        }
        int duplicates = sorted.size() - slices.size();
        if (2 * duplicates >= slices.size() && duplicates > MOST_STRAYS_PER_END) {
            return no(
                    Reason.SEVERAL_VOLUMES,
                    "The series holds several images at the same position, as dynamic scans and"
                            + " mixed reconstructions do; send one reconstruction per series.");
        }
        noteLeftOut(notes, duplicates, "second image at an occupied position");
        if (slices.size() < FEWEST_SLICES) {
            return tooFew(slices.size());
        }
        double[] gaps = new double[slices.size() - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] =
                    slices.get(i + 1)
                            .at
                            .positionMm()
                            .minus(slices.get(i).at.positionMm())
                            .dot(normal);
        }
        double[] ordered = gaps.clone();
        Arrays.sort(ordered);
        double spacing = ordered[ordered.length / 2];
        int[] run = longestEvenRun(gaps, spacing);
        int before = run[0];
        int after = slices.size() - 1 - run[1];
        if (before > MOST_STRAYS_PER_END || after > MOST_STRAYS_PER_END) {
            return uneven(gaps, spacing);
        }
        noteLeftOut(notes, before + after, "stray slice apart from the rest");
        List<Placed> kept = slices.subList(run[0], run[1] + 1);
        if (kept.size() < FEWEST_SLICES) {
            return tooFew(kept.size());
        }
        Vec3 origin = kept.getFirst().at.positionMm();
        Vec3 step = kept.getLast().at.positionMm().minus(origin).times(1.0 / (kept.size() - 1));
        double allowed = Math.max(0.1, 0.05 * spacing);
        for (int k = 0; k < kept.size(); k++) {
            if (kept.get(k).at.positionMm().distanceTo(origin.plus(step.times(k))) > allowed) {
                return no(
                        Reason.SHIFTED_SLICES,
                        "The origins of the slices do not lie on a line, so the patient or the"
                                + " table moved; send an unbroken reconstruction.");
            }
        }
        Placement first = kept.getFirst().at;
        SliceHeader header = kept.getFirst().header;
        double tilt =
                Math.toDegrees(Math.acos(Math.clamp(step.normalised().dot(normal), -1.0, 1.0)));
        VolumeGeometry geometry =
                new VolumeGeometry(
                        header.columns(),
                        header.rows(),
                        kept.size(),
                        Affine.ofColumns(
                                first.rowDirection().times(first.columnSpacingMm()),
                                first.columnDirection().times(first.rowSpacingMm()),
                                step,
                                origin));
        return new Stack(geometry, kept.stream().map(p -> p.header).toList(), notes, tilt);
    }

    private static List<Placed> largestParallelGroup(List<Placed> placed) {
        List<List<Placed>> groups = new ArrayList<>();
        for (Placed p : placed) {
            List<Placed> home = null;
            for (List<Placed> g : groups) {
                Placed o = g.getFirst();
                if (o.at.isParallelTo(p.at)
                        && o.header.rows() == p.header.rows()
                        && o.header.columns() == p.header.columns()) {
                    home = g;
                    break;
                }
            }
            if (home == null) {
                home = new ArrayList<>();
                groups.add(home);
            }
            home.add(p);
        }
        List<Placed> best = groups.getFirst();
        for (List<Placed> g : groups) {
            if (g.size() > best.size()) {
                best = g;
            }
        }
        return best;
    }

    /** First and last slice of the longest run whose gaps all equal the median one. */
    private static int[] longestEvenRun(double[] gaps, double spacing) {
        int bestFrom = 0;
        int bestTo = 0;
        int from = 0;
        for (int i = 0; i <= gaps.length; i++) {
            if (i == gaps.length || !isEven(gaps[i], spacing)) {
                if (i - from > bestTo - bestFrom) {
                    bestFrom = from;
                    bestTo = i;
                }
                from = i + 1;
            }
        }
        return new int[] {bestFrom, bestTo};
    }

    private static boolean isEven(double gap, double spacing) {
        return Math.abs(gap - spacing)
                <= Math.max(SPACING_TOLERANCE * spacing, POSITION_ROUNDING_MM);
    }

    private static NotAVolume uneven(double[] gaps, double spacing) {
        long missing = 0;
        boolean whole = true;
        for (double gap : gaps) {
            long n = Math.round(gap / spacing);
            whole &= n >= 1 && isEven(gap / Math.max(n, 1), spacing);
            missing += n - 1;
        }
        if (whole && missing > 0) {
            return no(
                    Reason.MISSING_SLICES,
                    "%d of %d slices are missing inside the series; send it again whole."
                            .formatted(missing, gaps.length + 1 + missing));
        }
        return no(
                Reason.UNEVEN_SPACING,
                String.format(
                        Locale.ROOT,
                        "The distance of the slices varies (median %.2f mm); send a reconstruction"
                                + " with one slice spacing.",
                        spacing));
    }

    private static NotAVolume tooFew(int slices) {
        return no(
                Reason.TOO_FEW_SLICES,
                "The series has %d slices in a row and at least %d are needed; send the thin-slice series."
                        .formatted(slices, FEWEST_SLICES));
    }

    private static void noteLeftOut(List<String> notes, int count, String what) {
        if (count > 0) {
            notes.add("Left out: %d × %s.".formatted(count, what));
        }
    }

    private static NotAVolume no(Reason reason, String sentence) {
        return new NotAVolume(reason, sentence);
    }

    /** An image that tells where it lies. */
    record Placed(SliceHeader header, Placement at) {}
}
