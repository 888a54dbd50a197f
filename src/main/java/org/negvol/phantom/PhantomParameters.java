package org.negvol.phantom;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Side;

/**
 * Everything that decides what a phantom head looks like: the same parameters give the same bytes.
 *
 * @param seed seed of the textures and of the noise
 * @param head size and pose of the head
 * @param left the left joint
 * @param right the right joint
 * @param tissue what the tissues look like in HU
 * @param acquisition what the scanner adds
 */
public record PhantomParameters(
        long seed, Head head, Joint left, Joint right, Tissue tissue, Acquisition acquisition) {

    /**
     * Size and pose of the head.
     *
     * @param scaleX width relative to an average adult
     * @param scaleY length (front to back) relative to an average adult
     * @param scaleZ height relative to an average adult
     * @param warpMm amplitude of a smooth deformation of the whole head, wave length 50 to 90 mm
     * @param vaultThicknessMm thickness of the cranial vault
     * @param fatMm thickness of the fat below the skin
     * @param pneumatisation 0 (solid mastoid) to 1 (full of air cells)
     * @param pitchDegrees rotation about the left-right axis (chin up is positive)
     * @param yawDegrees rotation about the axis of the body
     * @param rollDegrees rotation about the front-back axis
     * @param originX LPS x in mm of the middle between both condyles
     * @param originY LPS y in mm of the middle between both condyles
     * @param originZ LPS z in mm of the middle between both condyles
     * @param mandible whether there is a mandible
     * @param teeth 0 (no teeth) to 1 (all)
     * @param mouthOpeningDegrees rotation of the mandible; 0 is the closed bite
     * @param condyleGlideMm how far the condyles glide forward (and down along the eminence)
     */
    public record Head(
            double scaleX,
            double scaleY,
            double scaleZ,
            double warpMm,
            double vaultThicknessMm,
            double fatMm,
            double pneumatisation,
            double pitchDegrees,
            double yawDegrees,
            double rollDegrees,
            double originX,
            double originY,
            double originZ,
            boolean mandible,
            double teeth,
            double mouthOpeningDegrees,
            double condyleGlideMm) {

        public Head {
            requireRange("scaleX", scaleX, 0.7, 1.3);
            requireRange("scaleY", scaleY, 0.7, 1.3);
            requireRange("scaleZ", scaleZ, 0.7, 1.3);
            requireRange("warpMm", warpMm, 0, 3);
            requireRange("vaultThicknessMm", vaultThicknessMm, 2, 15);
            requireRange("fatMm", fatMm, 0, 25);
            requireRange("pneumatisation", pneumatisation, 0, 1);
            requireRange("teeth", teeth, 0, 1);
            requireRange("mouthOpeningDegrees", mouthOpeningDegrees, 0, 30);
            requireRange("condyleGlideMm", condyleGlideMm, 0, 20);
        }
    }

    /**
     * One joint, in a frame of its own: lateral, posterior, up from the condyle's centre.
     *
     * @param lateralMm distance of the condyle's centre from the middle of the head
     * @param posteriorMm offset of the condyle's centre to the back
     * @param upMm offset of the condyle's centre upwards
     * @param widthMm width of the condyle from the medial to the lateral pole
     * @param depthMm depth of the condyle, front to back
     * @param heightMm height of the condyle's top above its centre
     * @param horizontalAngleDegrees horizontal condylar angle: the medial pole lies further back
     * @param anteriorGapMm joint space at the front slope (40° above the horizontal)
     * @param superiorGapMm joint space above the condyle's top
     * @param posteriorGapMm joint space at the back slope (40° above the horizontal)
     * @param medialGapMm joint space at the medial slope (40° above the horizontal)
     * @param lateralGapMm joint space at the lateral slope (40° above the horizontal)
     * @param roofMm thickness of the fossa's roof
     * @param eminenceDepthMm how far the articular eminence reaches below the fossa's roof
     * @param eminenceSlopeMm distance of the eminence's crest in front of the condyle's surface
     * @param corticalMm thickness of the condyle's cortical shell
     * @param flatteningMm how much of the condyle's top is worn off
     * @param erosionMm depth of an erosion of the condyle's surface; 0 is none
     * @param osteophyteMm size of an osteophyte at the front of the condyle; 0 is none
     */
    public record Joint(
            double lateralMm,
            double posteriorMm,
            double upMm,
            double widthMm,
            double depthMm,
            double heightMm,
            double horizontalAngleDegrees,
            double anteriorGapMm,
            double superiorGapMm,
            double posteriorGapMm,
            double medialGapMm,
            double lateralGapMm,
            double roofMm,
            double eminenceDepthMm,
            double eminenceSlopeMm,
            double corticalMm,
            double flatteningMm,
            double erosionMm,
            double osteophyteMm) {

        public Joint {
            requireRange("lateralMm", lateralMm, 38, 65);
            requireRange("widthMm", widthMm, 8, 30);
            requireRange("depthMm", depthMm, 4, 16);
            requireRange("heightMm", heightMm, 2, 10);
            requireRange("anteriorGapMm", anteriorGapMm, 0, 10);
            requireRange("superiorGapMm", superiorGapMm, 0, 10);
            requireRange("posteriorGapMm", posteriorGapMm, 0, 10);
            requireRange("medialGapMm", medialGapMm, 0, 10);
            requireRange("lateralGapMm", lateralGapMm, 0, 10);
            requireRange("corticalMm", corticalMm, 0.2, 4);
            requireRange("flatteningMm", flatteningMm, 0, heightMm / 2);
            requireRange("erosionMm", erosionMm, 0, 4);
            requireRange("osteophyteMm", osteophyteMm, 0, 5);
        }
    }

    /**
     * What the tissues look like.
     *
     * @param corticalHu cortical bone
     * @param trabecularHu cancellous bone
     * @param textureHu deviation of the texture of cancellous bone
     * @param skullCorticalMm thickness of the skull's tables
     * @param softHu muscle
     * @param fatHu fat
     * @param brainHu brain
     * @param enamelHu crowns of the teeth
     * @param fatShare how much of the deep soft tissue is fat, 0 to 1
     */
    public record Tissue(
            double corticalHu,
            double trabecularHu,
            double textureHu,
            double skullCorticalMm,
            double softHu,
            double fatHu,
            double brainHu,
            double enamelHu,
            double fatShare) {}

    /**
     * What the scanner adds.
     *
     * @param pointSpreadMm standard deviation of the Gaussian point spread
     * @param noiseHu standard deviation of the noise in the image
     * @param huScale factor on all HU, as CBCT grey values have
     * @param huOffset added to all HU after scaling
     * @param table whether the table and head holder are seen
     */
    public record Acquisition(
            double pointSpreadMm, double noiseHu, double huScale, double huOffset, boolean table) {

        public Acquisition {
            requireRange("pointSpreadMm", pointSpreadMm, 0, 3);
            requireRange("noiseHu", noiseHu, 0, 1000);
        }
    }

    /** The parameters of one side. */
    public Joint joint(Side side) {
        return side == Side.LEFT ? left : right;
    }

    public PhantomParameters withAcquisition(Acquisition other) {
        return new PhantomParameters(seed, head, left, right, tissue, other);
    }

    public PhantomParameters withHead(Head other) {
        return new PhantomParameters(seed, other, left, right, tissue, acquisition);
    }

    public PhantomParameters withJoint(Side side, Joint other) {
        return new PhantomParameters(
                seed,
                head,
                side == Side.LEFT ? other : left,
                side == Side.RIGHT ? other : right,
                tissue,
                acquisition);
    }

    /** A calm, healthy, upright head for demonstrations, whose right joint space is narrower. */
    public static PhantomParameters demo() {
        Head head = new Head(1, 1, 1, 0, 6, 5, 0.8, 0, 0, 0, 0, 0, 0, true, 1, 0, 0);
        Joint left =
                new Joint(
                        50, 0, 0, 19, 9, 5.5, 20, 2.2, 2.8, 2.4, 2.8, 2.4, 1.8, 7.5, 5.5, 1.4, 0, 0,
                        0);
        Joint right =
                new Joint(
                        50.5, 0.5, 0, 18.5, 8.6, 5.4, 22, 1.9, 2.3, 2.0, 2.4, 2.1, 1.8, 7.5, 5.5,
                        1.4, 0, 0, 0);
        Tissue tissue = new Tissue(1500, 400, 60, 1.5, 50, -95, 36, 2500, 0.35);
        return new PhantomParameters(
                42, head, left, right, tissue, new Acquisition(0.35, 18, 1, 0, true));
    }

    /**
     * A random adult: widths, gaps and angles within the ranges of the literature, some joints
     * worn, some mouths open.
     */
    public static PhantomParameters random(long seed) {
        SplittableRandom r = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        boolean open = r.nextDouble() < 0.2;
        double opening = open ? r.nextDouble(2, 16) : 0;
        double glide = open ? Math.min(opening * r.nextDouble(0.3, 0.9), 12) : 0;
        Head head =
                new Head(
                        r.nextDouble(0.92, 1.08),
                        r.nextDouble(0.92, 1.08),
                        r.nextDouble(0.92, 1.08),
                        r.nextDouble(0.2, 1.6),
                        r.nextDouble(4, 8.5),
                        r.nextDouble(2, 11),
                        r.nextDouble(0.2, 1),
                        gaussian(r, 7, 18),
                        gaussian(r, 4, 12),
                        gaussian(r, 3, 10),
                        gaussian(r, 6, 15),
                        gaussian(r, 8, 20),
                        gaussian(r, 10, 30),
                        true,
                        r.nextDouble() < 0.1 ? 0 : r.nextDouble(0.6, 1),
                        opening,
                        glide);
        Joint left = randomJoint(r, null);
        Joint right = randomJoint(r, r.nextDouble() < 0.85 ? left : null);
        double cortical = r.nextDouble(1200, 1800);
        Tissue tissue =
                new Tissue(
                        cortical,
                        r.nextDouble(250, 600),
                        r.nextDouble(30, 140),
                        r.nextDouble(1.0, 2.2),
                        r.nextDouble(35, 65),
                        r.nextDouble(-115, -75),
                        r.nextDouble(28, 42),
                        r.nextDouble(1900, 2900),
                        r.nextDouble(0.15, 0.6));
        Acquisition acquisition =
                new Acquisition(
                        r.nextDouble(0.25, 0.7), r.nextDouble(5, 60), 1, 0, r.nextDouble() < 0.7);
        return new PhantomParameters(seed, head, left, right, tissue, acquisition);
    }

    private static Joint randomJoint(SplittableRandom r, @Nullable Joint like) {
        double asymmetry = like == null ? 1 : 0.35;
        double height = near(r, like == null ? 0 : like.heightMm(), asymmetry, 4.2, 6.8);
        double superior = near(r, like == null ? 0 : like.superiorGapMm(), asymmetry, 1.3, 4.6);
        // An eminence that did not reach below the condyle's shoulder would leave it no front wall.
        double eminence =
                Math.max(
                        superior + 0.6 * height,
                        near(r, like == null ? 0 : like.eminenceDepthMm(), asymmetry, 4.5, 10));
        return new Joint(
                near(r, like == null ? 0 : like.lateralMm(), asymmetry, 46, 55),
                near(r, like == null ? 0 : like.posteriorMm(), asymmetry, -2, 2),
                near(r, like == null ? 0 : like.upMm(), asymmetry, -2, 2),
                near(r, like == null ? 0 : like.widthMm(), asymmetry, 15, 22),
                near(r, like == null ? 0 : like.depthMm(), asymmetry, 7, 11),
                height,
                near(r, like == null ? 0 : like.horizontalAngleDegrees(), asymmetry, 3, 38),
                near(r, like == null ? 0 : like.anteriorGapMm(), asymmetry, 1.2, 3.6),
                superior,
                near(r, like == null ? 0 : like.posteriorGapMm(), asymmetry, 1.2, 4.2),
                near(r, like == null ? 0 : like.medialGapMm(), asymmetry, 1.4, 4.6),
                near(r, like == null ? 0 : like.lateralGapMm(), asymmetry, 1.2, 3.8),
                near(r, like == null ? 0 : like.roofMm(), asymmetry, 0.9, 4.5),
                eminence,
                near(r, like == null ? 0 : like.eminenceSlopeMm(), asymmetry, 3.5, 8),
                near(r, like == null ? 0 : like.corticalMm(), asymmetry, 0.8, 2),
                r.nextDouble() < 0.25 ? r.nextDouble(0.4, Math.min(2, height / 2)) : 0,
                r.nextDouble() < 0.2 ? r.nextDouble(0.6, 2.5) : 0,
                r.nextDouble() < 0.15 ? r.nextDouble(1, 3) : 0);
    }

    /** A number of the range, for a part {@code asymmetry} of it new, for the rest the other's. */
    private static double near(
            SplittableRandom r, double other, double asymmetry, double min, double max) {
        return asymmetry * r.nextDouble(min, max) + (1 - asymmetry) * other;
    }

    private static double gaussian(SplittableRandom r, double sigma, double limit) {
        return Math.clamp(sigma * r.nextGaussian(), -limit, limit);
    }

    private static void requireRange(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s, got %s".formatted(name, min, max, value));
        }
    }
}
