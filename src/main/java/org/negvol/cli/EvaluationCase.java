package org.negvol.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.phantom.ScanArtefacts;
import org.negvol.segmentation.JointLocation.Why;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * One scan of the evaluation and what must come of it. All of it follows from the seed.
 *
 * @param seed seed of the head and of how it is scanned
 * @param kind what the scan shows
 */
record EvaluationCase(long seed, Kind kind) {

    /** What a scan shows. */
    enum Kind {
        /** Both joints, in any of the ways of scanning. */
        JOINTS,
        /** A whole face without a mandible. */
        NO_MANDIBLE,
        /** The scan's left edge runs through the left condyle. */
        LEFT_CONDYLE_CUT,
        /** The scan's right edge runs through the right condyle. */
        RIGHT_CONDYLE_CUT,
        /** The scan ends between the condyles' tops and the fossae. */
        FOSSAE_CUT,
        /** 60 mm round the left joint. */
        LEFT_ALONE,
        /** 60 mm round the right joint. */
        RIGHT_ALONE,
        /** A prosthesis in place of the left joint. */
        METAL_LEFT,
        /** A prosthesis in place of the right joint. */
        METAL_RIGHT,
        /** Teeth and jaw below the joints; the rami run out of the scan. */
        JAW,
        /** The cranial vault. */
        VAULT,
        /** The cervical spine. */
        NECK,
        /** A thigh: a tube of bone in muscle. */
        THIGH,
        /** Both hips: balls in sockets, as far apart as condyles of a wide head. */
        HIPS,
        /** A bottle of water. */
        WATER;

        /** Reasons that are right for a side without a joint to measure; empty if there is one. */
        Set<Why> refusals(Side side) {
            boolean left = side == Side.LEFT;
            return switch (this) {
                case JOINTS -> Set.of();
                case NO_MANDIBLE -> Set.of(Why.NO_MANDIBLE);
                case LEFT_CONDYLE_CUT -> left ? Set.of(Why.CUT_BY_FIELD_OF_VIEW) : Set.of();
                case RIGHT_CONDYLE_CUT -> left ? Set.of() : Set.of(Why.CUT_BY_FIELD_OF_VIEW);
                case LEFT_ALONE -> left ? Set.of() : OUTSIDE;
                case RIGHT_ALONE -> left ? OUTSIDE : Set.of();
                case METAL_LEFT -> left ? Set.of(Why.METAL) : Set.of();
                case METAL_RIGHT -> left ? Set.of() : Set.of(Why.METAL);
                case FOSSAE_CUT, JAW -> OUTSIDE;
                case VAULT -> Set.of(Why.JOINT_NOT_FOUND);
                case NECK, THIGH, HIPS -> Set.of(Why.JOINT_NOT_FOUND, Why.NO_HEAD);
                case WATER -> Set.of(Why.NO_HEAD);
            };
        }

        private static final Set<Why> OUTSIDE =
                Set.of(Why.CUT_BY_FIELD_OF_VIEW, Why.JOINT_NOT_FOUND);
    }

    /** Scans that refuse at least one joint are coarse: what is asked is whether, not how well. */
    private static final double REFUSAL_PIXEL_MM = 0.8;

    private static final double REFUSAL_SLICE_MM = 1.2;

    /** More voxels are scanned with larger ones: an evaluation has to end. */
    private static final double MOST_VOXELS = 4e7;

    /** A scan in memory and, for a head with joints, the head itself. */
    record Scan(CtSeries series, @Nullable HeadPhantom head, String how) {}

    /** Renders the scan. */
    Scan scan(int threads) {
        SplittableRandom r = new SplittableRandom(seed * 6_364_136_223_846_793_005L + 11);
        return switch (kind) {
            case JOINTS -> joints(r, threads);
            case THIGH, HIPS, WATER -> noHead(r);
            default -> refused(r, threads);
        };
    }

    private Scan joints(SplittableRandom r, int threads) {
        PhantomParameters p = PhantomParameters.random(seed);
        boolean coneBeam = r.nextDouble() < 0.3;
        if (coneBeam) {
            PhantomParameters.Acquisition a = p.acquisition();
            p =
                    p.withAcquisition(
                            new PhantomParameters.Acquisition(
                                    a.pointSpreadMm(),
                                    a.noiseHu() * r.nextDouble(1, 2),
                                    r.nextDouble(0.6, 1.3),
                                    r.nextDouble(-150, 150),
                                    false));
        }
        HeadPhantom head = HeadPhantom.of(p);
        double u = r.nextDouble();
        PhantomScan.FieldOfView view =
                coneBeam || u < 0.4
                        ? PhantomScan.FieldOfView.JOINTS
                        : u < 0.9 ? PhantomScan.FieldOfView.FACE : PhantomScan.FieldOfView.HEAD;
        boolean fine = r.nextDouble() < 0.5;
        double pixel = fine ? r.nextDouble(0.25, 0.5) : r.nextDouble(0.3, 1);
        double slice = fine ? pixel : r.nextDouble(pixel, 3);
        double tilt = coneBeam || r.nextDouble() < 0.7 ? 0 : r.nextDouble(-18, 18);
        VolumeGeometry grid = PhantomScan.axial(head, view, pixel, slice, tilt);
        while (grid.voxelCount() > MOST_VOXELS) {
            pixel *= 1.1;
            slice = Math.max(slice, pixel);
            grid = PhantomScan.axial(head, view, pixel, slice, tilt);
        }
        ScanArtefacts artefacts = ScanArtefacts.random(head, r);
        String how =
                String.format(
                        Locale.ROOT,
                        "%s%s pixel %.2f slice %.2f tilt %.0f%s",
                        coneBeam ? "cone beam " : "",
                        view,
                        pixel,
                        slice,
                        tilt,
                        describe(artefacts));
        return new Scan(CtSeries.inMemory(grid, slices(head, grid, artefacts, threads)), head, how);
    }

