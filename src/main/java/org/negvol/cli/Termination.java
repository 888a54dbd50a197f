package org.negvol.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * What SIGTERM and SIGINT do.
 *
 * <p>By themselves they make the JVM run all its shutdown hooks at the same time; the one of ONNX
 * Runtime then takes its environment away from networks that are still at work, and the process
 * crashes instead of draining. So the work is ended first, and the JVM after it.
 */
final class Termination {

    /** An exit code beyond it names a signal, by the shells' convention. */
    private static final int SIGNALLED = 128;

    private static final String[] SIGNALS = {"TERM", "INT"};

    private Termination() {}

    /**
     * Ends the process so from now on.
     *
     * @param end gets the exit code; returns soon
     */
    static void by(IntConsumer end) {
        try {
            // By name: javac warns of every use of the class, which has no successor.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method number = signal.getMethod("getNumber");
            Object handling =
                    Proxy.newProxyInstance(
                            Termination.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            end.accept(
                                                    SIGNALLED + (int) number.invoke(arguments[0]));
                                            yield null;
                                        }
                                        case "equals" -> proxy == arguments[0];
                                        case "hashCode" -> System.identityHashCode(proxy);
                                        default -> "termination";
                                    });
            for (String name : SIGNALS) {
                signal.getMethod("handle", signal, handler)
                        .invoke(
                                null,
                                signal.getConstructor(String.class).newInstance(name),
                                handling);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // Another JVM, or one told to leave signals alone (-Xrs): its own way, then.
            System.getLogger(Termination.class.getName())
                    .log(System.Logger.Level.DEBUG, "Signals are the JVM's", e);
        }
    }
}
