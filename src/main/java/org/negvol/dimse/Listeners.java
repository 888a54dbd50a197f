package org.negvol.dimse;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Tells a listener, and survives what it throws. */
final class Listeners {
    private static final Logger LOG = System.getLogger(Listeners.class.getName());

    private Listeners() {}

    static void tell(AssociationListener listener, Consumer<AssociationListener> what) {
        try {
            what.accept(listener);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "An association listener failed", e);
        }
    }
}
