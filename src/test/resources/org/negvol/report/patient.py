"""Says whose object it is, as pydicom reads it."""
import sys

import pydicom

for path in sys.argv[1:]:
    ds = pydicom.dcmread(path)
    scanner = ds.ContributingEquipmentSequence[0]
    print(
        ds.PatientName, ds.PatientID, ds.ReferringPhysicianName, scanner.InstitutionName, sep="|"
    )
