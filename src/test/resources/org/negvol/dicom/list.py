# Lists every element of DICOM files as pydicom reads it: path of tags, VR, value.
import struct
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
pydicom.config.replace_un_with_known_vr = False
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE


def one(vr, value):
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.hex()
    if vr in ("FD", "FL"):
        return struct.pack("<d", value).hex()
    if vr == "AT":
        return "%08X" % int(value)
    if vr in ("IS", "DS"):
        return getattr(value, "original_string", str(value))
    return str(value)


def walk(ds, path):
    for e in ds:
        here = "%s%08X" % (path, e.tag)
        if e.VR == "SQ":
            print(here, "SQ", len(e.value))
            for i, item in enumerate(e.value):
                walk(item, "%s[%d]." % (here, i))
        else:
            many = isinstance(e.value, (pydicom.multival.MultiValue, list))
            values = e.value if many else [e.value]
            print(here, e.VR, "\\".join(one(e.VR, v) for v in values).replace("\n", "\\n"))


for name in sys.argv[1:]:
    print("file")
    walk(pydicom.dcmread(name, force=True), "")
