package org.negvol.measure;

import org.negvol.volume.Vec3;

/**
 * A named point that measures hang on.
 *
 * @param kind which point
 * @param positionMm where, LPS mm
 */
public record Landmark(Kind kind, Vec3 positionMm) {

    public Landmark {
        if (!positionMm.isFinite()) {
            throw new IllegalArgumentException(kind + " lies at " + positionMm);
        }
    }

    /** The points negvol names. */
    public enum Kind {
        CONDYLE_CENTRE("Centre of the condylar head"),
        CONDYLE_TOP("Condyle's surface straight above its centre"),
        MEDIAL_POLE("Medial pole of the condyle"),
        LATERAL_POLE("Lateral pole of the condyle"),
        CONDYLE_FRONT("Foremost point of the condyle at the level of its centre"),
        CONDYLE_BACK("Hindmost point of the condyle at the level of its centre"),
        FOSSA_TOP("Deepest point of the mandibular fossa"),
        EMINENCE_CREST("Lowest point of the articular eminence"),
        POSTERIOR_RIM("Posterior rim of the mandibular fossa");

        private final String meaning;

        Kind(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }
}
