package org.negvol.archive;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A patient as the first instance of a study described them. */
@Entity(name = "Patient")
@Table(name = "patient")
public class PatientRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "patient")
    @SequenceGenerator(name = "patient", sequenceName = "patient_seq", allocationSize = 50)
    @Nullable Long id;

    /** Patient ID (0010,0020), empty if there is none. */
    @Column(name = "patient_id")
    String patientId = "";

    /** Issuer of Patient ID (0010,0021), empty if there is none. */
    String issuer = "";

    @Nullable String name;

    @Column(name = "birth_date")
    @Nullable String birthDate;

    @Nullable String sex;
}
