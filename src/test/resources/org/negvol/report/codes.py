"""Names the codes of DICOM files that pydicom's copy of PS3.16 does not have."""
import sys

import pydicom
from pydicom.sr._concepts_dict import concepts

known = set()
for scheme, keywords in concepts.items():
    for codes in keywords.values():
        for value, (meaning, *_) in codes.items():
            known.add((scheme, value, meaning.lower()))


def walk(dataset):
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                if "CodeValue" in item:
                    yield item.CodingSchemeDesignator, item.CodeValue, item.CodeMeaning
                yield from walk(item)


found = {code for path in sys.argv[1:] for code in walk(pydicom.dcmread(path))}
for scheme, value, meaning in sorted(found):
    if (scheme, value, meaning.lower()) not in known:
        print(scheme, value, meaning, sep="|")
