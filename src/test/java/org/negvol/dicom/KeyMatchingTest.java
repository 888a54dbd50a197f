package org.negvol.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PS3.4 C.2.2.2, row by row. */
class KeyMatchingTest {

    @ParameterizedTest(name = "{1} of {2} in {0}: {3}")
    @CsvSource({
        // Single value, as written.
        "PatientID,        A1,                 A1,                  true",
        "PatientID,        a1,                 A1,                  false",
        "PatientID,        A,                  A1,                  false",
        "AccessionNumber,  12345,              12345,               true",
        // Wildcard.
        "PatientID,        A*,                 A1,                  true",
        "PatientID,        *1,                 A1,                  true",
        "PatientID,        A*Z*9,              AxxZyy9,             true",
        "PatientID,        A?,                 A1,                  true",
        "PatientID,        A?,                 A,                   false",
        "PatientID,        ?*,                 A,                   true",
        "StudyDescription, *head*,             CT head thin,        true",
        "StudyDescription, *Head*,             CT head thin,        false",
        "StudyDescription, 50%,                50%,                 true",
        "StudyDescription, 50%,                500,                 false",
        // No wildcards in UIDs.
        "StudyInstanceUID, 1.2.*,              1.2.3,               false",
        // Names: whatever their case, delimiters at the end, each group.
        "PatientName,      doe^john,           Doe^John,            true",
        "PatientName,      DOE^*,              Doe^John^^Dr,        true",
        "PatientName,      Doe^John^^^,        Doe^John,            true",
        "PatientName,      Doe,                Doe^John,            false",
        "PatientName,      Doe*,               Doe^John,            true",
        "PatientName,      山田*,               Yamada^Tarou=山田^太郎=やまだ^たろう, true",
        "PatientName,      =山田^太郎,           Yamada^Tarou=山田^太郎=やまだ^たろう, true",
        "PatientName,      =田中*,              Yamada^Tarou=山田^太郎=やまだ^たろう, false",
        // Universal.
        "PatientName,      *,                  Doe^John,            true",
        "PatientName,      '',                 Doe^John,            true",
        "PatientName,      *,                  '',                  true",
        "PatientName,      D*,                 '',                  false",
        // Dates and times.
        "StudyDate,        20250131,           20250131,            true",
        "StudyDate,        20250131,           2025.01.31,          true",
        "StudyDate,        20250101-20250131,  20250131,            true",
        "StudyDate,        20250101-20250131,  20250201,            false",
        "StudyDate,        20250101-,          20990101,            true",
        "StudyDate,        -20250101,          20250102,            false",
        "StudyDate,        -20250101,          20250101,            true",
        "StudyDate,        20250101-20250131,  '',                  false",
        "StudyTime,        1010,               101059.999,          true",
        "StudyTime,        101000,             101000.000000,       true",
        "StudyTime,        1000-1100,          110059,              true",
        "StudyTime,        1000-1100,          110100,              false",
        "StudyTime,        100000-,            09:59:59,            false",
        "StudyTime,        100000-,            10:00:00,            true",
        "AcquisitionDateTime, 20250101-20250102, 20250102235959+0100, true",
        "AcquisitionDateTime, 20250101120000+0100-20250101130000+0100, 20250101123000, true",
        "AcquisitionDateTime, 20250101120000-, 20250101115959,      false",
        // Lists, and several values in the data set.
        "StudyInstanceUID, 1.2.3\\1.2.4,       1.2.4,               true",
        "StudyInstanceUID, 1.2.3\\1.2.4,       1.2.5,               false",
        "ModalitiesInStudy, CT,                CT\\SR,              true",
        "ModalitiesInStudy, MR\\SR,            CT\\SR,              true",
        "ModalitiesInStudy, C*,                CT\\SR,              true",
        "ModalitiesInStudy, MR,                CT\\SR,              false",
        // Numbers.
        "SeriesNumber,     3,                  +03,                 true",
        "SeriesNumber,     3,                  30,                  false",
        "SliceThickness,   0.50,               0.5,                 true",
        "SliceThickness,   x,                  0.5,                 false"
    })
    void keysMatch(String keyword, String key, String value, boolean matches) {
        int tag = ElementDictionary.find(keyword).tag();
        VR vr = ElementDictionary.vrOf(tag);
        assertThat(KeyMatching.matches(set(tag, vr, key), set(tag, vr, value))).isEqualTo(matches);
    }

    private static Attributes set(int tag, VR vr, String value) {
        return new Attributes()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setBytes(tag, vr, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void anItemOfASequenceMatchesAsAWhole() {
        Attributes dataset = new Attributes();
        dataset.newItem(Tag.RequestAttributesSequence)
                .setString(Tag.RequestedProcedureID, VR.SH, "RP1")
                .setString(Tag.ScheduledProcedureStepID, VR.SH, "S1");
        dataset.newItem(Tag.RequestAttributesSequence)
                .setString(Tag.RequestedProcedureID, VR.SH, "RP2")
                .setString(Tag.ScheduledProcedureStepID, VR.SH, "S2");
        assertThat(KeyMatching.matches(request("RP2", "S2"), dataset)).isTrue();
        assertThat(KeyMatching.matches(request("RP1", "S2"), dataset)).isFalse();
        assertThat(KeyMatching.matches(request("RP*", ""), dataset)).isTrue();
        assertThat(KeyMatching.matches(request("", ""), new Attributes())).isTrue();
        assertThat(KeyMatching.matches(request("RP1", ""), new Attributes())).isFalse();
    }

    private static Attributes request(String procedure, String step) {
        Attributes keys = new Attributes();
        keys.newItem(Tag.RequestAttributesSequence)
                .setString(Tag.RequestedProcedureID, VR.SH, procedure)
                .setString(Tag.ScheduledProcedureStepID, VR.SH, step);
        return keys;
    }

    @Test
    void whatIsAboutTheQueryItselfIsNoKey() {
        Attributes keys =
                new Attributes()
                        .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100")
                        .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                        .setInt(0x00080000, VR.UL, 12);
        assertThat(KeyMatching.matches(keys, new Attributes())).isTrue();
    }
}
