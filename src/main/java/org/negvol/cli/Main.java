package org.negvol.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The one entry: without a command (or with {@code serve}) the service, else a command. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        if (args.length == 0 || args[0].equals("serve")) {
            Termination.by(Quarkus::asyncExit);
            Quarkus.run(args);
            return;
        }
        Termination.by(Runtime.getRuntime()::halt);
        System.exit(NegvolCommand.run(args));
    }
}
