import sys

import pydicom

dataset = pydicom.dcmread(sys.argv[1])
# Every element, so that nothing is left unread.
dataset.walk(lambda d, element: element.value)
print(dataset.SOPInstanceUID, dataset.file_meta.TransferSyntaxUID)
