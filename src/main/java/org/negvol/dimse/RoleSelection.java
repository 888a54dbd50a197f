package org.negvol.dimse;

/**
 * SCP/SCU role selection (PS3.7 D.3.3.4).
 *
 * @param sopClassUid the SOP class it speaks of
 * @param scu the requestor offers (request) or may take (answer) the role of SCU
 * @param scp the requestor offers (request) or may take (answer) the role of SCP
 */
public record RoleSelection(String sopClassUid, boolean scu, boolean scp) {}
