package org.negvol.phantom;

import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * What is known about one joint of a phantom, from its implicit surfaces; LPS mm.
 *
 * <p>A joint space is the distance from a point of the condyle's surface, along the condyle's
 * outward normal there, to the temporal bone. The point is where a ray from the condyle's centre
 * leaves the condyle: straight up for the superior space; 40° above the horizontal towards the
 * front, the back and the two poles (of the condyle, so turned by the horizontal condylar angle)
 * for the others.
 *
 * @param side which joint
 * @param centre centre of the condylar head
 * @param top the condyle's surface straight above the centre
 * @param medialPole end of the condyle's long axis towards the middle
 * @param lateralPole end of the condyle's long axis away from the middle
 * @param anterior anterior joint space (AJS)
 * @param superior superior joint space (SJS)
 * @param posterior posterior joint space (PJS)
 * @param medial medial joint space (MJS)
 * @param lateral lateral joint space (LJS)
 */
public record JointTruth(
        Side side,
        Vec3 centre,
        Vec3 top,
        Vec3 medialPole,
        Vec3 lateralPole,
        Gap anterior,
        Gap superior,
        Gap posterior,
        Gap medial,
        Gap lateral) {

    /**
     * One joint space.
     *
     * @param mm its width; 15 where no bone is met within 15 mm
     * @param condyle where it starts on the condyle
     * @param temporal where it ends on the temporal bone
     */
    public record Gap(double mm, Vec3 condyle, Vec3 temporal) {}
}