    private static String describe(ScanArtefacts a) {
        return (a.metal().isEmpty() ? "" : " fillings")
                + (a.ringHu() > 0 ? " rings" : "")
                + (a.cuppingHu() > 0 ? " cupping" : "")
                + (a.motionMm() > 0 ? " motion" : "");
    }

    private Scan refused(SplittableRandom r, int threads) {
        PhantomParameters p = PhantomParameters.random(seed);
        HeadPhantom head = HeadPhantom.of(p);
        HeadPhantom shown =
                kind == Kind.NO_MANDIBLE ? HeadPhantom.of(PhantomCommand.withoutMandible(p)) : head;
        PhantomScan.FieldOfView view =
                switch (kind) {
                    case LEFT_ALONE -> PhantomScan.FieldOfView.LEFT_JOINT;
                    case RIGHT_ALONE -> PhantomScan.FieldOfView.RIGHT_JOINT;
                    case JAW -> PhantomScan.FieldOfView.JAW;
                    case VAULT -> PhantomScan.FieldOfView.VAULT;
                    case NECK -> PhantomScan.FieldOfView.NECK;
                    default -> PhantomScan.FieldOfView.FACE;
                };
        VolumeGeometry g = PhantomScan.axial(shown, view, REFUSAL_PIXEL_MM, REFUSAL_SLICE_MM, 0);
        Vec3 left = head.truth(Side.LEFT).centre();
        Vec3 right = head.truth(Side.RIGHT).centre();
        double off = r.nextDouble(-3, 3);
        VolumeGeometry grid =
                switch (kind) {
                    case LEFT_CONDYLE_CUT -> {
                        int end = (int) g.toIndex(left.plus(new Vec3(off, 0, 0))).x();
                        yield g.box(0, 0, 0, end, g.rows(), g.slices());
                    }
                    case RIGHT_CONDYLE_CUT -> {
                        int from = (int) g.toIndex(right.plus(new Vec3(off, 0, 0))).x();
                        yield g.box(from, 0, 0, g.columns() - from, g.rows(), g.slices());
                    }
                    case FOSSAE_CUT -> {
                        double top = Math.min(left.z(), right.z()) + 4 + off;
                        int end = (int) g.toIndex(new Vec3(0, 0, top)).z();
                        yield g.box(0, 0, 0, g.columns(), g.rows(), end);
                    }
                    default -> g;
                };
        ScanArtefacts artefacts = ScanArtefacts.NONE;
        if (kind == Kind.METAL_LEFT || kind == Kind.METAL_RIGHT) {
            Vec3 at = (kind == Kind.METAL_LEFT ? left : right).plus(new Vec3(0, off, off));
            ScanArtefacts.Metal metal = ScanArtefacts.prosthesis(at, r.nextDouble(4, 10));
            artefacts = new ScanArtefacts(seed, List.of(metal), 0, 0, 0, 0);
        }
        return new Scan(CtSeries.inMemory(grid, slices(shown, grid, artefacts, threads)), head, "");
    }

    private Scan noHead(SplittableRandom r) {
        VolumeGeometry grid =
                VolumeGeometry.axisAligned(120, 100, 80, 2, new Vec3(-120, -100, -80));
        double size = r.nextDouble(0.85, 1.15);
        ToDoubleFunction<Vec3> hu =
                switch (kind) {
                    case THIGH -> p -> thigh(p.times(size));
                    case HIPS -> p -> hips(p.times(size));
                    default -> p -> Math.hypot(p.x(), p.y()) < 80 * size ? 0 : -1000;
                };
        short[][] slices = new short[grid.slices()][grid.columns() * grid.rows()];
        for (int k = 0; k < grid.slices(); k++) {
            for (int o = 0; o < slices[k].length; o++) {
                Vec3 p = grid.toPatient(o % grid.columns(), Math.floorDiv(o, grid.columns()), k);
                slices[k][o] = (short) (hu.applyAsDouble(p) + 12 * r.nextGaussian());
            }
        }
        return new Scan(CtSeries.inMemory(grid, slices), null, "");
    }

    private static double thigh(Vec3 p) {
        double r = Math.hypot(p.x(), p.y());
        return r < 7 ? -50 : r < 14 ? 1500 : r < 75 ? 50 : -1000;
    }

    private static double hips(Vec3 p) {
        if (Math.hypot(p.x() / 1.4, p.y()) > 80) {
            return -1000;
        }
        Vec3 q = new Vec3(Math.abs(p.x()) - 60, p.y(), p.z());
        double ball = q.norm();
        boolean socket = ball > 26 && ball < 34 && q.z() > -8;
        boolean shaft = Math.hypot(q.x(), q.y()) < 14 && q.z() < -15;
        boolean marrow = Math.hypot(q.x(), q.y()) < 8 && q.z() < -20;
        return marrow ? -20 : ball < 20 ? 350 : ball < 23 || socket || shaft ? 1300 : 50;
    }

    private static short[][] slices(
            HeadPhantom head, VolumeGeometry grid, ScanArtefacts artefacts, int threads) {
        short[][] slices = new short[grid.slices()][];
        head.render(
                grid, threads, artefacts.before(grid, (k, hu, labels) -> slices[k] = hu.clone()));
        return slices;
    }
}
