package org.negvol.phantom;

import org.negvol.volume.Affine;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** How a phantom is scanned: which part of it, and on what grid of axial slices. */
public final class PhantomScan {

    /** The part of the head that is scanned. */
    public enum FieldOfView {
        /** From the vertex to the chin, both joints within. */
        HEAD,
        /** From 45 mm below the joints to 30 mm above them, across the whole face. */
        FACE,
        /** Both joints as a cone-beam scanner takes them: 144 mm across, 57 mm high. */
        JOINTS,
        /** 60 mm around the left joint alone. */
        LEFT_JOINT,
        /** 60 mm around the right joint alone. */
        RIGHT_JOINT,
        /** From 18 mm below the joints downwards: teeth and jaw, no joint. */
        JAW,
        /** From 30 mm above the joints upwards: no joint. */
        VAULT,
        /** From 100 mm below the joints downwards: cervical spine, no head. */
        NECK
    }

    private PhantomScan() {}

    /**
     * The grid of an axial scan.
     *
     * @param phantom the head that is scanned
     * @param view which part
     * @param pixelMm distance of columns and rows
     * @param sliceMm distance of slices along the table, and their thickness
     * @param tiltDegrees gantry tilt: the slices lean, the table still moves along the body
     */
    public static VolumeGeometry axial(
            HeadPhantom phantom,
            FieldOfView view,
            double pixelMm,
            double sliceMm,
            double tiltDegrees) {
        if (!(pixelMm > 0.05 && pixelMm <= 10 && sliceMm > 0.05 && sliceMm <= 20)) {
            throw new IllegalArgumentException(
                    "pixels of %s mm in slices of %s mm are not a CT scan"
                            .formatted(pixelMm, sliceMm));
        }
        if (!(Math.abs(tiltDegrees) <= 30)) {
            throw new IllegalArgumentException("a gantry does not tilt by " + tiltDegrees + "°");
        }
        Vec3 left = phantom.centre(Side.LEFT);
        Vec3 right = phantom.centre(Side.RIGHT);
        Vec3 between = left.plus(right).times(0.5);
        Vec3 middle =
                switch (view) {
                    case LEFT_JOINT -> left;
                    case RIGHT_JOINT -> right;
                    case HEAD, VAULT, JAW, FACE, NECK -> between.plus(new Vec3(0, 6, 0));
                    case JOINTS -> between;
                };
        double across =
                switch (view) {
                    case LEFT_JOINT, RIGHT_JOINT -> 60;
                    case JOINTS -> 144;
                    case HEAD, FACE, JAW, VAULT, NECK -> 230.4;
                };
        double low =
                switch (view) {
                    case HEAD -> -110;
                    case FACE -> -45;
                    case JOINTS -> -32;
                    case LEFT_JOINT, RIGHT_JOINT -> -30;
                    case JAW -> -110;
                    case VAULT -> 30;
                    case NECK -> -180;
                };
        double high =
                switch (view) {
                    case HEAD, VAULT -> 140;
                    case JOINTS -> 25;
                    case FACE, LEFT_JOINT, RIGHT_JOINT -> 30;
                    case JAW -> -18;
                    case NECK -> -100;
                };
        int n = (int) Math.round(across / pixelMm);
        int slices = (int) Math.max(1, Math.round((high - low) / sliceMm));
        double a = Math.toRadians(tiltDegrees);
        double half = pixelMm * (n - 1) / 2;
        Vec3 origin =
                middle.plus(
                        new Vec3(
                                -half,
                                -half * Math.cos(a),
                                low + sliceMm / 2 - half * Math.sin(a)));
        return new VolumeGeometry(
                n,
                n,
                slices,
                Affine.ofColumns(
                        new Vec3(pixelMm, 0, 0),
                        new Vec3(0, pixelMm * Math.cos(a), pixelMm * Math.sin(a)),
                        new Vec3(0, 0, sliceMm),
                        origin));
    }
}
