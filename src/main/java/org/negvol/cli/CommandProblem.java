package org.negvol.cli;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** A command cannot go on; its message is one sentence that tells the user why and what helps. */
final class CommandProblem extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    CommandProblem(String sentence) {
        super(sentence);
    }

    CommandProblem(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** Why a file operation failed, in words: Java's own messages are often no more than a path. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException n -> "there is no " + n.getFile();
            case AccessDeniedException a -> "access to " + a.getFile() + " is denied";
            case FileAlreadyExistsException f -> f.getFile() + " is in the way";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
