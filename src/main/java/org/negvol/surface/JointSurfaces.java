package org.negvol.surface;

import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * The surfaces of one joint and the negative volume between them.
 *
 * @param side patient's side
 * @param condyle mandibular condyle above the neck's cut, closed
 * @param temporalBone the temporal bone inside the VOI, closed at the VOI's border
 * @param inflated the condyle's surface after inflation, closed
 * @param negativeVolume closed surface of the negative volume
 * @param negativeAreaMm2 area of the negative volume's surface, counted by the lattice's lines like
 *     the volume: where bone and mouth close in on each other the mesh leaves out what is thinner
 *     than the lattice, and its area with it
 * @param negativeFraction how much of each voxel of the VOI belongs to the negative volume, 0 to 1
 * @param condyleMm signed distance to the condyle's surface (clipped at the neck), mm, negative
 *     inside
 * @param temporalMm signed distance to the temporal bone's surface, mm, negative inside
 * @param condyleAxis unit vector from the neck to the condyle's top, the normal of the neck's cut
 * @param neckCutPoint a point on the neck's cutting plane, LPS mm
 * @param contactShare share (0 to 1) of the inflated surface's area stopped by the temporal bone
 * @param reachShare share stopped by the reach limit
 * @param mouthShare share stopped by the fossa's mouth
 * @param fieldOfViewShare share where the VOI ended before anything else did
 * @param parameters what the method was run with
 */
public record JointSurfaces(
        Side side,
        TriangleMesh condyle,
        TriangleMesh temporalBone,
        TriangleMesh inflated,
        TriangleMesh negativeVolume,
        double negativeAreaMm2,
        ScalarVolume negativeFraction,
        ScalarVolume condyleMm,
        ScalarVolume temporalMm,
        Vec3 condyleAxis,
        Vec3 neckCutPoint,
        double contactShare,
        double reachShare,
        double mouthShare,
        double fieldOfViewShare,
        NegativeVolumeParameters parameters) {}
