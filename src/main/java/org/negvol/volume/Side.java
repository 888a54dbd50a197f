package org.negvol.volume;

/** The patient's left or right; in patient coordinates the left lies at greater x. */
public enum Side {
    LEFT,
    RIGHT;

    public Side opposite() {
        return this == LEFT ? RIGHT : LEFT;
    }
}
