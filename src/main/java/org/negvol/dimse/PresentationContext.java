package org.negvol.dimse;

import java.util.List;

/**
 * A proposal: objects of this abstract syntax in one of these transfer syntaxes (PS3.8 9.3.2.2).
 *
 * @param id odd, 1 to 255
 * @param abstractSyntax UID of a SOP class or meta SOP class
 * @param transferSyntaxes UIDs in the requestor's order
 */
public record PresentationContext(int id, String abstractSyntax, List<String> transferSyntaxes) {
    public PresentationContext {
        transferSyntaxes = List.copyOf(transferSyntaxes);
        if (id < 1 || id > 255 || (id & 1) == 0) {
            throw new IllegalArgumentException(
                    "Presentation context id %d is not an odd number from 1 to 255".formatted(id));
        }
    }
}
