package org.negvol.surface;

/**
 * Where the condyle ends and the neck begins. Published condylar volumes differ threefold by this
 * cut (about 690 mm³ in Tecco et al. 2010 and Saccucci et al. 2012, 1981 mm³ in Head Face Med
 * 2013), so it is part of every result. Every cut is a plane perpendicular to the condyle's axis.
 */
public enum NeckCut {

    /**
     * A stated distance below the condyle's highest point along its axis. The default: it needs
     * nothing but the condyle itself, so it is the same in a scan that ends just below the joint.
     */
    BELOW_TOP,

    /**
     * Through the deepest point of the mandibular (sigmoid) notch, where the condylar and the
     * coronoid process part: the cut behind the larger volumes. Needs the notch in the VOI.
     */
    SIGMOID_NOTCH,

    /** No cut: all that hangs together with the condyle. For shapes without a neck. */
    NONE
}
