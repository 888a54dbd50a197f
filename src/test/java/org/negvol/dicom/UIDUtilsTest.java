package org.negvol.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which UIDs are strict, which can be worked with, and which are neither. */
class UIDUtilsTest {

    @ParameterizedTest
    @ValueSource(strings = {"1", "0", "1.2.840.10008.1.2", "2.25.0.7"})
    void whatTheStandardAllowsIsValidAndUsable(String uid) {
        assertThat(UIDUtils.isValid(uid)).isTrue();
        assertThat(UIDUtils.isUsable(uid)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "1.2.007", "1.00"})
    void leadingZerosAreUsableThoughNotValid(String uid) {
        assertThat(UIDUtils.isValid(uid)).isFalse();
        assertThat(UIDUtils.isUsable(uid)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "1.", ".1", "1..2", "1.2/3", "1.2\\3", "1.a", " 1", "1 ", "１"
            })
    void whatCouldLeaveAFolderIsNotUsable(String uid) {
        assertThat(UIDUtils.isValid(uid)).isFalse();
        assertThat(UIDUtils.isUsable(uid)).isFalse();
    }

    @Test
    void moreThan64CharactersAreNoUid() {
        String longest = "1." + "2".repeat(UIDUtils.MAX_LENGTH - 2);
        assertThat(UIDUtils.isUsable(longest)).isTrue();
        assertThat(UIDUtils.isUsable(longest + "3")).isFalse();
    }
}
