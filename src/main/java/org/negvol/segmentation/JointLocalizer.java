package org.negvol.segmentation;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.negvol.segmentation.JointLocation.Found;
import org.negvol.segmentation.JointLocation.Missing;
import org.negvol.segmentation.JointLocation.Why;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Intensity;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiReader;
import org.negvol.volume.VolumeGeometry;

/**
 * Where are the joints of a scan?
 *
 * <p>A network looks at the whole field of view on a coarse grid and names mandible and skull near
 * either condyle. What it names is believed only where the CT shows bone, the pieces are large
 * enough and lie to each other as a condyle lies under its fossa, and the joint's core is inside
 * the scan. A joint is never guessed from the other one.
 */
public final class JointLocalizer {

    /** A scan with less bone than this, in mm³, shows no head. */
    static final double LEAST_BONE_MM3 = 3000;

    /** Bone on the coarse grid, in HU: cortical bone that shares its voxels with soft tissue. */
    static final float BONE_HU = 250;

    /** A piece of bone smaller than this, in mm³, is no condyle and no fossa. */
    static final double LEAST_PIECE_MM3 = 300;

    /** Mean HU of a piece of bone, cancellous part and partial volume included. */
    static final double LEAST_MEAN_HU = 120;

    /**
     * Bone that hints at a mandible has at least this share of the skull's bone above it; condyles
     * have a fifth and more, what was taken for one in heads without a mandible 0.03.
     */
    static final double LEAST_SHARE_OF_SKULL = 0.05;

    /** A voxel that hints at a mandible has at least so many HU: marrow that lost its calcium. */
    static final float LEAST_HINT_HU = 150;

    /** Mean probability of what was named, below which it is not believed. */
    static final double LEAST_CONFIDENCE = 0.70;

    /** Probability that still hints at a bone. */
    static final float HINT = 0.25f;

    /** How far the fossa's bone may lie from the condyle's centroid, mm: 14 + 16, less a bit. */
    static final double SKULL_WITHIN_MM = 28;

    /** The condyle's centre lies this share of the way from the mandible's centroid to skull's. */
    private static final double TOWARDS_SKULL = 0.28;

    /**
     * … and this much above it. Both are a least squares fit to 233 joints of phantoms, of exact
     * labels first (3.6 mm above), then of what the embedded network makes of them: it names less
     * of the neck, so that its centroids lie 2.2 mm higher. What is left, the close look takes out.
     */
    private static final double ABOVE_MM = 1.4;

    /** Where the condyle's centre would be under the skull's piece, mm below its centroid. */
    private static final double BELOW_SKULL_MM = 4;

    /**
     * The fossa of a condyle that is named without one ends at most this far above the core, mm.
     */
    private static final double FOSSA_ABOVE_MM = 8;

    /** Distance of both condyles' centres, mm: the range of adults and large children, widened. */
    static final double LEAST_APART_MM = 65;

    static final double MOST_APART_MM = 135;

    private static final double USUALLY_APART_MM = 100;

    /**
     * Narrower scans, in mm, show one joint at most. Which one it is the network tells from the
     * joint alone; it is asked twice, the second time in a mirror, so that it favours neither side.
     */
    private static final double LEAST_WIDTH_OF_BOTH_MM = 110;

    /**
     * Share of what a narrow scan shows that must be one side's: of 16 phantoms' single joints,
     * none had less than 0.77 of their own side.
     */
    private static final double CLEAR_SIDE = 0.65;

    /** Where a joint would lie so far outside the scan, what the scan hints at is another thing. */
    private static final double MOSTLY_OUTSIDE = 0.5;

    /** Of two joints in the same place, the one that is so much more probable is believed. */
    private static final double CLEAR_LEAD = 0.1;

    /** Radius of the core, mm: condyle, fossa and the space between them. */
    static final double CORE_MM = 12;

    /** The core ends this far below the centre: scans that stop at the neck are of use. */
    static final double CORE_BELOW_MM = 5;

