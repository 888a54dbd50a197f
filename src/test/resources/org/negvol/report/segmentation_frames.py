"""Says how pydicom reads Segmentations: one line a frame."""
import hashlib
import sys

import pydicom

for path in sys.argv[1:]:
    ds = pydicom.dcmread(path)
    frames = ds.pixel_array.reshape(-1, ds.Rows, ds.Columns)
    shared = ds.SharedFunctionalGroupsSequence[0]
    for frame, groups in zip(frames, ds.PerFrameFunctionalGroupsSequence):
        source = groups.DerivationImageSequence[0].SourceImageSequence[0]
        own = "SegmentIdentificationSequence" in groups
        number = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber if own else 0
        measures = (groups if "PixelMeasuresSequence" in groups else shared).PixelMeasuresSequence[0]
        plane = groups if "PlaneOrientationSequence" in groups else shared
        print(
            "frame",
            path,
            number,
            source.ReferencedSOPInstanceUID,
            hashlib.sha1((frame > 0).astype("uint8").tobytes()).hexdigest(),
            "\\".join(v.original_string for v in groups.PlanePositionSequence[0].ImagePositionPatient),
            "\\".join(
                v.original_string for v in plane.PlaneOrientationSequence[0].ImageOrientationPatient
            ),
            "\\".join(v.original_string for v in measures.PixelSpacing),
            groups.FrameContentSequence[0]["DimensionIndexValues"].repval.strip("[]"),
            int((frame > 0).sum()),
            sep="|",
        )
