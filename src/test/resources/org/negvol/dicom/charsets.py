# Writes one file for each line "terms TAB name" of standard input's UTF-8, encoded by pydicom.
import sys

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
for i, line in enumerate(lines):
    terms, name = line.split("\t")
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    ds.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    ds.is_little_endian = True
    ds.is_implicit_VR = False
    ds.SpecificCharacterSet = terms.split("|")
    ds.PatientName = name
    ds.InstitutionName = name.replace("^", " ").replace("=", " ")
    ds.save_as("%s/%d.dcm" % (sys.argv[2], i), write_like_original=False)