    /** Share of the core that may lie outside the scan: its outermost corner, or padding. */
    static final double MOST_CUT = 0.03;

    /** What is looked at round the bone of a scan larger than a window, mm. */
    private static final double MARGIN_MM = 20;

    /**
     * Bone that exceeds a window by no more than this, in mm, is looked at in one round its middle:
     * that the vault's top and the lowest vertebra are not seen does not move the joints.
     */
    private static final double MOST_UNSEEN_MM = 40;

    /** Bone that fits a window with this much round it, in mm, is looked at in one. */
    private static final double LEAST_MARGIN_MM = 4;

    /** Share of bone at either end of an axis that is a table or a tube rather than the head. */
    private static final double STRAY_SHARE = 0.001;

    private final Network network;

    JointLocalizer(Network network) {
        this.network = network;
    }

    static String name(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    /** Finest spacing of the grid on which a scan is looked at. */
    public double overviewSpacingMm() {
        double[] spacing = network.manifest().spacingMm();
        return Math.min(spacing[0], Math.min(spacing[1], spacing[2]));
    }

    /**
     * @return a location for either side
     * @throws IOException if a slice cannot be read
     */
    public Localization locate(CtSeries series) throws IOException {
        VolumeGeometry scan = series.geometry();
        ScalarVolume raw = VoiReader.read(series, overview(scan));
        Intensity intensity = Intensity.of(raw);
        ScalarVolume hu = aroundBone(intensity.apply(raw));
        Probabilities p = network.probabilities(hu);
        Vec3[] box = box(scan);
        if (box[1].x() - box[0].x() < LEAST_WIDTH_OF_BOTH_MM) {
            p = ofClearSide(mean(p, network.probabilities(mirrored(hu))));
        }
        return new Localization(judge(hu, p, scan), intensity);
    }

    /**
     * The one joint of a narrow scan is divided between both sides where the network is not sure
     * which side it is: if one side has clearly more of it, all of it is that side's.
     */
    private static Probabilities ofClearSide(Probabilities p) {
        double left = p.mass(Side.LEFT);
        double right = p.mass(Side.RIGHT);
        if (Math.max(left, right) < CLEAR_SIDE * (left + right)) {
            return p;
        }
        return p.allOf(left > right ? Side.LEFT : Side.RIGHT);
    }

    /**
     * The mean of what the network says of a scan and of its mirror image.
     *
     * @param mirrored what it says of {@link #mirrored}
     */
    private static Probabilities mean(Probabilities p, Probabilities mirrored) {
        Map<Meaning, float[]> mean = new EnumMap<>(Meaning.class);
        for (Meaning m : p.of().keySet()) {
            float[] a = p.of(m);
            float[] b = reversed(p.grid(), mirrored.of(m.mirrored()));
            float[] sum = new float[a.length];
            for (int o = 0; o < sum.length; o++) {
                sum[o] = (a[o] + b[o]) / 2;
            }
            mean.put(m, sum);
        }
        return new Probabilities(p.grid(), mean);
    }

    /** The scan whose left is right, on the same grid. */
    private static ScalarVolume mirrored(ScalarVolume hu) {
        return new ScalarVolume(hu.geometry(), reversed(hu.geometry(), hu.values()));
    }

    /** Values of a grid along the patient's axes, their order along left-right reversed. */
    private static float[] reversed(VolumeGeometry g, float[] values) {
        int axis = 0;
        for (int a = 1; a < 3; a++) {
            double x = Math.abs(g.indexToPatient().step(a).x());
            axis = x > Math.abs(g.indexToPatient().step(axis).x()) ? a : axis;
        }
        int stride = axis == 0 ? 1 : axis == 1 ? g.columns() : g.columns() * g.rows();
        int n = g.size(axis);
        float[] out = new float[values.length];
        for (int o = 0; o < out.length; o++) {
            int at = Math.floorDiv(o, stride) % n;
            out[o] = values[o + (n - 1 - 2 * at) * stride];
        }
        return out;
    }

    /** The network's grid over the whole field of view. */
    private VolumeGeometry overview(VolumeGeometry scan) {
        Vec3[] box = box(scan);
        return network.manifest().grid(box[0].plus(box[1]).times(0.5), box[1].minus(box[0]), false);
    }

    /** Lowest and highest corner, along the patient's axes, of what was scanned. */
    private static Vec3[] box(VolumeGeometry scan) {
        double[] low = new double[3];
        double[] high = new double[3];
        java.util.Arrays.fill(low, Double.POSITIVE_INFINITY);
        java.util.Arrays.fill(high, Double.NEGATIVE_INFINITY);
        for (int corner = 0; corner < 8; corner++) {
            Vec3 p =
                    scan.toPatient(
                            (corner & 1) * scan.columns() - 0.5,
                            (corner >> 1 & 1) * scan.rows() - 0.5,
                            (corner >> 2 & 1) * scan.slices() - 0.5);
            double[] at = {p.x(), p.y(), p.z()};
            for (int axis = 0; axis < 3; axis++) {
                low[axis] = Math.min(low[axis], at[axis]);
                high[axis] = Math.max(high[axis], at[axis]);
            }
        }
        return new Vec3[] {new Vec3(low[0], low[1], low[2]), new Vec3(high[0], high[1], high[2])};
    }

    /** The part of a scan larger than a window that holds bone; at least one window large. */
    private ScalarVolume aroundBone(ScalarVolume hu) {
        VolumeGeometry g = hu.geometry();
        int[] window = network.manifest().size();
        int[] first = new int[3];
        int[] count = new int[3];
        boolean whole = true;
        long[][] bone = boneByPlane(hu);
        for (int axis = 0; axis < 3; axis++) {
            int n = g.size(axis);
            int w = window[2 - axis];
            int low = quantile(bone[axis], STRAY_SHARE);
            int high = quantile(bone[axis], 1 - STRAY_SHARE);
            double least = high - low + 1 + 2 * LEAST_MARGIN_MM / g.spacingMm(axis);
            double unseen = (least - w) * g.spacingMm(axis);
            if (unseen > MOST_UNSEEN_MM) {
                int margin = (int) Math.ceil(MARGIN_MM / g.spacingMm(axis));
                low = Math.max(0, low - margin);
                high = Math.min(n - 1, high + margin);
                count[axis] = Math.max(w, high - low + 1);
            } else {
                count[axis] = w;
            }
            first[axis] = Math.clamp((low + high + 1 - count[axis]) / 2, 0, n - count[axis]);
            whole &= count[axis] == n;
        }
        if (whole) {
            return hu;
        }
        VolumeGeometry part = g.box(first[0], first[1], first[2], count[0], count[1], count[2]);
        return new ScalarVolume(part, Regrid.linear(g, hu.values(), part, CtSeries.AIR_HU));
    }

    private static long[][] boneByPlane(ScalarVolume hu) {
        VolumeGeometry g = hu.geometry();
        long[][] bone = {new long[g.columns()], new long[g.rows()], new long[g.slices()]};
        int o = 0;
        for (int k = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++) {
                    if (hu.values()[o++] >= BONE_HU) {
                        bone[0][i]++;
                        bone[1][j]++;
                        bone[2][k]++;
                    }
                }
            }
        }
        return bone;
    }

    private static int quantile(long[] counts, double share) {
        long all = java.util.Arrays.stream(counts).sum();
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            if (sum > share * all) {
                return i;
            }
        }
        return counts.length - 1;
    }

    /**
     * What the network saw, held against the CT.
     *
     * @param hu the scan in HU on the network's grid
     * @param p what the network says there
     * @param scan the grid of the scan itself
     */
    static Map<Side, JointLocation> judge(ScalarVolume hu, Probabilities p, VolumeGeometry scan) {
        Map<Side, JointLocation> joints = new EnumMap<>(Side.class);
        VolumeGeometry g = hu.geometry();
        double bone = 0;
        for (float v : hu.values()) {
            bone += v >= BONE_HU ? g.voxelVolumeMm3() : 0;
        }
        if (bone < LEAST_BONE_MM3) {
            for (Side side : Side.values()) {
                joints.put(
                        side,
                        new Missing(
                                side,
                                Why.NO_HEAD,
                                "The scan shows no head: there is hardly any bone in it."));
            }
            return joints;
        }
        Map<Side, Candidate> candidates = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            candidates.put(side, Candidate.of(side, hu, p));
        }
        boolean anyMandible = candidates.values().stream().anyMatch(c -> c.hint != null);
        for (Candidate c : candidates.values()) {
            joints.put(c.side, c.verdict(new Scanned(scan, hu), anyMandible));
        }
        if (joints.get(Side.LEFT) instanceof Found left
                && joints.get(Side.RIGHT) instanceof Found right) {
            double apart = left.centreMm().x() - right.centreMm().x();
            if (!(apart >= LEAST_APART_MM && apart <= MOST_APART_MM)) {
                double lead = left.confidence() - right.confidence();
                for (Side side : Side.values()) {
                    if ((side == Side.LEFT ? lead : -lead) < CLEAR_LEAD) {
                        joints.put(side, tooClose(side, apart));
                    }
                }
            }
        }
        Scanned scanned = new Scanned(scan, hu);
        for (Side side : Side.values()) {
            Candidate c = java.util.Objects.requireNonNull(candidates.get(side));
            Candidate other = java.util.Objects.requireNonNull(candidates.get(side.opposite()));
            boolean looksLikeOne =
                    joints.get(side) instanceof Found
                            || (joints.get(side) instanceof Missing m
                                    && m.why() == Why.LOW_CONFIDENCE);
            if (looksLikeOne && other.isNothing()) {
                if (!c.mayHaveItsOtherOutside(scanned)) {
                    joints.put(
                            side,
                            alone(side, "joint and nothing like the other one where it would be"));
                } else if (c.isWithoutSkull()) {
                    joints.put(
                            side,
                            alone(side, "condyle, but no temporal bone above it and no other one"));
                }
            }
        }
        for (Side side : Side.values()) {
            Vec3 other = java.util.Objects.requireNonNull(candidates.get(side.opposite())).centre();
            boolean otherIsThere =
                    joints.get(side.opposite()) instanceof Found
                            || (joints.get(side.opposite()) instanceof Missing o
                                    && o.why() == Why.CUT_BY_FIELD_OF_VIEW);
            if (joints.get(side) instanceof Missing m
                    && (m.why() == Why.JOINT_NOT_FOUND || m.why() == Why.LOW_CONFIDENCE)
                    && other != null
                    && otherIsThere) {
                double away = side == Side.LEFT ? USUALLY_APART_MM : -USUALLY_APART_MM;
                double cut = scanned.cutShare(other.plus(new Vec3(away, 0, 0)));
                if (cut > MOSTLY_OUTSIDE) {
                    joints.put(
                            side,
                            new Missing(
                                    side,
                                    Why.CUT_BY_FIELD_OF_VIEW,
                                    "The %s joint lies outside the scan.".formatted(name(side))));
                } else if (cut > MOST_CUT && m.why() == Why.JOINT_NOT_FOUND) {
                    joints.put(side, cut(side));
                }
            }
        }
        for (Side side : Side.values()) {
            if (joints.get(side) instanceof Missing m
                    && m.why() == Why.JOINT_NOT_FOUND
                    && joints.get(side.opposite()) instanceof Missing other
                    && other.why() == Why.NO_MANDIBLE) {
                joints.put(side, new Missing(side, Why.NO_MANDIBLE, other.sentence()));
            }
        }
        return joints;
    }

    /** Heads have two joints. A hip, which may look like one of them, has no like 100 mm away. */
    private static Missing alone(Side side, String what) {
        return new Missing(
                side,
                Why.JOINT_NOT_FOUND,
                "The scan shows something like a %s %s, so that it shows no temporomandibular joint."
                        .formatted(name(side), what));
    }

    /** The sentence for a joint that the scan's edge runs through. */
    static Missing cut(Side side) {
        return new Missing(
                side,
                Why.CUT_BY_FIELD_OF_VIEW,
                ("The %s joint lies at the edge of the scan and is cut off; scan with the whole"
                                + " joint in the field of view.")
                        .formatted(name(side)));
    }

    private static Missing tooClose(Side side, double apart) {
        return new Missing(
                side,
                Why.LOW_CONFIDENCE,
                String.format(
                        Locale.ROOT,
                        "The %s joint would lie %.0f mm from the other one, which no head allows;"
                                + " look at the scan.",
                        name(side),
                        apart));
    }

    /** What was scanned: the grid of the scan less its padding. */
    private record Scanned(VolumeGeometry scan, ScalarVolume hu) {

        boolean has(Vec3 p) {
            Vec3 at = scan.toIndex(p);
            if (!inside(at, scan, 0.5)) {
                return false;
            }
            VolumeGeometry g = hu.geometry();
            Vec3 q = g.toIndex(p);
            Vec3 rounded = new Vec3(Math.rint(q.x()), Math.rint(q.y()), Math.rint(q.z()));
            // A voxel whose centre is outside tells nothing of a point that is just inside.
            if (!inside(rounded, g, 0)
                    || !inside(scan.toIndex(g.indexToPatient().apply(rounded)), scan, 0.5)) {
                return true;
            }
            return hu.get((int) rounded.x(), (int) rounded.y(), (int) rounded.z())
                    != CtSeries.AIR_HU;
        }

        private static boolean inside(Vec3 index, VolumeGeometry g, double rim) {
            return index.x() >= -rim
                    && index.x() <= g.columns() - 1 + rim
                    && index.y() >= -rim
                    && index.y() <= g.rows() - 1 + rim
                    && index.z() >= -rim
                    && index.z() <= g.slices() - 1 + rim;
        }

        /** Share of a joint's core that was not scanned. */
        double cutShare(Vec3 centre) {
            return JointLocalizer.cutShare(centre, this::has);
        }
    }

    /** Whether the edge of a scan's grid runs through a joint's core. */
    static boolean isCut(VolumeGeometry scan, Vec3 centre) {
        return cutShare(centre, p -> Scanned.inside(scan.toIndex(p), scan, 0.5)) > MOST_CUT;
    }

    private static double cutShare(Vec3 centre, Predicate<Vec3> scanned) {
        int all = 0;
        int cut = 0;
        for (double z = -CORE_BELOW_MM; z <= CORE_MM; z += 1) {
            for (double y = -CORE_MM; y <= CORE_MM; y += 1.5) {
                for (double x = -CORE_MM; x <= CORE_MM; x += 1.5) {
                    if (x * x + y * y + z * z <= CORE_MM * CORE_MM) {
                        all++;
                        cut += scanned.test(centre.plus(new Vec3(x, y, z))) ? 0 : 1;
                    }
                }
            }
        }
        return (double) cut / all;
    }

    /** The bones that the network named on one side. */
    private static final class Candidate {
        private final Side side;

        /** What might be mandible; null if it is too little to be. */
        private final @Nullable Piece hint;

        private final @Nullable Piece mandible;
        private final @Nullable Piece skull;

        private Candidate(
                Side side, @Nullable Piece hint, @Nullable Piece mandible, @Nullable Piece skull) {
            this.side = side;
            this.hint = hint;
            this.mandible = mandible;
            this.skull = skull;
        }

        static Candidate of(Side side, ScalarVolume hu, Probabilities p) {
            boolean left = side == Side.LEFT;
            float[] pm = p.of(left ? Meaning.LEFT_MANDIBLE : Meaning.RIGHT_MANDIBLE);
            float[] ps = p.of(left ? Meaning.LEFT_SKULL : Meaning.RIGHT_SKULL);
            Piece mandible = Piece.largest(hu, pm);
            if (mandible != null && mandible.meanHu < LEAST_MEAN_HU) {
                // Soft tissue where the condyle would be.
                mandible = null;
            }
            Piece skull = mandible == null ? null : Piece.near(hu, ps, mandible.centreMm);
            if (skull == null) {
                skull = Piece.largest(hu, ps);
                // A condyle lies under its fossa: what lies elsewhere is another bone.
                mandible = skull == null ? mandible : null;
            }
            Piece hint = Piece.hinted(hu, pm, skull);
            double hinted = hint == null ? 0 : hint.volumeMm3;
            if (skull != null && hinted < LEAST_SHARE_OF_SKULL * skull.volumeMm3) {
                // A bit of the skull, or soft tissue below it.
                return new Candidate(side, null, null, skull);
            }
            return new Candidate(side, hint, mandible, skull);
        }

        /** Whether the network named nothing of this joint, and hinted at nothing. */
        boolean isNothing() {
            return mandible == null && skull == null && hint == null;
        }

        /** Whether a condyle was named and no bone above it. */
        boolean isWithoutSkull() {
            return mandible != null && skull == null;
        }

        /** Whether the place of the other joint is not in the scan, or not all of it. */
        boolean mayHaveItsOtherOutside(Scanned scanned) {
            Vec3 here = mandible != null ? centre() : skull != null ? skull.centreMm : null;
            double across = side == Side.LEFT ? -USUALLY_APART_MM : USUALLY_APART_MM;
            return here != null && scanned.cutShare(here.plus(new Vec3(across, 0, 0))) > MOST_CUT;
        }

        /** Where the condyle's centre is; null without a mandible. */
        @Nullable Vec3 centre() {
            if (mandible == null) {
                return null;
            }
            Vec3 towards =
                    skull == null
                            ? Vec3.ZERO
                            : skull.centreMm.minus(mandible.centreMm).times(TOWARDS_SKULL);
            return mandible.centreMm.plus(towards).plus(new Vec3(0, 0, ABOVE_MM));
        }

        JointLocation verdict(Scanned scanned, boolean anyMandible) {
            if (mandible == null) {
                return withoutMandible(scanned, anyMandible);
            }
            Vec3 centre = java.util.Objects.requireNonNull(centre());
            if (scanned.cutShare(centre) > MOST_CUT) {
                return cut(side);
            }
            if (skull == null) {
                if (isFossaCut(centre, scanned)) {
                    return cut(side);
                }
                return unclear("there is no temporal bone above the condyle");
            }
            if (skull.centreMm.z() < mandible.centreMm.z()) {
                return unclear("the temporal bone would lie below the condyle");
            }
            double confidence = Math.min(mandible.confidence, skull.confidence);
            if (skull.meanHu < LEAST_MEAN_HU) {
                return unclear("there is too little bone above it");
            }
            if (confidence < LEAST_CONFIDENCE) {
                return unclear(
                        String.format(
                                Locale.ROOT, "the localiser's confidence is %.2f", confidence));
            }
            return new Found(side, centre, Math.min(1, confidence));
        }

        private Missing withoutMandible(Scanned scanned, boolean anyMandible) {
            if (skull != null) {
                Vec3 expected = skull.centreMm.minus(new Vec3(0, 0, BELOW_SKULL_MM));
                if (scanned.cutShare(expected) > MOST_CUT) {
                    return cut(side);
                }
                if (!anyMandible) {
                    return new Missing(
                            side,
                            Why.NO_MANDIBLE,
                            "The scan shows the skull's joint surface and no mandible under it.");
                }
            }
            if (hint != null) {
                return skull == null && isFossaCut(hint.centreMm, scanned)
                        ? cut(side)
                        : unclear("the condyle is hardly recognisable");
            }
            return new Missing(
                    side,
                    Why.JOINT_NOT_FOUND,
                    "The scan shows no %s temporomandibular joint.".formatted(name(side)));
        }

        /** Whether the bone above a condyle that is named without it was not scanned. */
        private static boolean isFossaCut(Vec3 condyle, Scanned scanned) {
            return scanned.cutShare(condyle.plus(new Vec3(0, 0, FOSSA_ABOVE_MM))) > MOST_CUT;
        }

        private Missing unclear(String because) {
            return new Missing(
                    side,
                    Why.LOW_CONFIDENCE,
                    "The %s joint is not clear enough to be measured: %s."
                            .formatted(name(side), because));
        }
    }

    /**
     * A piece of bone.
     *
     * @param centreMm centroid, weighted by probability
     * @param confidence mean probability
     */
    private record Piece(Vec3 centreMm, double volumeMm3, double confidence, double meanHu) {

        /** The connected piece of largest summed probability. */
        static @Nullable Piece largest(ScalarVolume hu, float[] p) {
            boolean[] mask = new boolean[p.length];
            for (int o = 0; o < p.length; o++) {
                mask[o] = p[o] >= 0.5f;
            }
            Pieces pieces = Pieces.of(hu.geometry(), mask);
            double[] mass = new double[pieces.count() + 1];
            for (int o = 0; o < p.length; o++) {
                mass[pieces.label()[o]] += mask[o] ? p[o] : 0;
            }
            int best = 0;
            for (int piece = 1; piece < mass.length; piece++) {
                best = mass[piece] > mass[best] ? piece : best;
            }
            int largest = best;
            return of(hu, p, o -> mask[o] && pieces.label()[o] == largest);
        }

        /** What lies within {@link #SKULL_WITHIN_MM} of a place, connected or not. */
        static @Nullable Piece near(ScalarVolume hu, float[] p, Vec3 place) {
            VolumeGeometry g = hu.geometry();
            return of(hu, p, o -> p[o] >= 0.5f && at(g, o).distanceTo(place) <= SKULL_WITHIN_MM);
        }

        /** What may be this bone and looks like bone; where a skull is known, near that. */
        static @Nullable Piece hinted(ScalarVolume hu, float[] p, @Nullable Piece skull) {
            VolumeGeometry g = hu.geometry();
            return of(
                    hu,
                    p,
                    o ->
                            p[o] >= HINT
                                    && hu.values()[o] >= LEAST_HINT_HU
                                    && (skull == null
                                            || at(g, o).distanceTo(skull.centreMm)
                                                    <= SKULL_WITHIN_MM));
        }

        /** The voxels of a kind; null if they are too few. */
        private static @Nullable Piece of(ScalarVolume hu, float[] p, IntPredicate which) {
            VolumeGeometry g = hu.geometry();
            int n = 0;
            double mass = 0;
            double sumHu = 0;
            Vec3 moment = Vec3.ZERO;
            for (int o = 0; o < p.length; o++) {
                if (which.test(o)) {
                    n++;
                    mass += p[o];
                    sumHu += hu.values()[o];
                    moment = moment.plus(at(g, o).times(p[o]));
                }
            }
            double volume = n * g.voxelVolumeMm3();
            return volume < LEAST_PIECE_MM3
                    ? null
                    : new Piece(moment.times(1 / mass), volume, mass / n, sumHu / n);
        }

        private static Vec3 at(VolumeGeometry g, int o) {
            return g.toPatient(
                    o % g.columns(),
                    Math.floorDiv(o, g.columns()) % g.rows(),
                    Math.floorDiv(o, g.columns() * g.rows()));
        }
    }
}
