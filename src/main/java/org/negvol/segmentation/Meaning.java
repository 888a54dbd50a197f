package org.negvol.segmentation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Side;

/** What a class of a network stands for; several classes may stand for the same. */
enum Meaning {
    /** Neither bone: soft tissue, air, the cervical spine, whatever else a network names. */
    BACKGROUND,
    /** Mandible; lower teeth too. */
    MANDIBLE,
    /** Temporal bone and the skull round it. */
    SKULL,
    /** Mandible within 14 mm of the centre of the left condyle. */
    LEFT_MANDIBLE,
    /** The same of the right condyle. */
    RIGHT_MANDIBLE,
    /** Skull within 16 mm of the centre of the left condyle. */
    LEFT_SKULL,
    /** The same of the right condyle. */
    RIGHT_SKULL;

    /** As manifests write it: {@code left-mandible}. */
    String written() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it is in a mirrored scan. */
    Meaning mirrored() {
        return switch (this) {
            case LEFT_MANDIBLE -> RIGHT_MANDIBLE;
            case RIGHT_MANDIBLE -> LEFT_MANDIBLE;
            case LEFT_SKULL -> RIGHT_SKULL;
            case RIGHT_SKULL -> LEFT_SKULL;
            case BACKGROUND, MANDIBLE, SKULL -> this;
        };
    }

    /** Whether it is a bone of one side of the head. */
    boolean isOf(Side side) {
        return switch (this) {
            case LEFT_MANDIBLE, LEFT_SKULL -> side == Side.LEFT;
            case RIGHT_MANDIBLE, RIGHT_SKULL -> side == Side.RIGHT;
            case BACKGROUND, MANDIBLE, SKULL -> false;
        };
    }

    static @Nullable Meaning read(String written) {
        for (Meaning m : values()) {
            if (m.written().equals(written)) {
                return m;
            }
        }
        return null;
    }
}
