package org.negvol.segmentation;

import org.jspecify.annotations.Nullable;

/**
 * A model is refused: its manifest is missing, wrong, or does not fit its ONNX file. The message
 * names the file and says what to change; it is meant for the operator.
 */
public final class UnfitModelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnfitModelException(String message) {
        super(message);
    }

    UnfitModelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
